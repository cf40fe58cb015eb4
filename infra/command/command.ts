import type { parseArgs } from 'node:util';
import { GatewayError } from '../../lib/problems.ts';

/** An option of `parseArgs`, with its words in `--help`. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[];
  /** The name of its value in `--help`: `FILE`. */
  readonly argument?: string;
  /** The values that it allows. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** A possible first argument of a command. */
export interface Verb {
  /** Names of the arguments that follow it; one that ends in `?` may be left out. */
  readonly args?: readonly string[];
  /** Flags that it needs, as `--help` shows them: `--from TABLE`. */
  readonly needs?: string;
  /** The flags that it allows, in addition to `--help` and `--output`; by default all of the command. */
  readonly flags?: readonly string[];
  readonly help: string;
}

/** One script of package.json. */
export interface Command<Options extends Flags> {
  /** How a person calls it: `npm run ledger`. */
  readonly call: string;
  /** A description, in sentences. */
  readonly summary: string;
  /** By name; a command without verbs takes `args`. */
  readonly verbs?: Readonly<Record<string, Verb>>;
  /** Names of its arguments; one that ends in `?` may be left out, one that ends in `…` may be repeated. */
  readonly args?: readonly string[];
  /** Flags that it needs, as `--help` shows them: `--secret FILE`. */
  readonly needs?: string;
  readonly flags: Options;
  /** When its exit code is 1, as `--help` shows it. */
  readonly fails?: string;
  readonly run: (line: CommandLine<Options>) => Promise<void>;
}

/** A parsed command line. */
export interface CommandLine<Options extends Flags> {
  /** One of the command's verbs; empty where it has none. */
  readonly verb: string;
  readonly args: readonly string[];
  readonly values: Values<Options>;
  /** Prints one result: as a line of JSON with `--output json`, else as text. */
  readonly print: (value: unknown, text: string) => void;
}

export type Values<Options extends Flags> = ReturnType<typeof parseArgs<ParseConfig<Options>>>['values'];

export interface ParseConfig<Options extends Flags> {
  readonly args: string[];
  readonly allowPositionals: true;
  readonly options: Options;
}

/** A command; infers the types of its flags. */
export const defineCommand = <const Options extends Flags>(command: Command<Options>): Command<Options> => command;

interface ValueFlag {
  readonly type: 'string';
  readonly argument: string;
  readonly help: string;
}

/** A flag with a value, which `argument` names in `--help`. */
export const option = <const More extends Omit<Flag, 'type' | 'argument' | 'help'> = object>(
  argument: string,
  help: string,
  more?: More,
): ValueFlag & NoInfer<More> => Object.assign({ type: 'string', argument, help } as const, more);

/** The flag of a command that prints results. */
export const output = option('FORMAT', 'text, or json: each result as one line of JSON', {
  choices: ['text', 'json'],
  default: 'text',
});

/** Thrown for an invalid command line. */
export class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}
