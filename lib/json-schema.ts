import * as z from 'zod/mini';

export type Dialect = 'draft-07' | 'draft-2020-12';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a schema takes, as JSON Schema to be put into another; rules that JSON Schema has no words for are left out. */
export const jsonSchemaOf = (schema: z.core.$ZodType, target: Dialect): JsonSchema => {
  // A reference of a cycle would be to the root of another schema.
  const cycles = 'throw';
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target, cycles, io: 'input', unrepresentable: 'any' });
  return rest;
};

/** Says of members of an object's schema what their own schemas don't: a description, a format. */
export const annotated = (
  schema: JsonSchema,
  notes: Readonly<Record<string, Pick<JsonSchema, 'description' | 'format'>>>,
): JsonSchema => {
  const members = Object.entries(schema.properties ?? {});
  return {
    ...schema,
    properties: Object.fromEntries(
      members.map(([name, member]) => [name, typeof member === 'object' ? { ...member, ...notes[name] } : member]),
    ),
  };
};
