import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AwsRequest } from '../../../infra/local/aws/aws.ts';
import type { Reply } from '../../../infra/local/loopback/reply.ts';
import { valueAt } from '../../../lib/validation/members.ts';

interface Entry {
  readonly ms: number;
  /** The invocation of the event or call. */
  readonly invocation: string | undefined;
  readonly text: string;
}

/** A log of all events, to find the cause of a duplicate. */
export const startJournal = () => {
  const begun = performance.now();
  const entries: Entry[] = [];

  const textOf = (some: readonly Entry[]): string =>
    some
      .map(({ ms, invocation = '', text }) => `${(ms / 1000).toFixed(3).padStart(8)} ${invocation.slice(0, 8)} ${text}`)
      .join('\n');

  return {
    note: (invocation: string | undefined, text: string): void => {
      entries.push({ ms: performance.now() - begun, invocation, text });
    },
    /** The entries of all invocations with a text, such as a request's id. */
    entriesWith: (text: string): string => {
      const invocations = new Set(
        entries.filter((entry) => entry.text.includes(text)).map((entry) => entry.invocation),
      );
      return textOf(entries.filter((entry) => entry.text.includes(text) || invocations.has(entry.invocation)));
    },
    write: async (file: string): Promise<void> => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${textOf(entries)}\n`);
    },
  };
};

export type Journal = ReturnType<typeof startJournal>;

const members = [
  'state',
  'owner',
  'lease',
  'lastSent',
  'endedBy',
  'graceMs',
  'holder',
  'by',
  'instead',
  'taken',
  'resource',
  'problem',
];

/** A call of an AWS service in a line. */
export const callLine = ({ operation, input }: AwsRequest, reply: Reply | 'reset'): string => {
  const values = Object(valueAt(input, 'ExpressionAttributeValues'));
  const shown = members.flatMap((name) => (values[`:${name}`] ? [`${name}=${Object.values(values[`:${name}`])}`] : []));
  const answer = reply === 'reset' ? reply : `${reply.status} ${reply.status === 200 ? '' : reply.body}`;
  const entry = operation === 'PutEvents' ? JSON.stringify(valueAt(input, 'Entries')) : '';
  return `${operation} ${valueAt(input, 'Key.pk.S') ?? ''} ${shown.join(' ')}${entry} ${answer}`;
};
