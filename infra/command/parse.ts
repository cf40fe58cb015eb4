import { parseArgs } from 'node:util';
import { BadCommand, type Command, type CommandLine, type Flag, type Flags } from './command.ts';
import { hint } from './hint.ts';
import { shownArg } from './shown-arg.ts';

/** Reads a command line. @throws BadCommand */
export const parse = <Options extends Flags>(
  command: Pick<Command<Options>, 'call' | 'verbs' | 'args' | 'flags'>,
  argv: readonly string[],
): Omit<CommandLine<Options>, 'print'> => {
  const config = { args: [...argv], allowPositionals: true, options: command.flags } as const;
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true });
  const options = tokens.filter((token) => token.kind === 'option');
  for (const token of options) checkFlag(command, token);
  const { positionals, values } = parseArgs(config);
  const [verb, args] = verbAndArgs(command, positionals);
  const allowed = command.verbs?.[verb]?.flags;
  const unexpected = allowed && options.find(({ name }) => ![...allowed, 'output'].includes(name));
  if (unexpected) throw new BadCommand(`${verb} takes no ${unexpected.rawName}; --help lists the flags`);
  return { verb, args, values };
};

interface Token {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const checkFlag = ({ flags }: Pick<Command<Flags>, 'flags'>, { name, rawName, value, inlineValue }: Token): void => {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) {
    const meant = hint(name, ['help', ...Object.keys(flags)], '--');
    throw new BadCommand(`${rawName} is not a flag${meant || '; --help lists the flags'}`);
  }
  if (flag.type === 'boolean') {
    if (value !== undefined) throw new BadCommand(`${rawName} takes no value, not "${value}"`);
    return;
  }
  if (value === undefined) throw new BadCommand(`${rawName} needs a value: ${rawName} ${flag.argument}`);
  if (/^-./.test(value) && !inlineValue)
    throw new BadCommand(
      `${rawName} needs a value, and ${value} follows it; write ${rawName}=${value} if you mean that`,
    );
  checkChoice(flag, rawName, value);
};

const checkChoice = ({ choices }: Flag, name: string, value: string): void => {
  if (choices === undefined || choices.includes(value)) return;
  throw new BadCommand(`${name} is ${choices.join(' or ')}, not "${value}"${hint(value, choices)}`);
};

const verbAndArgs = (
  { call, verbs, args: names = [] }: Pick<Command<Flags>, 'call' | 'verbs' | 'args'>,
  positionals: readonly string[],
): readonly [verb: string, args: readonly string[]] => {
  if (verbs === undefined) return ['', checkedArgs(call, names, positionals)];
  const [name = '', ...args] = positionals;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb) return [name, checkedArgs(name, verb.args ?? [], args)];
  const known = Object.keys(verbs);
  throw new BadCommand(`the command is ${known.join(' or ')}, not "${name}"${hint(name, known)}`);
};

const checkedArgs = (of: string, names: readonly string[], args: readonly string[]): readonly string[] => {
  const missing = names[args.length];
  if (missing !== undefined && !/[?…]$/.test(missing))
    throw new BadCommand(`${of} needs ${missing}; --help explains it`);
  const stray = args[names.length];
  if (stray !== undefined && !names.at(-1)?.endsWith('…'))
    throw new BadCommand(
      `${of} takes ${names.length === 0 ? 'no argument' : names.map(shownArg).join(' ')}; "${stray}" is not expected`,
    );
  return args;
};
