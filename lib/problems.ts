/** Every way that a request can end without a resource: the HTTP status (RFC 9110) and a title that never varies. */
export const problems = {
  INVALID_DATA: { status: 400, title: 'The request breaks rules of its endpoint' },
  INVALID_REQUEST: { status: 400, title: 'The request cannot be read' },
  ACCESS_FAILED: { status: 403, title: 'The caller may not do this' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  REQUEST_IN_PROGRESS: { status: 409, title: 'The same request, or one for the same name, is open' },
  NAME_EXHAUSTED: { status: 409, title: 'Too many resources were made under this name' },
  RESOURCE_GONE: { status: 410, title: 'The resource was created and has been deleted since' },
  KEY_REUSED: { status: 422, title: 'The Idempotency-Key belongs to a request with another body' },
  REQUEST_LIMITED: { status: 429, title: 'PingOne asks to slow down' },
  UNEXPECTED_ERROR: { status: 500, title: 'The gateway failed' },
  PINGONE_ACCESS_FAILED: { status: 502, title: "PingOne does not take the gateway's own credentials" },
  PINGONE_UNREACHABLE: { status: 503, title: 'PingOne could not be asked' },
  PINGONE_REFUSED: { status: 502, title: 'PingOne refused the request' },
  QUEUE_UNAVAILABLE: { status: 503, title: 'The gateway could not queue the request' },
  LEDGER_UNAVAILABLE: { status: 503, title: 'The gateway could not record the request' },
  OUTCOME_UNKNOWN: { status: 504, title: 'Whether PingOne did it is not known yet' },
} as const;

export type ProblemCode = keyof typeof problems;

export const isProblemCode = (code: string): code is ProblemCode => code in problems;

/** One thing that is wrong with a request, in the members of a PingOne error's `details`. */
export interface Violation {
  readonly code: string;
  readonly message: string;
  /** The member, as a person writes it: `paths[0].pattern`. */
  readonly target?: string | undefined;
  /** The same as a JSON Pointer (RFC 6901) into the body; absent for what is not in the body. */
  readonly pointer?: string | undefined;
  readonly innerError?: Readonly<Record<string, unknown>> | undefined;
}

/** More violations than these help nobody, and a body of 1 MB can have a hundred thousand. */
export const maximumViolations = 100;

export interface ProblemFacts {
  /** Where one code has several statuses (RFC 9110). */
  readonly status?: number | undefined;
  readonly violations?: readonly Violation[] | undefined;
  /** How long the caller should wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** PingOne's own error, for the HTTP caller alone: it never reaches a log, an event or the ledger. */
  readonly upstream?: { readonly id?: string | undefined; readonly code: string; readonly message: string } | undefined;
  /** What to send as `Idempotency-Key` with the retry of this same request. */
  readonly idempotencyKey?: string | undefined;
  /** The ledger's key of the request, where it has a record. */
  readonly requestID?: string | undefined;
  /** The id of the resource that the request has made all the same. */
  readonly resource?: string | undefined;
  /** PingOne's `Correlation-Id`. */
  readonly correlationID?: string | undefined;
  readonly cause?: unknown;
}

/** An error of our own: its message may be logged, since it holds nothing of a body, a secret or an answer of PingOne's. */
export abstract class GatewayError extends Error {
  /** Written out in each: a bundle's own names are short. */
  abstract override readonly name: string;
}

/** Says why a request has no resource. */
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

  /** Whether the same request may end otherwise later. */
  get isRetryable(): boolean {
    return this.status >= 500 || this.code === 'REQUEST_LIMITED' || this.code === 'REQUEST_IN_PROGRESS';
  }
}
