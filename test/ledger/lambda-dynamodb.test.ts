import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { dynamoDBIn, lambdaDynamoDB } from '../../lib/ledger/lambda-dynamodb.ts';
import { systemClock } from '../../lib/runtime/clock.ts';

it.each([
  [{ AWS_REGION: 'eu-west-1' }, 'https://dynamodb.eu-west-1.amazonaws.com'],
  [{ AWS_REGION: 'cn-north-1' }, 'https://dynamodb.cn-north-1.amazonaws.com.cn'],
  [{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1'],
  [
    {
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2',
    },
    'http://127.0.0.1:2',
  ],
])('a function with %j calls DynamoDB at %s', (environment, origin) => {
  expect(dynamoDBIn(environment)).toMatchObject({ region: environment.AWS_REGION, target: { origin } });
});

it('a function connects to DynamoDB before its first call', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const connection = once(server, 'connection');
  const { port } = Object(server.address());
  lambdaDynamoDB({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }, systemClock);
  const [socket] = await connection;
  socket.destroy();
});
