import * as z from 'zod/mini';
import { bytesPerCreate } from './log-bytes.ts';
import { prices } from './prices.ts';
import type { Resources } from './template.ts';

/** One line of a bill, in USD. */
export interface Cost {
  readonly of: string;
  readonly usd: number;
}

/** How long a create takes, in seconds: most of it PingOne's. */
const seconds = 0.4;
/** Ledger units of a create, as `test/bench` counts them. */
const [writes, reads] = [5, 1];
/** X-Ray samples so much of what comes after the first request of each second. */
const sampled = 0.05;

/** The cost of a million creates over HTTP. */
export const perMillion = ({ ofType }: Resources): readonly Cost[] => {
  const { perMillion: price, lambdaGigabyteSecond, logGigabyte } = prices;
  const functions = ofType('AWS::Lambda::Function', z.object({ MemorySize: z.number() }));
  const memory = Math.max(...functions.map(({ MemorySize }) => MemorySize));
  const logs = ofType('AWS::ApiGatewayV2::Stage', z.object({ AccessLogSettings: z.object({ Format: z.string() }) }));
  const gigabytes = (bytesPerCreate(logs[0]?.AccessLogSettings.Format ?? '') * 1e6) / 1e9;
  return [
    { of: 'HTTP API', usd: price.httpApiRequests },
    { of: 'Lambda', usd: price.lambdaRequests + 1e6 * seconds * (memory / 1024) * lambdaGigabyteSecond },
    { of: 'DynamoDB', usd: writes * price.dynamoWrites + reads * price.dynamoReads },
    { of: `${gigabytes.toFixed(1)} GB of logs`, usd: gigabytes * logGigabyte },
    { of: 'X-Ray', usd: sampled * price.tracesRecorded },
  ];
};

/** The additional cost of a million creates over the bus: request and outcome, three calls of the queue, an outcome of 1 kB kept. */
export const moreByEvent = (): number => {
  const { events, sqsRequests } = prices.perMillion;
  return 2 * events + 3 * sqsRequests + prices.archiveGigabyte;
};
