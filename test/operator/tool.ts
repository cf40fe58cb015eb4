import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Env = Readonly<Record<string, string>>;

/** What a tool printed, and its exit code. */
export interface Printed {
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly code: number;
}

/** Runs an operator's tool as `npm run` does, with no settings of this machine but the given ones. */
export const tool = async (name: string, args: readonly string[], env: Env = {}): Promise<Printed> => {
  const own = { PATH: process.env.PATH, ...noAwsFiles, ...env };
  const { stdout, stderr, code } = await run(process.execPath, [scriptOf(name), ...args], { env: own }).then(
    (output) => ({ ...output, code: 0 }),
    (error) => ({ stdout: String(error.stdout), stderr: String(error.stderr), code: Number(error.code) }),
  );
  return { lines: linesOf(stdout), stderr, code };
};

export const scriptOf = (name: string): string =>
  fileURLToPath(new URL(`../../infra/operator/${name}.ts`, import.meta.url));

export const linesOf = (stdout: string): readonly string[] => stdout.split('\n').filter(Boolean);

/** Keeps the AWS SDK from reading the settings in the home directory. */
export const noAwsFiles: Env = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
