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

/** Plain data: a kind and its parameters. */
export type FaultOf<ByName, Name extends keyof ByName = keyof ByName> = {
  [Each in Name]: { readonly kind: Each } & ByName[Each];
}[Name];
