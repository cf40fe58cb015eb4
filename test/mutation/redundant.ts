import type { Mutant } from './mutants.ts';

/** Mutants without an observable effect, each with the reason. */
const reasons: readonly {
  readonly file: string;
  readonly before: string;
  readonly after?: string;
  readonly why: string;
}[] = [
  {
    file: 'runtime/connection.ts',
    before: 'response.statusCode ?? 0',
    why: 'Node types it as optional; an answer has one',
  },
  { file: 'provision/match.ts', before: "resource.id ?? ''", after: 'resource.id', why: 'no id is undefined or empty' },
  { file: 'provision/match.ts', before: "createdAt ?? ''", after: 'createdAt', why: 'neither is a date' },
  {
    file: 'provision/create.ts',
    before: 'deadline - now < timings.attempt || !sending',
    after: 'deadline - now < timings.attempt',
    why: 'a create that leaves is open',
  },
  {
    file: 'provision/record.ts',
    before: 'isAnothers && open',
    after: 'isAnothers',
    why: 'a send is open wherever a resource can be another request’s',
  },
  { file: 'provision/record.ts', before: '!add', after: 'false', why: 'the TypeError is as unforeseen' },
  {
    file: 'provision/resolve.ts',
    before: 'cause instanceof ListIncomplete',
    after: 'true',
    why: 'no other error asks for a wait',
  },
  {
    file: 'ledger/open-ledger.ts',
    before: 'attribute_not_exists(#finalFor)',
    after: '(attribute_exists(pk) AND attribute_not_exists(pk))',
    why: '<> is true for an absent member',
  },
  {
    file: 'ledger/signature.ts',
    before: 'latest?.secret !== secret || latest.day !== day',
    after: 'true',
    why: 'a cache',
  },
  {
    file: 'ledger/dynamodb.ts',
    before: 'error instanceof DynamoDBFailure && isThrottlingError(error)',
    after: 'isThrottlingError(error)',
    why: 'no other error has such a name',
  },
  { file: 'ledger/table.ts', before: 'conditions.set(text, condition);', why: 'a cache' },
  {
    file: 'ledger/table.ts',
    before: 'conditions.get(text) ?? readCondition(text)',
    after: 'readCondition(text)',
    why: 'a cache',
  },
  {
    file: 'ledger/dynamodb.ts',
    before: 'error instanceof DynamoDBFailure && isClockSkewError(error)',
    after: 'isClockSkewError(error)',
    why: 'no other error has such a name',
  },
  {
    file: 'ledger/dynamodb.ts',
    before: 'error instanceof DynamoDBFailure && (isThrottlingError(error) || isTransientError(error))',
    after: '(isThrottlingError(error) || isTransientError(error))',
    why: 'no other error has such a name',
  },
  {
    file: 'runtime/connection.ts',
    before: '!clientRequest.writableFinished',
    after: 'true',
    why: 'a further turn of the event loop changes only the time',
  },
  {
    file: 'webhook/secrets.ts',
    before:
      'error instanceof Error && /NotFound|AccessDenied|Decryption|InvalidRequest|InvalidParameter/.test(error.name)',
    after: '/NotFound|AccessDenied|Decryption|InvalidRequest|InvalidParameter/.test(error.name)',
    why: 'all that is thrown is an Error',
  },
  {
    file: 'webhook/signed-message.ts',
    before: '/\\{MESSAGE_ID\\}([^{]+)/.exec(source.signedMessageComposition) ?? []',
    after: '/\\{MESSAGE_ID\\}([^{]+)/.exec(source.signedMessageComposition)',
    why: 'a composition with an id has a separator after it',
  },
  {
    file: 'queue/checked-event.ts',
    before: 'parameters.data === undefined || all.length > 0',
    after: 'all.length > 0',
    why: 'undefined has a violation',
  },
  {
    file: 'queue/checked-event.ts',
    before: 'idempotencyKey ?? undefined',
    after: 'idempotencyKey',
    why: 'null is no key either',
  },
  {
    file: 'ledger/table.ts',
    before: 'Attributes && unmarshall(Attributes)',
    after: 'unmarshall(Attributes)',
    why: 'ALL_NEW always has them',
  },
  {
    file: 'queue/checked-event.ts',
    before: "violation.pointer ?? ''",
    after: 'violation.pointer',
    why: 'each violation in a body has a pointer',
  },
  {
    file: 'queue/deployment-progress.ts',
    before: '>',
    after: '>=',
    why: 'messages with one number are the same message',
  },
];

/** Why a mutant need not be killed; undefined where it must. */
export const redundant = ({ file, before, after }: Mutant): string | undefined =>
  reasons.find((reason) => file.endsWith(reason.file) && before === reason.before && (reason.after ?? after) === after)
    ?.why;
