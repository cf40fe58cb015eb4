import { isProblemCode, type ProblemCode, problems } from '../../lib/problems.ts';

/** What a person needs to know of a problem. */
interface Help {
  /** Where it has others than the code's own. */
  readonly statuses?: string;
  /** What happened. */
  readonly cause: string;
  /** What the caller, or the operator, does about it. */
  readonly remedy: string;
}

const help = {
  INVALID_DATA: {
    cause: 'Path, header or body break a rule of the endpoint. All violations are told at once.',
    remedy:
      'See `details`: each names its member, by `target` for people and `pointer` for programs, and what is expected.',
  },
  INVALID_REQUEST: {
    statuses: '400, 413, 415',
    cause:
      'The body is not JSON in UTF-8, is over 1 MB, is nested deeper than 500 levels, holds a number that a 64-bit float does not or a replacement character (U+FFFD), or has another content type or a content encoding.',
    remedy:
      'Send it as JSON with `Content-Type: application/json`, and a U+FFFD that you mean as `\\ufffd`. What is too large for `respond-async` goes without it.',
  },
  ACCESS_FAILED: {
    cause: 'No grant of the caller covers this request. `details` says which dimension failed; nothing was sent.',
    remedy: 'Ask the operator for a grant; `npm run grants -- explain` shows what one allows.',
  },
  NOT_FOUND: {
    cause:
      'There is no such request of yours. Requests of other callers answer the same, and records are kept for 35 days.',
    remedy: 'Check the id: it is in `Location`, or in the header `Provisioner-Request`.',
  },
  REQUEST_IN_PROGRESS: {
    cause: 'The same request, or one for a resource of the same name, is open. Nothing was sent for this one.',
    remedy: 'Retry with the same key after `Retry-After`.',
  },
  NAME_EXHAUSTED: {
    cause: '1,000 resources were created with this name, which is the limit.',
    remedy: 'Use another name.',
  },
  RESOURCE_GONE: {
    cause: 'The resource of this key was created, and has been deleted in PingOne since.',
    remedy: 'Use a new `Idempotency-Key` to create it again.',
  },
  KEY_REUSED: {
    cause: 'This `Idempotency-Key` came with another body before.',
    remedy: 'Use a new key for a new request; a retry sends the same body again.',
  },
  REQUEST_LIMITED: {
    cause: 'PingOne limits the rate of requests. Nothing was made.',
    remedy: 'Retry with the same key after `Retry-After`.',
  },
  UNEXPECTED_ERROR: {
    cause: 'The gateway failed. Nothing was sent; its log says why.',
    remedy: 'Retry with the same key. If it stays, give the operator the `id` of the problem.',
  },
  PINGONE_ACCESS_FAILED: {
    cause: 'PingOne does not take the credentials of the gateway’s worker application. Nothing was made.',
    remedy:
      'The operator’s: rotate or repair the secret, or give the application its role back (runbook, “Credentials”).',
  },
  PINGONE_UNREACHABLE: {
    cause: 'PingOne could not be asked: this attempt sent nothing, or a resource that exists can’t be shown yet.',
    remedy: 'Retry with the same key.',
  },
  PINGONE_REFUSED: {
    statuses: '4xx',
    cause: 'PingOne refused the request. Status, `code`, `message` and `details` are PingOne’s own.',
    remedy: 'As PingOne says; a retry of the same body is refused again.',
  },
  LEDGER_UNAVAILABLE: {
    cause:
      'The request could not be recorded, or its record not be read. This attempt sent nothing; an earlier one with the key may have.',
    remedy: 'Retry with the same key.',
  },
  QUEUE_UNAVAILABLE: {
    cause: 'The request was recorded, and could not be put into the queue. This attempt sent nothing.',
    remedy: 'Retry with the same key.',
  },
  OUTCOME_UNKNOWN: {
    cause:
      'PingOne may or may not have created the resource: its answer was lost, or said neither. Nothing is sent again until that is known.',
    remedy:
      'Retry with the same key (`idempotencyKey` has it) after `Retry-After`: that finds out, and makes no second resource. If ids are named, an operator has to settle it with `npm run ledger`.',
  },
} satisfies Record<ProblemCode, Help>;

export interface ExplainedProblem extends Help {
  readonly code: ProblemCode;
  readonly title: string;
  readonly statuses: string;
}

/** Every problem with its cause and remedy, by status. */
export const explainedProblems: readonly ExplainedProblem[] = Object.keys(problems)
  .filter(isProblemCode)
  .map((code) => ({ code, title: problems[code].title, statuses: String(problems[code].status), ...help[code] }))
  .toSorted((one, other) => one.statuses.localeCompare(other.statuses));
