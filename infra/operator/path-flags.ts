import { endpoints } from '../../lib/endpoints/index.ts';
import { parameterNames } from '../../lib/endpoints/path.ts';
import type { Flag } from '../command/command.ts';

/** Path parameter -> its flag: `environmentID` -> `environment`, `apiServerID` -> `api-server`. */
export const flagNames: ReadonlyMap<string, string> = new Map(
  endpoints
    .flatMap(({ path }) => parameterNames(path))
    .map((name) => [name, name.replace(/ID$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

/** A flag for each path parameter. */
export const pathFlags = (help: (parameter: string) => string): Readonly<Record<string, Flag>> =>
  Object.fromEntries(
    [...flagNames].map(([name, flag]) => [flag, { type: 'string', argument: 'ID', help: help(name) } as const]),
  );

/** The path parameters that flags give. */
export const parametersIn = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...flagNames].flatMap(([name, flag]) => (typeof values[flag] === 'string' ? [[name, values[flag]]] : [])),
  );
