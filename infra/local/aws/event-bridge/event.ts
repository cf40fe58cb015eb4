import { randomUUID } from 'node:crypto';
import { depthOf } from '../../../../lib/validation/depth.ts';
import { isRecord, parseJson } from '../../loopback/json.ts';
import { account, region } from '../account.ts';

/** An event for rules and targets. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One entry of PutEvents. */
export interface Entry {
  readonly Source?: string | undefined;
  readonly DetailType?: string | undefined;
  readonly Detail?: string | undefined;
  readonly Resources?: readonly string[] | undefined;
  /** In seconds since 1970. */
  readonly Time?: number | undefined;
}

/** The error of one entry. */
export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** The deepest JSON that PutEvents takes. */
const maxDepth = 1_000;

/** The event of an entry with its JSON, or the entry's error. */
export const eventOf = (entry: Entry, now: number): { event: BusEvent; json: string } | EntryError => {
  const { Source, DetailType, Detail, Resources = [], Time } = entry;
  if (!Source) return required('Source');
  if (!DetailType) return required('DetailType');
  if (!Detail) return required('Detail');
  if (/^aws\./i.test(Source))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = depthOf(Detail) > maxDepth ? undefined : parseJson(Detail);
  if (!isRecord(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const envelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account,
    time: new Date(Time === undefined ? now : Time * 1000).toISOString().replace(/\.\d+/, ''),
    region,
    resources: Resources,
  } as const;
  // With the sender's own numbers and repeated members.
  return { event: { ...envelope, detail }, json: `${JSON.stringify(envelope).slice(0, -1)},"detail":${Detail}}` };
};

/** Bytes of an entry by PutEvents's count. */
export const sizeOf = ({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
  (Time === undefined ? 0 : 14);

const required = (parameter: string): EntryError => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
});
