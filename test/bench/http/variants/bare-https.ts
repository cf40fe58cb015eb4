import { Agent, request } from 'node:https';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

// The bench hands over what others find out: where to, and a token.
const { BARE_URL = '', BARE_TOKEN = '' } = process.env;
const agent = new Agent({ keepAlive: true });

/** Sends the same bytes with nothing around them: what Node's own HTTPS client costs. */
export const handler = ({ body = '' }: APIGatewayProxyEventV2) =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${BARE_TOKEN}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
    };
    const sent = request(BARE_URL, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ statusCode: response.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
