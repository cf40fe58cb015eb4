import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs an operator's tool as `npm run` does, with no settings of this machine but the given ones. */
export const tool = async (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const file = fileURLToPath(new URL(`../../infra/operator/${name}.ts`, import.meta.url));
  const own = { PATH: process.env.PATH, AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, ...env };
  const { stdout, stderr, code } = await run(process.execPath, [file, ...args], { env: own }).then(
    (output) => ({ ...output, code: 0 }),
    (error) => ({ stdout: String(error.stdout), stderr: String(error.stderr), code: Number(error.code) }),
  );
  return { lines: stdout.split('\n').filter(Boolean), stderr, code };
};
