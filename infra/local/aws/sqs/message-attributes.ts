import { createHash } from 'node:crypto';
import { invalidValue } from './errors.ts';

/** One attribute that a sender gave its message. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, and a label of the sender's after a dot. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** In base64. */
  readonly BinaryValue?: string | undefined;
}

/** By name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const maxAttributes = 10;

/** Refuses attributes that SQS does not take. @throws AwsError */
export const checkAttributes = (attributes: MessageAttributes): void => {
  const count = Object.keys(attributes).length;
  if (count > maxAttributes)
    throw invalidValue(`Number of message attributes [${count}] exceeds the allowed maximum [${maxAttributes}].`);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(?!(aws|amazon)\.)(?!.*\.\.)[\w-]([\w.-]{0,254}[\w-])?$/i.test(name))
      throw invalidValue(`Message (user) attribute name '${name}' is not valid.`);
    const type = /^(String|Number|Binary)(\..+)?$/.exec(DataType)?.[1];
    if (type === undefined)
      throw invalidValue(`The message attribute '${name}' has an invalid message attribute type, '${DataType}'.`);
    if (!(type === 'Binary' ? BinaryValue : StringValue))
      throw invalidValue(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
};

/** How many bytes of a message they take. */
export const sizeOfAttributes = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + bytesOf(attribute).length,
    0,
  );

/** Those that a receiver asks for: by name, by `prefix.*`, or all. */
export const selectAttributes = (attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.some((pattern) => selects(pattern, name))));

/** The checksum that SQS gives; undefined where there are none. */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined => {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.of(isBinary(attribute) ? 2 : 1));
    add(bytesOf(attribute));
  }
  return hash.digest('hex');
};

const selects = (pattern: string, name: string): boolean => {
  if (pattern === 'All' || pattern === name) return true;
  return pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2));
};

const isBinary = ({ DataType }: MessageAttribute): boolean => DataType.startsWith('Binary');

const bytesOf = (attribute: MessageAttribute): Buffer =>
  isBinary(attribute) ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? '');
