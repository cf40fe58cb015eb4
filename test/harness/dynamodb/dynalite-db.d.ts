/** dynalite brings no types; this much of it is used. */
declare module 'dynalite/db/index.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';

  const db: {
    /** In bytes, by DynamoDB's rules; right for items in ASCII. */
    itemSize(item: Record<string, AttributeValue>): number;
  };
  export default db;
}
