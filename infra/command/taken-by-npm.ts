import type { Command, Flags } from './command.ts';

/** Settings that npm has, too, and that a configuration file may set. */
const ofNpm = ['yes', 'scope', 'long', 'json', 'only', 'key'];

/** Without `--` npm takes flags for its own settings, and the command never sees them. */
export const takenByNpm = (
  { call, flags }: Pick<Command<Flags>, 'call' | 'flags'>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  Object.entries(flags).flatMap(([name, { argument }]) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    const isGiven = args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (value === undefined || isGiven || ofNpm.includes(name)) return [];
    return [
      `npm took --${name} for itself: write ${call} -- --${name}${argument ? ` ${value === 'true' ? argument : value}` : ''}.`,
    ];
  });
