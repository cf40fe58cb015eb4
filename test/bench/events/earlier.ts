import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The last build in which a create took five round trips to the ledger, and an outcome a call of its own. */
export const commit = '6897d4ed7325f75001ea9eb65341a00c5af30673';

const run = promisify(execFile);

/**
 * Builds the queue function of an earlier commit, with today's packages; returns its path. A shallow clone lacks the
 * commit: then nothing is compared, which is printed.
 */
export const buildEarlier = async (): Promise<string | undefined> => {
  const project = fileURLToPath(new URL('../../../', import.meta.url));
  // Below the project, so that its packages are found.
  const folder = `${project}.build/bench/earlier`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const archive = ['archive', `--output=${folder}/source.tar`, commit, 'functions', 'infra', 'lib', 'package.json'];
  try {
    await run('git', archive, { cwd: project });
  } catch {
    console.error(`CPU per event is NOT compared: this clone lacks commit ${commit} (git fetch --unshallow).`);
    return undefined;
  }
  await run('tar', ['-xf', 'source.tar'], { cwd: folder });
  await run(process.execPath, ['infra/bundle/build.ts'], { cwd: folder });
  return `${folder}/.build/queue/index.cjs`;
};
