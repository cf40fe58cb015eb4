import * as z from 'zod/mini';
import type { OpenApiDocument, Operation } from './document.ts';

const keywords = z.object({
  $ref: z.optional(z.string()),
  anyOf: z._default(z.array(z.unknown()), []),
  properties: z._default(z.record(z.string(), z.unknown()), {}),
  items: z.optional(z.unknown()),
  description: z.optional(z.string()),
});

/** The document's description of the member at a JSON Pointer into an operation's body. */
export const wordsAt = (
  { components }: OpenApiDocument,
  { requestBody }: Operation,
  pointer: string,
): string | undefined => {
  const wordsIn = (schema: unknown, steps: readonly string[]): string | undefined => {
    if (schema === undefined) return undefined;
    const { $ref, anyOf, properties, items, description } = keywords.parse(schema);
    if ($ref) return wordsIn(components.schemas[$ref.split('/').at(-1) ?? ''], steps);
    const [step, ...rest] = steps;
    if (step === undefined) return description;
    const words = wordsIn(properties[step] ?? items, rest);
    return anyOf.reduce<string | undefined>((found, some) => found ?? wordsIn(some, steps), words);
  };
  return wordsIn(requestBody?.content['application/json']?.schema, pointer.split('/').slice(1));
};
