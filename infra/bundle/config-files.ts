import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const replacement = fileURLToPath(new URL('./no-config-files.ts', import.meta.url));

/** Replaces `node:fs/promises` by `no-config-files.ts` for the AWS SDK. Our own code gets Node's. */
export const noConfigFiles: Plugin = {
  name: 'no configuration files for the AWS SDK',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^node:fs\/promises$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]@(?:aws-sdk|smithy)[\\/]/.test(importer) ? { path: replacement } : undefined,
    );
  },
};
