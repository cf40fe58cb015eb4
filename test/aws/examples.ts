import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { stage as dev } from '../../infra/aws/examples/dev.ts';
import { stage as prod } from '../../infra/aws/examples/prod.ts';
import { type Stage, type StageSettings, stage } from '../../infra/aws/settings/stage.ts';
import { withOwnGrants } from '../../infra/aws/settings/stage-file.ts';

/** The file of an example stage: a stage of the person who runs the tests may have the same name. */
export const exampleFile = (name: string): string =>
  fileURLToPath(new URL(`../../infra/aws/examples/${name}.ts`, import.meta.url));

/** The settings of each example stage, unparsed. */
export const examples: Readonly<Record<string, StageSettings>> = Object.fromEntries(
  Object.entries({ dev, prod }).map(([name, settings]) => [name, withOwnGrants(exampleFile(name), settings)]),
);

export const settingsOf = (name: string): StageSettings => {
  const settings = examples[name];
  if (settings === undefined) throw new Error(`there is no example ${name}`);
  return settings;
};

/** The checked settings of an example stage. */
export const stageOf = (name: string): Stage => z.parse(stage, settingsOf(name));
