import { isProblemCode, type ProblemCode, problems } from '../../lib/problems.ts';

/** The explanation of a problem for a person. */
interface Help {
  /** Statuses other than the code's own. */
  readonly statuses?: string;
  readonly cause: string;
  /** For the caller or the operator. */
  readonly remedy: string;
}

const help = {
  INVALID_DATA: {
    cause: 'Path, header or body break a rule of the endpoint. `details` lists every violation.',
    remedy:
      'Correct each member in `details`: `target` names it for people, `pointer` for programs; `message` names the expected value.',
  },
  INVALID_REQUEST: {
    statuses: '400, 413, 415',
    cause:
      'The body is not JSON in UTF-8, exceeds 1 MB, nests deeper than 500 levels, contains U+FFFD or a number that a 64-bit float cannot represent, or has another content type or a content encoding.',
    remedy:
      'Send JSON with `Content-Type: application/json`; escape U+FFFD as `\\ufffd`. Send a body that is too large for `respond-async` without that preference.',
  },
  ACCESS_FAILED: {
    cause:
      'No grant of the caller covers this request, or the gateway does not offer its method and path. `details` names the dimension that failed; nothing was sent.',
    remedy: 'Ask the operator for a grant; `npm run grants -- explain` shows the requests that a grant allows.',
  },
  NOT_FOUND: {
    cause:
      'You have no request with this id. Records are deleted after 35 days; requests of other callers get the same answer.',
    remedy: 'Take the id from the header `Location` or `Provisioner-Request`.',
  },
  REQUEST_IN_PROGRESS: {
    cause:
      'Another attempt at this request, or a request for the same name, is in progress. This attempt sent nothing.',
    remedy: 'Retry with the same key after `Retry-After`.',
  },
  NAME_BUSY: {
    cause: 'As `REQUEST_IN_PROGRESS`, for a request without an `Idempotency-Key`: clients of PingOne retry a 429.',
    remedy: 'Retry after `Retry-After`, best with an `Idempotency-Key`: `idempotencyKey` has that of this request.',
  },
  NAME_EXHAUSTED: {
    cause: '1,000 resources were created with this name, which is the limit.',
    remedy: 'Use another name.',
  },
  RESOURCE_GONE: {
    cause: 'The request created a resource that has since been deleted in PingOne.',
    remedy: 'Use a new `Idempotency-Key` to create it again.',
  },
  KEY_REUSED: {
    cause: 'This `Idempotency-Key` was used with another body.',
    remedy: 'Use a new key for a new request; send a retry with the same body.',
  },
  REQUEST_LIMITED: {
    cause: 'PingOne limits the rate of requests. Nothing was created.',
    remedy: 'Retry with the same key after `Retry-After`.',
  },
  UNEXPECTED_ERROR: {
    cause: 'The gateway failed. Nothing was sent; its log has the reason.',
    remedy: 'Retry with the same key. If it fails again, give the operator the `id` of the problem.',
  },
  PINGONE_ACCESS_FAILED: {
    cause: 'PingOne rejects the credentials of the gateway’s worker application. Nothing was created.',
    remedy:
      'Ask the operator to rotate or repair the secret, or to restore the application’s role (runbook, “Credentials”).',
  },
  LIST_INCOMPLETE: {
    cause: 'PingOne’s list has a row that cannot be read, lacks rows that it counts, or was refused in the middle.',
    remedy: 'Retry later. If it stays so, PingOne has a resource that its list cannot show; read by id works.',
  },
  ENVIRONMENT_NEW: {
    cause:
      'PingOne refused the create with 403 or 404, and its environment is younger than a minute, in which PingOne may refuse what it allows later. Nothing was created.',
    remedy: 'Retry with the same key after `Retry-After`. After the minute you get PingOne’s own refusal.',
  },
  PINGONE_UNREACHABLE: {
    cause: 'PingOne could not be reached: this attempt sent nothing, or an existing resource cannot be read yet.',
    remedy: 'Retry with the same key.',
  },
  PINGONE_REFUSED: {
    statuses: '4xx',
    cause: 'PingOne refused the request. Status, `code`, `message` and `details` are PingOne’s own.',
    remedy: 'Follow PingOne’s message; PingOne refuses the same body again.',
  },
  LEDGER_UNAVAILABLE: {
    cause:
      'The ledger could not be read or written. This attempt sent nothing; an earlier one with the same key may have.',
    remedy: 'Retry with the same key.',
  },
  QUEUE_UNAVAILABLE: {
    cause: 'The request was recorded but could not be queued. This attempt sent nothing.',
    remedy: 'Retry with the same key.',
  },
  DEPLOYMENT_UNKNOWN: {
    cause:
      'PingOne’s answer to a deployment was lost or unclear, or PingOne is still deploying. No created resource is lost.',
    remedy:
      'Read the state with `GET` of the same path, or retry after `Retry-After`: the gateway looks at the earlier deployment first.',
  },
  OUTCOME_UNKNOWN: {
    statuses: '503, 504',
    cause:
      'PingOne may have created the resource: its answer was lost or unclear. The gateway sends no second create until it knows. The status is 503 for a request without an `Idempotency-Key`, which clients of PingOne retry.',
    remedy:
      'Retry with the same key (`idempotencyKey`) after `Retry-After`: the retry finds out, and creates no second resource. If the message lists ids, an operator decides with `npm run ledger`.',
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
