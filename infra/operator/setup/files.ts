import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../../../lib/problems.ts';
import type { Ask } from '../../command/ask.ts';
import type { Answers } from './question.ts';
import { grantsOf, stageOf } from './stage-of.ts';

/** Thrown when a file exists and may not be replaced. */
class FileKept extends GatewayError {
  override readonly name = 'FileKept';
}

/** Paths of the stage and its grants, as a person types them. */
export interface WrittenFiles {
  readonly stage: string;
  readonly grants: string;
}

/** Writes a stage and its grants. An existing file is overwritten only after a confirmation. @throws FileKept */
export const writeStage = async (
  answers: Answers,
  overwrites: boolean,
  ask: Ask | undefined,
): Promise<WrittenFiles> => {
  const stage = answers.file ?? '';
  const settings = stageOf(answers);
  const grants = join(dirname(stage), settings.grants);
  for (const file of [stage, grants]) if (existsSync(file) && !overwrites) await askToOverwrite(file, ask);
  await mkdir(dirname(resolve(stage)), { recursive: true });
  await writeFile(stage, stageText(stage, settings));
  await writeFile(grants, `${JSON.stringify(grantsOf(answers), null, 2)}\n`);
  return { stage, grants };
};

const askToOverwrite = async (file: string, ask: Ask | undefined): Promise<void> => {
  if ((await ask?.(`${file} exists. Overwrite it: yes or no`, 'no')) === 'yes') return;
  throw new FileKept(`${file} exists and was left as it is; --overwrite replaces it, and --file writes another one`);
};

const schema = fileURLToPath(new URL('../../aws/settings/stage.ts', import.meta.url));

/** The stage in TypeScript. */
const stageText = (file: string, settings: object): string => {
  const path = relative(dirname(resolve(file)), schema).replaceAll('\\', '/');
  const literal = JSON.stringify(settings, null, 2).replace(/^( *)"(\w+)":/gm, '$1$2:');
  return `import type { StageSettings } from '${path.startsWith('.') ? path : `./${path}`}';

/** Written by npm run setup, and yours from now on; infra/aws/settings/stage.ts explains each setting. */
export const stage: StageSettings = ${literal};
`;
};
