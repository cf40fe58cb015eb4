import type { AnsweredRequest } from '../api-gateway/api-gateway.ts';
import { withoutBasePath } from '../api-gateway/base-path.ts';
import { webhookIn } from '../live/webhook.ts';
import type { Line } from './line.ts';
import { routeHint } from './route-hint.ts';

/** Reason and remedy of an answer by API Gateway itself, which has only a message. */
export const apiGatewayLine = (
  { arrival: { method, path }, reply: { status, headers = {} } }: AnsweredRequest,
  message: string | undefined,
  url: string,
): Pick<Line, 'outcome' | 'tone' | 'reason' | 'hint'> => {
  const denied = (reason?: string, hint?: string) => ({ outcome: 'Denied', tone: 'bad', reason, hint }) as const;
  if (status === 404) {
    const reason = `The API has no route ${method} ${path}.`;
    return { outcome: 'No route', tone: 'bad', reason, hint: routeHint(method, path) };
  }
  if (status === 401 && webhookIn({ path, headers: {}, body: '' })) return denied();
  if (status === 401) {
    const why = /error_description="(.+?)"/.exec(String(headers['www-authenticate']))?.[1];
    const hint = `Send -H "Authorization: Bearer $token" after token=$(curl -s ${url}/local/token).`;
    return denied(why ?? 'the request has no token', hint);
  }
  if (status === 403 && withoutBasePath(path) !== path) {
    const hint = `Sign it for the service execute-api with the credentials in "iam" of ${url}/local.`;
    return denied('the request is not signed by the local role', hint);
  }
  if (status === 403) return denied('the token does not have the scope of the route');
  return { outcome: status === 429 ? 'Limited' : status < 500 ? 'Rejected' : 'Failed', tone: 'bad', reason: message };
};
