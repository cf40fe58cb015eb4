import * as z from 'zod/mini';

const text = z.string();
const schema = z.record(text, z.unknown());
const reference = z.object({ $ref: text });
const content = z.record(text, z.object({ schema, example: z.optional(z.unknown()) }));
const operation = z.object({
  operationId: text,
  parameters: z.array(z.union([reference, z.object({ name: text, schema, example: z.optional(text) })])),
  requestBody: z.optional(z.object({ content })),
  responses: z.record(text, z.object({ headers: z._default(z.record(text, reference), {}), content })),
});

/** The parts of an OpenAPI document that the tests read. */
export const openApiDocument = z.object({
  servers: z.array(z.object({ url: text })),
  paths: z.record(text, z.partialRecord(z.enum(['get', 'post']), operation)),
  components: z.object({
    headers: z.record(text, z.object({ required: z.optional(z.boolean()), schema })),
    parameters: z.record(text, z.object({ name: text, schema })),
    schemas: z.record(text, schema),
  }),
});

export type OpenApiDocument = z.output<typeof openApiDocument>;
export type Operation = z.output<typeof operation>;
export type Schema = z.output<typeof schema>;

export const operationsOf = ({ paths }: OpenApiDocument): readonly Operation[] =>
  Object.values(paths).flatMap((methods) => Object.values(methods));
