import * as z from 'zod/mini';

const schema = z.object({
  $ref: z.optional(z.string()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  description: z.optional(z.string()),
  enum: z.optional(z.array(z.unknown())),
  pattern: z.optional(z.string()),
  format: z.optional(z.string()),
  minLength: z.optional(z.number()),
  maxLength: z.optional(z.number()),
  minItems: z.optional(z.number()),
  maxItems: z.optional(z.number()),
  required: z.optional(z.array(z.string())),
  get properties() {
    return z.optional(z.record(z.string(), schema));
  },
  get items() {
    return z.optional(schema);
  },
  get anyOf() {
    return z.optional(z.array(schema));
  },
});

/** What the reference page shows of a JSON Schema. */
export type Schema = z.output<typeof schema>;

const example = z.object({ value: z.unknown() });

const content = z.object({
  schema,
  example: z.optional(z.unknown()),
  examples: z._default(z.record(z.string(), example), {}),
});

const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.optional(z.boolean()),
  description: z._default(z.string(), ''),
  example: z.optional(z.string()),
});

const referenced = z.object({ $ref: z.string() });

const operation = z.object({
  tags: z.array(z.string()),
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(z.union([referenced, parameter])),
  requestBody: z.optional(z.object({ content: z.record(z.string(), content) })),
  responses: z.record(z.string(), z.object({ description: z.string(), content: z.record(z.string(), content) })),
});

/** What the reference page shows of an OpenAPI document. */
export const openApiDocument = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    parameters: z.record(z.string(), parameter),
    schemas: z.record(z.string(), schema),
  }),
});

export type OpenApiDocument = z.output<typeof openApiDocument>;
export type Operation = z.output<typeof operation>;
export type Parameter = z.output<typeof parameter>;
export type Content = z.output<typeof content>;

type Components = OpenApiDocument['components'];

/** A parameter, by its reference or as it is. */
export const parameterOf = (value: Operation['parameters'][number], { parameters }: Components): Parameter =>
  '$ref' in value ? named(value.$ref, parameters) : value;

/** A schema, by its reference or as it is. */
export const schemaOf = (value: Schema, { schemas }: Components): Schema =>
  value.$ref === undefined ? value : named(value.$ref, schemas);

const named = <Component>(reference: string, components: Readonly<Record<string, Component>>): Component => {
  const found = components[reference.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`the document has no ${reference}`);
  return found;
};
