const sentHeaders = {
  'Idempotency-Key': {
    description:
      'Your own name for this request: a retry with the same key never creates a second resource. Bare, or in double quotes (RFC 9651) if it has spaces.',
    schema: { type: 'string', pattern: '^(?:[!#-~]{1,255}|"(?:[ !#-[\\]-~]|\\\\["\\\\]){1,255}")$' },
    example: 'order-4711',
  },
  Prefer: {
    description: 'With `respond-async` the gateway checks the request and answers 202 at once (RFC 7240).',
    schema: { type: 'string' },
    examples: { respondAsync: { value: 'respond-async' } },
  },
  'X-Ping-External-Transaction-ID': {
    description: "PingOne's audit log stores it: 100 characters of letters, digits and `._-/@=#+`; others become `_`.",
    schema: { type: 'string' },
  },
  'X-Ping-External-Session-ID': {
    description: "PingOne's audit log stores it in the same form.",
    schema: { type: 'string' },
  },
  traceparent: {
    description: 'W3C Trace Context: its trace id is used if X-Ping-External-Transaction-ID is absent.',
    schema: { type: 'string' },
  },
} as const;

/** Request headers, by their names. */
export const requestHeaders = Object.fromEntries(
  Object.entries(sentHeaders).map(([name, header]) => [name, { name, in: 'header', ...header }]),
);

/** Response headers. */
export const responseHeaders = {
  'Cache-Control': { description: 'Caches must not store the answer.', schema: { const: 'no-store' } },
  'Correlation-Id': { description: "PingOne's id of the exchange, for PingOne support.", schema: { type: 'string' } },
  ETag: {
    description: "A hash of PingOne's body; of this answer for a list.",
    required: true,
    schema: { type: 'string', pattern: '^"[0-9a-f]{64}"$' },
  },
  Location: {
    description: 'The URL of the state of the request.',
    required: true,
    schema: { type: 'string', pattern: '^(?:/[a-z][a-z\\d-]*)?/v1/requests/[0-9a-f]{64}$' },
  },
  'Preference-Applied': {
    description: 'The preference that was applied.',
    required: true,
    schema: { const: 'respond-async' },
  },
  'Provisioner-Outcome': {
    description:
      'created: by this attempt. adopted: found after an earlier attempt whose answer was lost. replayed: an earlier attempt with this key had created it.',
    required: true,
    schema: { type: 'string', enum: ['created', 'adopted', 'replayed'] },
  },
  'Provisioner-Request': {
    description: 'The id of the request, for `GET /requests/{id}`.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  'Provisioner-Warning': {
    description: "The read-only members of PingOne's that were left out of your body.",
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds until a retry with the same key.',
    schema: { type: 'integer', minimum: 0 },
  },
  'WWW-Authenticate': { description: 'The reason why the token was rejected.', schema: { type: 'string' } },
} as const;

const ofProblem = 'Provisioner-Request-Of-Problem';

/** All response headers; `Provisioner-Request` also in its optional form for problems. */
export const headerComponents = {
  ...responseHeaders,
  [ofProblem]: { ...responseHeaders['Provisioner-Request'], required: false },
};

/** References to the headers of problems. */
export const problemHeaderReferences = (...names: readonly string[]) => {
  const references = headerReferences(...names);
  return 'Provisioner-Request' in references
    ? { ...references, 'Provisioner-Request': { $ref: `#/components/headers/${ofProblem}` } }
    : references;
};

/** References to headers of answers, by their names in any case. */
export const headerReferences = (...names: readonly string[]): Readonly<Record<string, { readonly $ref: string }>> =>
  Object.fromEntries(
    names.map((name) => {
      const known = Object.keys(responseHeaders).find((header) => header.toLowerCase() === name.toLowerCase());
      if (known === undefined) throw new Error(`the header ${name} is not described`);
      return [known, { $ref: `#/components/headers/${known}` }];
    }),
  );
