import type { Command, Flags } from './command.ts';

/** Names that are npm settings, too: a configuration file may have set them. */
const npmSettings = ['yes', 'scope', 'long', 'json', 'only', 'key'];

/** Warns of flags before `--`: npm reads them as its own settings and does not pass them on. */
export const flagsReadByNpm = (
  { call, flags }: Pick<Command<Flags>, 'call' | 'flags'>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  Object.entries(flags).flatMap(([name, { argument }]) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    const isGiven = args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (value === undefined || isGiven || npmSettings.includes(name)) return [];
    return [
      `npm read --${name} as its own setting: write ${call} -- --${name}${argument ? ` ${value === 'true' ? argument : value}` : ''}.`,
    ];
  });
