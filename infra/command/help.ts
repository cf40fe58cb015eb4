import type { Command, Flag, Flags } from './command.ts';
import { shownArg } from './shown-arg.ts';

/** What `--help` prints. */
export const helpOf = ({
  call,
  summary,
  verbs,
  args = [],
  needs,
  flags,
  fails,
}: Omit<Command<Flags>, 'run'>): string => {
  const forms: readonly Form[] = verbs
    ? Object.entries(verbs).map(([verb, own]) => ({ verb, ...own }))
    : [{ args, needs }];
  const usage = forms.map(
    (form) =>
      `${call} -- ${[form.verb, ...(form.args ?? []).map(shownArg), form.needs, '[flags]'].filter(Boolean).join(' ')}`,
  );
  const rows = Object.entries(flags).map(([name, flag]) => [nameColumn(name, flag), helpColumn(flag)] as const);
  return [
    summary,
    '',
    `Usage: ${usage.join(`\n${' '.repeat(7)}`)}`,
    '',
    ...(verbs ? [...table(Object.entries(verbs).map(([verb, own]) => [verb, own.help])), ''] : []),
    ...table([...rows, ['--help', 'print this']]),
    '',
    `Exit codes: 0 done, 1 ${fails ?? 'it failed'}, 2 the command is wrong.`,
  ].join('\n');
};

interface Form {
  readonly verb?: string;
  readonly args?: readonly string[] | undefined;
  readonly needs?: string | undefined;
}

const nameColumn = (name: string, { argument }: Flag): string => (argument ? `--${name} ${argument}` : `--${name}`);

const helpColumn = ({ help, default: byDefault }: Flag): string =>
  typeof byDefault === 'string' && byDefault !== '' ? `${help} (default: ${byDefault})` : help;

/** A longer name gets its own line. */
const widest = 22;

const table = (rows: readonly (readonly [left: string, right: string])[]): readonly string[] => {
  const width = Math.min(widest, Math.max(...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) => {
    const lines = right.split('\n').map((line) => `  ${' '.repeat(width)}  ${line}`);
    const [first = ''] = lines;
    return left.length > width
      ? [`  ${left}`, ...lines]
      : [`  ${left.padEnd(width)}${first.slice(2 + width)}`, ...lines.slice(1)];
  });
};
