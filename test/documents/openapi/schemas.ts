import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { OpenApiDocument, Schema } from './document.ts';

type Errors = (schema: Schema, value: unknown) => readonly string[];

/** The violations of values by a document's schemas; an object whose schema isn't open has no other members. */
export const schemaErrors = (document: OpenApiDocument): Errors => {
  const errors = known.get(document) ?? errorsBy(document);
  known.set(document, errors);
  return errors;
};

const known = new WeakMap<OpenApiDocument, Errors>();

const errorsBy = ({ components }: OpenApiDocument): Errors => {
  const ajv = formats.default(new Ajv2020({ allErrors: true, strict: false }));
  for (const [name, schema] of Object.entries(components.schemas)) ajv.addSchema(Object(closed(schema)), base + name);
  const compiled = new Map<Schema, ReturnType<typeof ajv.compile>>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(Object(closed(schema)));
    compiled.set(schema, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
};

const base = 'https://document.invalid/';

/** With references that Ajv resolves, and without undocumented members. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  if (typeof inner.$ref === 'string') return { $ref: inner.$ref.replace('#/components/schemas/', base) };
  const isShut = inner.type === 'object' && 'properties' in inner && !('additionalProperties' in inner);
  return isShut ? { ...inner, unevaluatedProperties: false } : inner;
};
