import { denied } from '../../../lib/grants/denied.ts';
import { unknownDeployment } from '../../../lib/pingone/deployment.ts';
import { Problem, type ProblemCode, type ProblemFacts } from '../../../lib/problems.ts';
import { environmentNew } from '../../../lib/provision/new-environment.ts';

const idempotencyKey = 'order-4711';
const correlationID = 'd3b1c6f0-3f8e-4a52-9f0b-6f0c1f6b2a11';
const requestID = '9a38c7b9d2d8c1a42d6f4c0e5a8b4f139a38c7b9d2d8c1a42d6f4c0e5a8b4f13';
const keyed = { idempotencyKey, requestID };
const sent = { ...keyed, correlationID };

const refused = (status: number, upstream: ProblemFacts['upstream'], violations?: ProblemFacts['violations']) =>
  new Problem('PINGONE_REFUSED', `PingOne refused the request; nothing was created (status ${status}).`, {
    status,
    upstream,
    violations,
    correlationID,
    requestID,
  });

type Example = Problem | readonly [message: string, facts?: ProblemFacts];

const missingName = {
  code: 'REQUIRED_VALUE',
  message: 'name is required and must be a string',
  target: 'name',
  pointer: '/name',
};

const examples: Readonly<Record<ProblemCode, readonly Example[]>> = {
  INVALID_DATA: [['The request has invalid values.', { violations: [missingName] }]],
  INVALID_REQUEST: [
    ['The request needs a JSON object as its body.'],
    ['The body has 1048577 bytes; the maximum is 1048576.', { status: 413 }],
    ['Content-Type must be application/json, not "text/plain".', { status: 415 }],
  ],
  ACCESS_FAILED: [
    denied({ dimension: 'environment', denial: 'the caller has no grant for this endpoint in this environment' }),
  ],
  NOT_FOUND: [['You have no request "4711"; check the id.']],
  REQUEST_IN_PROGRESS: [['This request is in progress.', { retryAfterMs: 12_000, ...keyed }]],
  NAME_EXHAUSTED: [['1000 resources were created with this name, the limit; use another name.', { requestID }]],
  RESOURCE_GONE: [['The resource e8b26b2703ce9167 was created and later deleted; use a new key.', { requestID }]],
  KEY_REUSED: [['The Idempotency-Key was used with another body; use a new key.', { requestID }]],
  REQUEST_LIMITED: [
    ['PingOne limits the request rate; nothing was created (status 429).', { retryAfterMs: 40_000, ...sent }],
  ],
  NAME_BUSY: [['A request for the same name is in progress.', { retryAfterMs: 12_000, ...keyed }]],
  UNEXPECTED_ERROR: [['The gateway failed; ask its operator to read the log.', { requestID }]],
  PINGONE_ACCESS_FAILED: [["PingOne rejected the gateway's access token; nothing was created (status 401).", sent]],
  LIST_INCOMPLETE: [["PingOne's list could not be read whole; retry later.", { retryAfterMs: 5_000 }]],
  ENVIRONMENT_NEW: [[environmentNew(refused(403, undefined), 0).message, { retryAfterMs: 10_000, ...sent }]],
  PINGONE_UNREACHABLE: [['PingOne could not be reached; this attempt sent nothing.', keyed]],
  DEPLOYMENT_UNKNOWN: [unknownDeployment("PingOne's answer was lost")],
  PINGONE_REFUSED: [
    refused(
      400,
      {
        id: '6c796712-0f16-4062-815a-e0a92f4a2143',
        code: 'INVALID_DATA',
        message: 'The request could not be completed. One or more validation errors were in the request.',
      },
      [{ code: 'UNIQUENESS_VIOLATION', message: 'The name is taken.', target: 'name' }],
    ),
    refused(404, {
      id: '2d6f4c0e-5a8b-4f13-9a38-c7b9d2d8c1a4',
      code: 'NOT_FOUND',
      message: 'The request could not be completed. The requested resource was not found.',
    }),
  ],
  LEDGER_UNAVAILABLE: [['The request could not be recorded; this attempt sent nothing.', { idempotencyKey }]],
  QUEUE_UNAVAILABLE: [['The request could not be queued; this attempt sent nothing.', { idempotencyKey }]],
  OUTCOME_UNKNOWN: [
    [
      'PingOne may still be creating the resource; retry with the same key to find out.',
      { retryAfterMs: 60_000, ...sent },
    ],
    ['PingOne may still be creating the resource; retry to find out.', { status: 503, retryAfterMs: 60_000, ...sent }],
  ],
};

/** Example problems with a code: one for each status of the gateway, and PingOne's usual refusals. */
export const problemExamples = (code: ProblemCode): readonly Problem[] =>
  examples[code].map((example) => (example instanceof Problem ? example : new Problem(code, ...example)));
