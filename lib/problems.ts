/** Every way a request can end without a resource: HTTP status (RFC 9110) and fixed title. */
export const problems = {
  INVALID_DATA: { status: 400, title: 'The request has invalid values' },
  INVALID_REQUEST: { status: 400, title: 'The request cannot be read' },
  ACCESS_FAILED: { status: 403, title: 'No grant allows the request' },
  NOT_FOUND: { status: 404, title: 'No request has this id' },
  REQUEST_IN_PROGRESS: { status: 409, title: 'The request, or one for the same name, is in progress' },
  NAME_EXHAUSTED: { status: 409, title: 'Too many resources were created with this name' },
  RESOURCE_GONE: { status: 410, title: 'The resource was created and later deleted' },
  KEY_REUSED: { status: 422, title: 'The Idempotency-Key was used with another body' },
  REQUEST_LIMITED: { status: 429, title: 'PingOne limits the request rate' },
  NAME_BUSY: { status: 429, title: 'The same request, or one for the same name, is in progress' },
  UNEXPECTED_ERROR: { status: 500, title: 'The gateway failed' },
  PINGONE_ACCESS_FAILED: { status: 502, title: "The gateway's PingOne credentials do not work" },
  LIST_INCOMPLETE: { status: 502, title: "PingOne's list could not be read whole" },
  ENVIRONMENT_NEW: { status: 503, title: 'PingOne does not take creates in the new environment yet' },
  PINGONE_UNREACHABLE: { status: 503, title: 'PingOne could not be reached' },
  PINGONE_REFUSED: { status: 502, title: 'PingOne refused the request' },
  QUEUE_UNAVAILABLE: { status: 503, title: 'The gateway could not queue the request' },
  LEDGER_UNAVAILABLE: { status: 503, title: 'The gateway could not record the request' },
  DEPLOYMENT_UNKNOWN: { status: 503, title: 'PingOne may or may not have deployed' },
  OUTCOME_UNKNOWN: { status: 504, title: 'PingOne may or may not have created the resource' },
} as const;

export type ProblemCode = keyof typeof problems;

export const isProblemCode = (code: string): code is ProblemCode => code in problems;

/** A validation error, with the members of a PingOne error's `details`. */
export interface Violation {
  readonly code: string;
  readonly message: string;
  /** The invalid member in readable form: `paths[0].pattern`. */
  readonly target?: string | undefined;
  /** JSON Pointer (RFC 6901) into the body; absent for members outside the body. */
  readonly pointer?: string | undefined;
  readonly innerError?: Readonly<Record<string, unknown>> | undefined;
}

/** Limits the answer: a body of 1 MB can have a hundred thousand violations. */
export const maximumViolations = 100;

export interface ProblemFacts {
  /** Overrides the code's default status (RFC 9110). */
  readonly status?: number | undefined;
  readonly violations?: readonly Violation[] | undefined;
  /** Wait before a retry, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** PingOne's error, for the HTTP caller only: never in a log, an event or the ledger. */
  readonly upstream?: { readonly id?: string | undefined; readonly code: string; readonly message: string } | undefined;
  /** The `Idempotency-Key` to retry this request with. */
  readonly idempotencyKey?: string | undefined;
  /** The request's key in the ledger, if it is recorded. */
  readonly requestID?: string | undefined;
  /** The id of the resource that the request created before it failed. */
  readonly resource?: string | undefined;
  /** PingOne's `Correlation-Id`. */
  readonly correlationID?: string | undefined;
  readonly cause?: unknown;
}

/** An error of the gateway. Its message may be logged: it contains no part of a body, a secret or a PingOne answer. */
export abstract class GatewayError extends Error {
  /** A literal in each class: the bundle shortens class names. */
  abstract override readonly name: string;
}

/** The reason why a request has no resource. */
export class Problem extends GatewayError {
  override readonly name: ProblemCode;
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, message: string, facts: ProblemFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = code;
    this.code = code;
    this.facts = facts;
  }

  get status(): number {
    return this.facts.status ?? problems[this.code].status;
  }

  /** Whether a retry of the same request may succeed. */
  get isRetryable(): boolean {
    return this.status >= 500 || this.status === 429 || this.code === 'REQUEST_IN_PROGRESS';
  }
}

/** The code of a problem: PingOne's, if PingOne refused; else the gateway's. */
export const codeOf = ({ code, facts }: Problem): string => facts.upstream?.code ?? code;
