import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bundleOf, bundleOnce } from '../../infra/bundle/bundle.ts';
import { bundledPackages, own } from './bundled-packages.ts';

const inAll = [
  own,
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/core',
  '@aws-sdk/credential-provider-env',
  '@aws-sdk/dynamodb-codec',
  '@aws-sdk/util-dynamodb',
  '@aws/lambda-invoke-store',
  '@smithy/core',
  '@smithy/node-http-handler',
  '@smithy/types',
  'fastest-levenshtein',
  'zod',
];

const inDoors = [
  '@smithy/signature-v4',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sqs',
  '@aws-sdk/middleware-sdk-sqs',
  'jsonc-parser',
];

const inHttp = ['@middy/core'];

/** The maximum bytes and the packages that a function may load at a cold start. */
const budgets = [
  { name: 'http', bytes: 299_500, packages: [...inAll, ...inDoors, ...inHttp] },
  {
    name: 'queue',
    bytes: 311_000,
    packages: [...inAll, ...inDoors, '@aws-sdk/client-eventbridge', '@aws-sdk/signature-v4-multi-region'],
  },
  { name: 'read', bytes: 239_900, packages: [...inAll, ...inDoors, ...inHttp] },
  { name: 'deploy', bytes: 257_100, packages: [...inAll, ...inDoors, ...inHttp] },
  {
    name: 'deploy-queue',
    bytes: 285_000,
    packages: [...inAll, ...inDoors, '@aws-sdk/client-eventbridge', '@aws-sdk/signature-v4-multi-region'],
  },
  { name: 'environment-lookup', bytes: 238_600, packages: [...inAll, ...inDoors, ...inHttp] },
  { name: 'webhook', bytes: 276_900, packages: [...inAll, ...inDoors, ...inHttp] },
  { name: 'request-status', bytes: 111_000, packages: [...inAll, ...inHttp] },
  { name: 'not-offered', bytes: 5_000, packages: [own] },
  { name: 'open-requests', bytes: 210_500, packages: [...inAll, '@smithy/signature-v4'] },
] as const;

const { metafile } = await bundleOnce();

describe.each(budgets)('the bundle of $name', ({ name, bytes, packages }) => {
  it(`has at most ${bytes} bytes`, async () => {
    expect((await stat(bundleOf(name))).size).toBeLessThanOrEqual(bytes);
  });

  it('has only allowed packages', () => {
    const bundled = Object.entries(metafile.outputs).filter(([path]) => path.endsWith(`/${name}/index.cjs`));
    const packagesIn = bundledPackages({ ...metafile, outputs: Object.fromEntries(bundled) });
    const allowed: readonly string[] = packages;
    expect([...packagesIn.keys()]).toContain(own);
    expect([...packagesIn.keys()].filter((each) => !allowed.includes(each))).toEqual([]);
  });
});
