import type { Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';
import { httpSender } from '../grants/authenticated.ts';
import type { Grants } from '../grants/document.ts';
import { readerOf } from '../grants/reader.ts';
import type { Violation } from '../problems.ts';
import type { Log } from '../runtime/logger.ts';
import { pathParametersIn } from './path-parameters.ts';
import { readAnswer } from './read-answer.ts';
import { reportedRead } from './read-line.ts';
import type { Get } from './read-path.ts';
import { readList, readOne } from './read-pingone.ts';
import { requestPipe } from './request-pipe.ts';

export interface ReadDoor {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  /** A token needs one of them, where there are any. */
  readonly tokenRoles: readonly string[];
  /** Reads a path of PingOne by a deadline. */
  readonly get: (path: string, deadline: number) => ReturnType<Get>;
  readonly docsUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Time reserved for the answer before Lambda stops the function, in milliseconds. */
const answerBeforeMs = 1_000;

/** Answers `GET` of an endpoint's collection, and of a resource in it, with what the caller's grants let it read. */
export const readHandler = ({ endpoint, grants, tokenRoles, get, docsUrl, log, now }: ReadDoor) =>
  requestPipe(docsUrl, log).handler(async (event, context) => {
    const deadline = now() + context.getRemainingTimeInMillis() - answerBeforeMs;
    const { resourceID, ...given } = event.pathParameters ?? {};
    const parameters = pathParametersIn(endpoint.parameters, given, violationsOfID(resourceID));
    const reader = readerOf(grants, httpSender(event, tokenRoles), { endpoint, parameters }, now());
    const path = fillPath(endpoint.path, parameters);
    const line = { endpoint: endpoint.name, parameters, resource: resourceID, arrival: context.awsRequestId };
    return reportedRead({ log, now }, { ...line, ...reader.authorization.right }, async () => {
      const { denied } = reader.authorization;
      if (denied) throw denied;
      const by: Get = (at) => get(at, deadline);
      if (resourceID === undefined) return readAnswer(await readList(endpoint, path, reader, by, now));
      return readAnswer(await readOne(endpoint, `${path}/${resourceID}`, reader, by, now));
    });
  });

/** The violations of a resource's id: it is one segment of letters, digits, `-` and `_`, as all of PingOne's are. */
const violationsOfID = (resourceID: string | undefined): readonly Violation[] =>
  resourceID === undefined || /^[\w-]{1,256}$/.test(resourceID)
    ? []
    : [{ code: 'INVALID_VALUE', message: 'the id must have letters, digits, - and _ only', target: 'resourceID' }];
