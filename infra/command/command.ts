import type { parseArgs } from 'node:util';
import { GatewayError } from '../../lib/problems.ts';

/** An option of `parseArgs`, with its words in `--help`. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[];
  /** What its value is called: `FILE`. */
  readonly argument?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What the first argument of a command may be. */
export interface Verb {
  /** Names of the arguments that follow it; one that ends in `?` may be left out. */
  readonly args?: readonly string[];
  /** Flags that it needs, as `--help` shows them: `--from TABLE`. */
  readonly needs?: string;
  /** The only flags that it takes, with `--help` and `--output`; by default all of the command. */
  readonly flags?: readonly string[];
  readonly help: string;
}

/** One script of package.json, as a person calls it. */
export interface Command<Options extends Flags> {
  /** How a person calls it: `npm run ledger`. */
  readonly call: string;
  /** What it does, in sentences. */
  readonly summary: string;
  /** By name; a command without verbs takes `args`. */
  readonly verbs?: Readonly<Record<string, Verb>>;
  /** Names of its arguments; one that ends in `?` may be left out, one that ends in `…` may be repeated. */
  readonly args?: readonly string[];
  /** Flags that it needs, as `--help` shows them: `--secret FILE`. */
  readonly needs?: string;
  readonly flags: Options;
  /** When it ends with 1. */
  readonly fails?: string;
  readonly run: (given: Given<Options>) => Promise<void>;
}

/** A command line that was read. */
export interface Given<Options extends Flags> {
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

/** The flag of a command that prints results. */
export const output = {
  type: 'string',
  argument: 'FORMAT',
  choices: ['text', 'json'],
  default: 'text',
  help: 'text, or json: each result as one line of JSON',
} as const satisfies Flag;

/** Thrown when the command line says something that can't be done. */
export class BadCommand extends GatewayError {
  override readonly name = 'BadCommand';
}
