import * as z from 'zod/mini';
import { environmentPath, fillPath } from '../endpoints/path.ts';
import { httpSender } from '../grants/authenticated.ts';
import { authorizeEnvironment } from '../grants/authorize.ts';
import { pathParametersIn } from './path-parameters.ts';
import type { ReadDoor } from './read.ts';
import { readAnswer } from './read-answer.ts';
import { reportedRead } from './read-line.ts';
import { readOne } from './read-pingone.ts';
import { requestPipe } from './request-pipe.ts';

/** Time reserved for the answer before Lambda stops the function, in milliseconds. */
const answerBeforeMs = 1_000;

const pathParameters = z.strictObject({ environmentID: z.guid().check(z.toLowerCase()) });

/**
 * Answers `GET /v1/environments/{environmentID}` with PingOne's own body, for callers with any grant in the environment.
 * PingOne's clients ask after a 400, 401 or 403 whether the environment is there, and report a 404 in place of that error.
 */
export const environmentLookupHandler = ({ grants, tokenRoles, get, docsUrl, log, now }: Omit<ReadDoor, 'endpoint'>) =>
  requestPipe(docsUrl, log).handler(async (event, context) => {
    const deadline = now() + context.getRemainingTimeInMillis() - answerBeforeMs;
    const parameters = pathParametersIn(pathParameters, event.pathParameters);
    const sender = httpSender(event, tokenRoles);
    const { denied, right } = authorizeEnvironment(grants, sender, parameters.environmentID, now());
    const line = { environment: parameters.environmentID, arrival: context.awsRequestId, ...right };
    return reportedRead({ log, now }, line, async () => {
      if (denied) throw denied;
      const path = fillPath(environmentPath, parameters);
      return readAnswer(await readOne({}, path, { sight: () => 'secrets' }, (at) => get(at, deadline), now));
    });
  });
