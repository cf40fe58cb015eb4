import * as z from 'zod/mini';

const reference = () => z.strictObject({ id: z.string().check(z.minLength(1)) });

/** The users of an operation. Kinds may be combined: the Terraform acceptance tests send three at once. */
export const accessControl = () =>
  z.strictObject({
    group: z.nullish(z.strictObject({ groups: z.array(reference()).check(z.minLength(1), z.maxLength(25)) })),
    // The request model calls the id an optional Object, the API Operations data model a required String.
    permission: z.nullish(z.strictObject({ id: z.nullish(z.union([z.string(), z.record(z.string(), z.unknown())])) })),
    // No source limits the scopes. Our own limit is far above any use: zod fails on an array with 100,000 violations.
    scope: z.nullish(
      z.strictObject({
        matchType: z.nullish(z.enum(['ANY', 'ALL'])),
        scopes: z.array(reference()).check(z.maxLength(10_000)),
      }),
    ),
    // In the request model; the API Operations data model and the authorize OpenAPI have it only for an API service.
    custom: z.nullish(z.strictObject({ enabled: z.nullish(z.boolean()) })),
    // Only in the API Operations data model.
    authentication: z.nullish(
      z
        .strictObject({
          acrs: z.nullish(
            z
              .array(z.strictObject({ id: z.string().check(z.minLength(1)), type: z.enum(['PINGONE', 'DAVINCI']) }))
              .check(z.minLength(1), z.maxLength(1)),
          ),
          maxAge: z.nullish(z.int().check(z.positive())),
        })
        .check(
          z.refine(({ acrs, maxAge }) => (acrs ?? maxAge ?? null) !== null, {
            error: 'must have acrs, maxAge or both',
            params: { code: 'REQUIRED_VALUE' },
            // Also runs if a member has another violation: all are reported at once.
            when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
          }),
          z.meta({
            anyOf: [
              { properties: { acrs: { type: 'array' } }, required: ['acrs'] },
              { properties: { maxAge: { type: 'integer' } }, required: ['maxAge'] },
            ],
          }),
        ),
    ),
  });
