import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Problem } from '../problems.ts';
import { valueAt } from '../validation/members.ts';
import { basePathOf } from './base-path.ts';
import { problemAnswer } from './problem.ts';

export interface NotOfferedDoor {
  /** Methods and paths of the API, for a person; callers of a kind with a base path see it before each path. */
  readonly offered: string;
  readonly docsUrl: string;
}

/**
 * Answers whatever no route of the API takes: 403, never 404. Clients of PingOne take a 404 for a resource that was deleted:
 * Terraform's provider drops it from its state, and destroys it "with success".
 */
export const notOfferedHandler =
  ({ offered, docsUrl }: NotOfferedDoor) =>
  async (event: unknown, { awsRequestId }: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const own = offered.replaceAll(' /v1/', ` ${basePathOf(event)}/v1/`);
    const message = `This gateway does not offer this method and path, and nothing was changed; it offers ${own}.`;
    const violation = { code: 'INSUFFICIENT_PERMISSIONS', message, innerError: { dimension: 'endpoint' } };
    const problem = new Problem('ACCESS_FAILED', message, { violations: [violation] });
    return problemAnswer(problem, docsUrl, awsRequestId, valueAt(event, 'headers.accept'));
  };
