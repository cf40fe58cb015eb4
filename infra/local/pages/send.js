const { isSandbox, examples, problems } = await (await fetch('/local/examples')).json();

export { examples, isSandbox };

/** What a problem's code means, where it is one of the gateway's. */
export const explained = new Map(problems.map((problem) => [problem.code, problem]));

/** What this page has sent, by the id that the front gave it. */
const sent = new Map();

/** What a request was sent with, where it was sent from here. */
export const sentAs = (gatewayID) => sent.get(gatewayID);

/** Sends an example; the same key asks for the same request. */
export const send = async ({ example, key = crypto.randomUUID(), isAsync = false }) => {
  const { accessToken } = await (await fetch('/local')).json();
  const response = await fetch(example.path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      ...(isAsync && { prefer: 'respond-async' }),
    },
    body: JSON.stringify(example.body),
  });
  sent.set(response.headers.get('apigw-requestid'), { example, key, isAsync });
};
