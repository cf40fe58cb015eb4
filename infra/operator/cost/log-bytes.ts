import { endpoints } from '../../../lib/endpoints/index.ts';
import { newTally, reportAttempt } from '../../../lib/provision/attempt-line.ts';

/** CloudWatch counts so many bytes more for each line ("Amazon CloudWatch pricing"). */
const perLine = 26;

/** Bytes that an ordinary create over HTTP logs: the attempt's line, Lambda's two, and the access log's. */
export const bytesPerCreate = (accessLogFormat: string): number => {
  const ownLines = [attemptLine(), accessLine(accessLogFormat)].map((line) => Buffer.byteLength(line));
  return [...ownLines, ...lambdaLines].reduce((sum, bytes) => sum + bytes + perLine, 0);
};

/** Bytes of Lambda's `platform.start` and `platform.report` in JSON, with the ids of a trace. */
const lambdaLines = [291, 389];

const uuid = '4b1c6a0e-7d5f-4a3b-9c2d-1e0f8a7b6c5d';

const attemptLine = (): string => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const { name, example } = endpoint;
  const origin = { door: 'http', trace: `1-67891233-${uuid.slice(0, 24)}`, grant: 'orders' } as const;
  const principal = 'iam:123456789012:pingone-provisioner-prod-eu-central-1-platform';
  const ids = { requestID: '0'.repeat(64), id: uuid.replaceAll('-', ''), correlationID: uuid };
  let line = '';
  reportAttempt(
    (_, message) => {
      const logged = { endpoint: name, ...message };
      line = JSON.stringify({ timestamp: '2026-01-01T00:00:00.000Z', level: 'INFO', requestId: uuid, message: logged });
    },
    { endpoint, parameters: example.parameters, origin: { ...origin, principal }, arrivalID: uuid, caller: 'platform' },
    { ...newTally(), sends: 1, pingOneMs: 250 },
    330,
    { ...ids, how: 'created', text: '' },
  );
  return line;
};

/** A line of the access log: short values as they are, and the longer ones of an IAM caller. */
const accessLine = (format: string): string =>
  format
    .replace(
      '$context.identity.userArn',
      `arn:aws:sts::123456789012:assumed-role/pingone-provisioner-prod-platform/${uuid}`,
    )
    .replace('$context.path', `/v1/environments/${uuid}/connectorInstances`)
    .replace('$context.routeKey', 'POST /v1/environments/{environmentID}/connectorInstances')
    .replace('$context.requestId', 'abcdefghijklmno=')
    .replace('$context.requestTime', '01/Jan/2026:00:00:00 +0000')
    .replace('$context.identity.sourceIp', '203.0.113.255')
    .replace(/\$context\.[\w.]+/g, '201');
