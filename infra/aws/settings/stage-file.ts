import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import { GatewayError } from '../../../lib/problems.ts';
import { isMembers } from '../../../lib/validation/members.ts';
import { likelyMeant } from '../../../lib/validation/violations.ts';
import { type Stage, stage } from './stage.ts';
import { auth } from './stage-auth.ts';
import { sender } from './stage-senders.ts';
import { settingViolations } from './stage-violations.ts';
import { webhooks } from './stage-webhooks.ts';
import type { StageDoors } from './unmatched-grants.ts';

/** Where a stage that is given by its name is looked for: your own, which Git ignores, then the examples. */
const folders = ['stages', 'infra/aws/examples'];

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A file that exports a `stage`. */
export interface StageFile {
  /** The file's name without its extension: part of the names of stacks, queues and roles. */
  readonly name: string;
  readonly file: string;
}

/** Thrown when a stage does not exist or its settings are invalid. */
export class StageUnusable extends GatewayError {
  override readonly name = 'StageUnusable';
}

/** Finds the file of a stage, given by its path or its name. @throws StageUnusable */
export const findStage = (given: string): StageFile => {
  const isPath = /[./\\]/.test(given);
  const candidates = isPath ? [resolve(given)] : folders.map((folder) => resolve(root, folder, `${given}.ts`));
  const file = candidates.find(existsSync);
  if (file === undefined) throw new StageUnusable(isPath ? `There is no file ${given}.` : unknownName(given));
  const name = basename(file, '.ts');
  if (/^[a-z][a-z\d-]*$/.test(name) && file.endsWith('.ts')) return { name, file };
  throw new StageUnusable(
    `${given} names the stage ${JSON.stringify(name)}, which stacks can't be named after: rename the file to lower-case letters, digits and hyphens, such as stages/dev.ts.`,
  );
};

const unknownName = (given: string): string => {
  const known = folders.flatMap((folder) => namesIn(resolve(root, folder)));
  const meant = likelyMeant(given, known);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return `There is no stage ${JSON.stringify(given)}, neither in stages/ nor in infra/aws/examples/.${hint} Known are ${[...new Set(known)].join(', ')}; npm run setup writes a new one, and -c stage=FILE.ts takes any file.`;
};

const namesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [basename(file, '.ts')] : []))
    : [];

/** The settings of a stage, as its file exports them. @throws StageUnusable */
export const settingsIn = async ({ file }: StageFile): Promise<Readonly<Record<string, unknown>>> => {
  const path = relative(process.cwd(), file);
  const exported: unknown = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new StageUnusable(`${path} can't be loaded: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  const settings = isMembers(exported) ? exported.stage : undefined;
  if (isMembers(settings)) return withOwnGrants(file, settings);
  throw new StageUnusable(
    `${path} does not export its settings: write "export const stage: StageSettings = { … }", as in infra/aws/examples/dev.ts.`,
  );
};

/** The same settings, with the path of the grants seen from the stage's file. */
export const withOwnGrants = <Settings extends Readonly<Record<string, unknown>>>(
  file: string,
  settings: Settings,
): Settings =>
  typeof settings.grants === 'string' ? { ...settings, grants: resolve(dirname(file), settings.grants) } : settings;

/** Who can call a stage, whatever its grants are. @throws StageUnusable */
export const doorsOf = async (given: string): Promise<StageDoors> => {
  const { success, data, error } = doors.safeParse(await settingsIn(findStage(given)), { reportInput: true });
  if (success) return data;
  throw new StageUnusable(settingViolations(error.issues, doors).join('\n'));
};

const doors = z.object({ auth, senders: z.array(sender), webhooks: z._default(webhooks, {}) });

/** The checked settings of a stage, with their defaults. @throws StageUnusable */
export const readStage = async (given: StageFile): Promise<Stage> => {
  const settings = await settingsIn(given);
  const checked = stage.safeParse(settings, { reportInput: true });
  if (checked.success) return checked.data;
  const lines = settingViolations(checked.error.issues, stage);
  throw new StageUnusable(
    [
      `${relative(process.cwd(), given.file)} has ${lines.length} invalid ${lines.length === 1 ? 'setting' : 'settings'} (infra/aws/settings/stage.ts explains each):`,
      ...lines.map((line) => `  ${line}`),
    ].join('\n'),
  );
};
