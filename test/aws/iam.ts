import { flat, type Resource, type Synthesised } from './synthesise.ts';

/** A request to AWS as policies see it. A key that is absent in the context is absent for AWS, too. */
export interface Request {
  /** The calling AWS service; without one the caller is each of the policy's principals. */
  readonly service?: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export const statementsOf = (document: Resource['properties'], of: Synthesised): Statement[] =>
  document.Statement.map(({ Effect, Action, Resource, Principal = {}, Condition = {} }: Resource['properties']) => ({
    effect: Effect,
    actions: [Action].flat(),
    resources: [Resource].flat().map((resource) => flat(resource, of)),
    principals: Object.values(Principal)
      .flat()
      .map((principal) => flat(principal, of)),
    condition: Object.fromEntries(
      Object.entries(Condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(
          Object.entries(Object(keys)).map(([key, values]) => [key, [values].flat().map((each) => flat(each, of))]),
        ),
      ]),
    ),
  }));

/** The statements of one role's policies. */
export const policiesOf = (roleID: string, of: Synthesised): Statement[] =>
  of.service
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }: { Ref: string }) => Ref === roleID))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument, of));

/** Whether policies of one kind allow a request: a statement allows it and none denies it. */
export const allows = (statements: readonly Statement[], request: Request): boolean =>
  statements.some((statement) => statement.effect === 'Allow' && applies(statement, request)) &&
  !denies(statements, request);

export const denies = (statements: readonly Statement[], request: Request): boolean =>
  statements.some((statement) => statement.effect === 'Deny' && applies(statement, request));

const applies = (
  { principals, actions, resources, condition }: Statement,
  { service, action, resource, context = {} }: Request,
): boolean =>
  (service === undefined || principals.some((principal) => principal === '*' || principal === service)) &&
  actions.some((pattern) => like(pattern, action)) &&
  resources.some((pattern) => like(pattern, resource)) &&
  Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, values, context[key])),
  );

const holds = (
  operator: string,
  expected: readonly string[],
  actual: string | readonly string[] | undefined,
): boolean => {
  const found = actual === undefined ? [] : [actual].flat();
  const [set, name = ''] = operator.includes(':') ? operator.split(':') : [undefined, operator];
  if (name === 'Null') return (actual === undefined) === (expected[0] === 'true');
  const negated = name.includes('Not');
  const matches = (value: string) =>
    expected.some((pattern) =>
      name.startsWith('String') && !name.includes('Like') ? pattern === value : like(pattern, value),
    );
  const test = (value: string) => matches(value) !== negated;
  if (set === 'ForAllValues') return found.every(test);
  if (set === 'ForAnyValue') return found.some(test);
  // A negated operator is true if its key is absent.
  return found.length === 0 ? negated : found.every(test);
};

const like = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(value);
