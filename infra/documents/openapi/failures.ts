import { meaningOf } from '../../../lib/pingone/reply.ts';
import { type ProblemCode, problems } from '../../../lib/problems.ts';
import { problemHeaderReferences } from './headers.ts';
import { problemContent, problemHeaders } from './problem-content.ts';
import { problemExamples } from './problem-examples.ts';

/** API Gateway's own answers; 413 only for an operation with a body. */
const gatewayMessages = {
  401: 'Unauthorized',
  403: 'Forbidden',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export interface Failures {
  /** The problems that the function may answer with. */
  readonly codes: readonly ProblemCode[];
  /** Whether the request has a body. */
  readonly hasBody: boolean;
  readonly docsUrl: string;
}

/** Every failure by its status; `4XX` is for other refusals of PingOne. */
export const failures = ({ codes, hasBody, docsUrl }: Failures) => {
  const passesOn = codes.includes('PINGONE_REFUSED');
  const examples = codes.flatMap((code) => problemExamples(code));
  const ownStatuses = examples.filter(({ code }) => code !== 'PINGONE_REFUSED').map(({ status }) => String(status));
  const messages = new Map<string, string>(
    Object.entries(gatewayMessages).filter(([status]) => hasBody || status !== '413'),
  );
  const statuses = new Set([...ownStatuses, ...messages.keys()]);

  const responseOf = (status: string) => {
    const own = examples.filter(
      (problem) => (statuses.has(String(problem.status)) ? String(problem.status) : any4xx) === status,
    );
    const passedOn: readonly ProblemCode[] = passesOn && isRefusal(status) ? ['PINGONE_REFUSED'] : [];
    const listed = [...new Set([...own.map(({ code }) => code), ...passedOn])];
    const problem = listed.length > 0 ? problemContent(status, listed, own, docsUrl) : undefined;
    const message = status === any4xx ? 'Bad Request' : messages.get(status);
    return {
      description: [
        ...listed.map((code) => `- \`${code}\`: ${problems[code].title}`),
        ...(message === undefined ? [] : [`- API Gateway itself: \`${message}\``]),
      ].join('\n'),
      headers: problemHeaderReferences(
        ...listed.flatMap(problemHeaders),
        ...(status === '401' ? ['WWW-Authenticate'] : []),
      ),
      content: {
        'application/json': jsonContent(problem, message),
        ...(problem && { 'application/problem+json': problem }),
      },
    };
  };
  return Object.fromEntries([...statuses, ...(passesOn ? [any4xx] : [])].map((status) => [status, responseOf(status)]));
};

/** A function's problem and API Gateway's own message have one type. */
const jsonContent = (problem: ReturnType<typeof problemContent> | undefined, message: string | undefined) => {
  if (message === undefined) return problem;
  const own = { $ref: '#/components/schemas/ApiGatewayMessage' };
  if (problem === undefined) return { schema: own, example: { message } };
  const { schema, examples } = problem;
  const ofGateway = { summary: 'API Gateway itself', value: { message } };
  return { schema: { anyOf: [schema, own] }, examples: { ...examples, ApiGateway: ofGateway } };
};

const any4xx = '4XX';

/** Whether PingOne's own answer of this status is passed on. */
const isRefusal = (status: string): boolean =>
  status === any4xx || meaningOf(Number(status)).code === 'PINGONE_REFUSED';
