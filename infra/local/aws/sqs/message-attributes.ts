import { createHash } from 'node:crypto';
import { invalidValue } from './errors.ts';

/** One attribute of a message. Nobody here sends binary ones. */
export interface MessageAttribute {
  /** `String` or `Number`, and a label of the sender's after a dot. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
}

/** By name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const maximumAttributes = 10;

/** Refuses attributes that SQS does not take. @throws AwsError */
export const checkAttributes = (attributes: MessageAttributes): void => {
  const count = Object.keys(attributes).length;
  if (count > maximumAttributes)
    throw invalidValue(`Number of message attributes [${count}] exceeds the allowed maximum [${maximumAttributes}].`);
  for (const [name, { DataType, StringValue }] of Object.entries(attributes)) {
    if (!/^(?!(aws|amazon)\.)(?!.*\.\.)[\w-]([\w.-]{0,254}[\w-])?$/i.test(name))
      throw invalidValue(`Message (user) attribute name '${name}' is not valid.`);
    if (!/^(String|Number)(\..+)?$/.test(DataType))
      throw invalidValue(`The message attribute '${name}' has an invalid message attribute type, '${DataType}'.`);
    if (!StringValue)
      throw invalidValue(`Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
  }
};

/** Bytes of a message that its attributes take. */
export const sizeOfAttributes = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '' }]) => sum + Buffer.byteLength(name + DataType + StringValue),
    0,
  );

/** The attributes that a receiver asks for: by name, by `prefix.*`, or all. */
export const selectAttributes = (attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.some((pattern) => selects(pattern, name))));

/** SQS's checksum of attributes; undefined where there are none. */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined => {
  const sorted = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  if (sorted.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (text: string): void => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, { DataType, StringValue = '' }] of sorted) {
    add(name);
    add(DataType);
    hash.update(stringMark);
    add(StringValue);
  }
  return hash.digest('hex');
};

/** Says in the checksum that a value is text. */
const stringMark = Buffer.of(1);

const selects = (pattern: string, name: string): boolean => {
  if (pattern === 'All' || pattern === name) return true;
  return pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2));
};
