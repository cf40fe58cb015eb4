import { valueAt } from '../../../lib/validation/members.ts';
import { membersOf, parseJson, textOf } from '../loopback/json.ts';

interface Posted {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | Buffer;
}

/** What a request to a source of webhooks says, before its signature is verified; undefined for another request. */
export const webhookIn = ({ path, headers, body }: Posted) => {
  const source = /^\/v1\/webhooks\/([^/?]+)/.exec(path)?.[1];
  if (source === undefined) return undefined;
  const id = textOf(headers['webhook-id']);
  const { type, data } = membersOf(parseJson(body.toString()));
  const detail = membersOf(data);
  return {
    /** As the function names the arrival. */
    arrival: id === undefined ? undefined : `${source}/${id}`,
    type: textOf(type),
    body: detail.body,
    key: textOf(detail.idempotencyKey) ?? id,
  };
};

/** Why a function refused a webhook, and in which invocation; from a line of its log. */
export const refusalIn = (line: string): { readonly reason: string; readonly invocation: string } | undefined => {
  const entry = parseJson(line);
  const reason = textOf(valueAt(entry, 'message.webhook.refused'));
  return reason === undefined ? undefined : { reason, invocation: String(valueAt(entry, 'requestId')) };
};
