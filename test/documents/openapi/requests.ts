import fc from 'fast-check';
import { anything, valuesOf } from './arbitrary.ts';
import type { OpenApiDocument, Operation } from './document.ts';
import { mutated } from './mutation.ts';
import { schemaErrors } from './schemas.ts';

/** A request to an operation of the document, and whether the document allows it. */
export interface Sample {
  readonly parameters: Readonly<Record<string, string>>;
  readonly key: string;
  readonly body: unknown;
  readonly isAllowed: boolean;
}

/** Valid and nearly valid requests by the document; the same each time. */
export const samplesOf = (document: OpenApiDocument, operation: Operation, numRuns: number): readonly Sample[] => {
  const errors = schemaErrors(document);
  const { schema = {}, example } = operation.requestBody?.content['application/json'] ?? {};
  const keySchema = document.components.parameters['Idempotency-Key']?.schema ?? {};
  const inPath = operation.parameters.flatMap((each) => ('example' in each ? [each] : []));

  const sample = (body: unknown, key: string, spelt: Change = same): Sample => {
    const parameters = Object.fromEntries(inPath.map(({ name, example: id = '' }) => [name, spelt(id)]));
    const wrong = [
      ...errors(schema, body),
      ...errors(keySchema, key),
      ...inPath.flatMap((each) => errors(each.schema, parameters[each.name])),
    ];
    return { parameters, key, body, isAllowed: wrong.length === 0 };
  };

  const values = valuesOf(document, schema);
  const bodies = fc.oneof(
    { weight: 6, arbitrary: values },
    { weight: 3, arbitrary: mutated(values) },
    { weight: 1, arbitrary: anything },
  );
  return [
    ...keys.map((key, index) => sample(example, key(`key-${index}`))),
    ...spellings.map((spelt, index) => sample(example, `spelling-${index}`, spelt)),
    ...fc.sample(bodies, { seed: 8, numRuns }).map((body, index) => sample(body, `body-${index}`)),
  ];
};

type Change = (text: string) => string;

const same: Change = (text) => text;

const spellings: readonly Change[] = [(id) => id.toUpperCase(), (id) => id.slice(1), (id) => `${id}0`];

const keys: readonly Change[] = [
  same,
  (key) => `"${key}"`,
  (key) => `"my \\"${key}\\""`,
  (key) => `my ${key}`,
  (key) => `"${key}`,
  (key) => `${key}é`,
  (key) => key.padEnd(255, 'x'),
  (key) => key.padEnd(256, 'x'),
  () => '',
];
