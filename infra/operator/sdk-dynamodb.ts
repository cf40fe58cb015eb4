import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDB } from '../../lib/ledger/dynamodb.ts';

/** The ledger's operations by AWS's SDK, which finds an operator's credentials. The calls have no deadline. */
export const sdkDynamoDB = (client: DynamoDBClient): DynamoDB => ({
  getItem: (input) => client.send(new GetItemCommand(input)),
  updateItem: (input) => client.send(new UpdateItemCommand(input)),
});
