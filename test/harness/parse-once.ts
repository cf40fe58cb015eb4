import { createRequire } from 'node:module';

/** Dynalite's input for its parser, which the parser also writes to. */
interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Readonly<Record<string, object>>;
  readonly unusedAttrNames?: Record<string, boolean>;
  readonly unusedAttrVals?: Record<string, boolean>;
}

interface Parser {
  parse: (expression: string, options: { readonly context: Context }) => unknown;
}

interface Parsed {
  readonly tree: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** A placeholder in a tree for a value of the expression. */
class Hole {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Has dynalite's parser read an expression once for all values of the same types: the ledger has a dozen expressions, and
 * parsing them was a fifth of what its calls cost.
 */
const parseOnce = (parser: Parser): void => {
  const { parse } = parser;
  const known = new Map<string, Parsed>();
  parser.parse = (expression, options) => {
    const { attrNames, attrVals = {}, unusedAttrNames = {}, unusedAttrVals = {} } = options.context;
    // Whether these are valid depends on the value itself.
    if (/BETWEEN|attribute_type/i.test(expression)) return parse(expression, options);
    const types = Object.entries(attrVals).map(([name, value]) => [name, ...Object.keys(value)]);
    const key = JSON.stringify([expression, attrNames, types, Object.keys(options.context)]);
    let parsed = known.get(key);
    if (parsed === undefined) {
      const before = [Object.keys(unusedAttrNames), Object.keys(unusedAttrVals)] as const;
      const tree = parse(expression, options);
      // An error may quote a value.
      if (typeof tree !== 'object') return tree;
      const holes = new Map(Object.entries(attrVals).map(([name, value]) => [value, new Hole(name)]));
      parsed = {
        tree: copied(tree, (part) => holes.get(part)),
        names: before[0].filter((name) => !(name in unusedAttrNames)),
        values: before[1].filter((name) => !(name in unusedAttrVals)),
      };
      known.set(key, parsed);
      return tree;
    }
    for (const name of parsed.names) delete unusedAttrNames[name];
    for (const name of parsed.values) delete unusedAttrVals[name];
    return copied(parsed.tree, (part) => (part instanceof Hole ? attrVals[part.name] : undefined));
  };
};

/** A copy, since dynalite writes into a tree, in which some parts are others. */
const copied = (part: unknown, other: (part: object) => object | undefined): unknown => {
  if (typeof part !== 'object' || part === null) return part;
  const replaced = other(part);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(part)) return part.map((each) => copied(each, other));
  return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, copied(each, other)]));
};

const require = createRequire(import.meta.url);
for (const name of ['conditionParser', 'updateParser']) parseOnce(require(`dynalite/db/${name}`));
