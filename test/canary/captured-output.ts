import { inspect } from 'node:util';
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AwsRequest } from '../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { isRecord } from '../../infra/local/loopback/json.ts';
import { eventSources } from '../../lib/contract.ts';
import type { Canaries } from './canaries.ts';

/** The outputs of the system. */
export type Place = 'log' | 'console' | 'ledger' | 'bus' | 'queue' | 'secrets' | 'runtime';

/** Sources that an output may contain by design. */
const allowed: Partial<Record<Place, RegExp>> = {
  // It shows whether a retry has the same body.
  ledger: /^fingerprint of /,
  // An outcome names the sender's event.
  bus: /^key of an event/,
};

/** Captures all output, and reports leaks in it. */
export const captureOutput = () => {
  const texts = new Map<Place, Set<string>>();

  /** Both as JSON and as Node prints it: Lambda logs members of an error that JSON omits. */
  const write = (place: Place, ...values: readonly unknown[]) => {
    const own = texts.get(place) ?? new Set();
    texts.set(place, own);
    for (const value of values) {
      if (typeof value === 'string') own.add(value);
      else own.add(`${JSON.stringify(value)}\n${inspect(value, wholly)}`);
    }
  };

  return {
    write,

    /** Calls to AWS; bodies of messages may contain a request's values. */
    writeCalls: (requests: readonly AwsRequest[]) => {
      for (const { service, input } of requests) {
        if (service.startsWith('DynamoDB')) write('ledger', input);
        if (service === 'AWSEvents') write('bus', ...outcomesIn(input));
        if (service === 'secretsmanager') write('secrets', input);
        if (service === 'AmazonSQS') {
          const { MessageBody: _, ...rest } = Object(input);
          write('queue', rest);
        }
      }
    },

    /** All items of the ledger, with the names of their members. */
    writeLedger: async (client: DynamoDBClient) => {
      for await (const { Items } of paginateScan({ client }, { TableName: ledgerTable })) write('ledger', Items);
    },

    /** `source in place: where`, of each leaked canary. */
    leaksOf: (canaries: Canaries): readonly string[] =>
      [...texts].flatMap(([place, own]) =>
        isClean(canaries, place, [...own].join('\n'))
          ? []
          : [...own].flatMap((text) =>
              canaries
                .in(text)
                .filter((source) => !allowed[place]?.test(source))
                .map((source) => `${source} in ${place}: ${text.slice(0, 2_000)}`),
            ),
      ),

    /** Places with output. */
    places: () => [...texts.keys()].sort(),
  };
};

export type CapturedOutput = ReturnType<typeof captureOutput>;

const wholly = { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Number.POSITIVE_INFINITY };

const isClean = (canaries: Canaries, place: Place, text: string): boolean =>
  canaries.in(text).every((source) => allowed[place]?.test(source));

const outcomesIn = (input: unknown): readonly unknown[] =>
  [Object(input).Entries].flat().filter((entry) => isRecord(entry) && entry.Source === eventSources.outcome);
