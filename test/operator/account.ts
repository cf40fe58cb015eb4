import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Account {
  /** Of each stack; the value of each is its own name. */
  readonly outputs: readonly string[];
  /** Gets each call. */
  readonly calls: string[];
  /** What CloudFormation answers in place of a stack. */
  readonly refused?: string | undefined;
}

/** CloudFormation, Lambda, Secrets Manager and an empty DynamoDB, as far as the tools call them; gives a tool's environment. */
export const startAccount = async ({ outputs, calls, refused }: Account) => {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const path = `${request.method} ${request.url}`;
    const { 'x-amz-target': target } = request.headers;
    if (target !== undefined) {
      const { TableName, SecretId, SecretString } = JSON.parse(body);
      calls.push([target, TableName ?? SecretId, SecretString].filter(Boolean).join(' '));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"Items":[],"Count":0}');
      return;
    }
    if (path === 'POST /') {
      const form = new URLSearchParams(body);
      calls.push(`${form.get('Action')} ${form.get('StackName')}`);
      response.writeHead(refused ? 400 : 200, { 'content-type': 'text/xml' }).end(refused ?? described(outputs));
      return;
    }
    calls.push(`${path} ${body}`.trimEnd());
    response.writeHead(request.method === 'DELETE' ? 204 : 200, { 'content-type': 'application/json' });
    response.end(request.method === 'DELETE' ? undefined : '{"State":"Disabling","ReservedConcurrentExecutions":0}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${Object(server.address()).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
};

const described = (outputs: readonly string[]) => {
  const members = outputs.map(
    (name) => `<member><OutputKey>${name}</OutputKey><OutputValue>${name}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
    <StackName>pingone-provisioner-dev</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
};
