/** One way in which PingOne fails, as an entry of a table. */
interface Kind<Parameters, Context, Result> {
  /** For a person, in a few words. */
  readonly summary: string;
  /** Parameters at random; times in milliseconds. */
  readonly draw: (random: () => number) => Parameters;
  /** Carries the fault out. */
  readonly run: (parameters: Parameters, context: Context) => Result;
}

/** A table with an entry for each kind, by name. */
export type Kinds<ByName, Context, Result> = { readonly [Name in keyof ByName]: Kind<ByName[Name], Context, Result> };

/** The names of the kinds in a table. */
export const namesIn = <Table extends object>(kinds: Table): readonly (keyof Table & string)[] =>
  Object.keys(kinds).filter((name): name is keyof Table & string => name in kinds);

/** A fault of a kind, its parameters drawn at random. */
export const draw = <ByName extends Readonly<Record<keyof ByName, object>>, Name extends keyof ByName>(
  kinds: Kinds<ByName, never, unknown>,
  kind: Name,
  random: () => number,
): FaultOf<ByName, Name> => ({ kind, ...kinds[kind].draw(random) });

/** Answers with a fault. */
export const meet = <ByName, Name extends keyof ByName, Context, Result>(
  kinds: Kinds<ByName, Context, Result>,
  fault: FaultOf<ByName, Name>,
  context: Context,
): Result => kinds[fault.kind].run(fault, context);

/** Plain data: a kind and its parameters. */
export type FaultOf<ByName, Name extends keyof ByName = keyof ByName> = {
  [Each in Name]: { readonly kind: Each } & ByName[Each];
}[Name];
