import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InterceptAws, startAws } from '../../../infra/local/aws/aws.ts';
import { ledgerTable as TableName } from '../../../infra/local/aws/dynamodb.ts';
import { throttled } from '../../../infra/local/aws/service.ts';

let aws: Awaited<ReturnType<typeof startAws>>;
let intercept: InterceptAws;
const clients: DynamoDBClient[] = [];

const clientOf = (maxAttempts = 1) => {
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts,
  });
  clients.push(client);
  return client;
};

beforeEach(async () => {
  intercept = async () => undefined;
  aws = await startAws({ intercept: (moment, request) => intercept(moment, request) });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await aws.close();
});

/** Writes an item on condition that it does not exist. */
const put = (pk: string) =>
  new UpdateItemCommand({
    TableName,
    Key: { pk: { S: pk } },
    UpdateExpression: 'SET #state = :state',
    ConditionExpression: 'attribute_not_exists(pk)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': { S: 'sending' } },
    ReturnValues: 'ALL_NEW',
  });

const keys = async () => ((await clientOf().send(new ScanCommand({ TableName }))).Items ?? []).map(({ pk }) => pk?.S);

describe('DynamoDB on loopback', () => {
  it("has the ledger's table, empty, from the start", async () => {
    const { Table } = await clientOf().send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName: 'pingone-provisioner-ledger',
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ItemCount: 0,
    });
  });

  it('writes on condition and reads, with the real SDK', async () => {
    const client = clientOf();
    const item = { pk: { S: 'å' }, state: { S: 'sending' } };
    expect((await client.send(put('å'))).Attributes).toEqual(item);
    await expect(client.send(put('å'))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect((await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'å' } } }))).Item).toEqual(item);
  });

  it('lets one of many concurrent writers succeed', async () => {
    const client = clientOf();
    const writes = await Promise.allSettled(Array.from({ length: 20 }, () => client.send(put('one'))));
    expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('answers in AWS JSON 1.0, with a checksum', async () => {
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'x-amz-date': '20300101T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=x',
      },
      body: JSON.stringify({ TableName: 'another', Key: { pk: { S: 'one' } } }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(response.headers.get('x-amz-crc32')).toMatch(/^\d+$/);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/\w/);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
    });
  });

  it('counts its calls, and records their inputs', async () => {
    const Key = { pk: { S: 'one' } };
    await clientOf().send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(aws.calls('DynamoDB_20120810.GetItem')).toBe(1);
    expect(aws.requests).toEqual([
      { service: 'DynamoDB_20120810', operation: 'GetItem', input: { TableName, Key, ConsistentRead: true } },
    ]);
  });

  it('starts empty each time', async () => {
    await clientOf().send(put('one'));
    expect(await keys()).toEqual(['one']);
    const other = await startAws();
    const client = new DynamoDBClient({
      endpoint: other.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(0);
    client.destroy();
    await other.close();
  });
});

describe('an intercepted call to AWS', () => {
  it('is throttled and not executed', async () => {
    intercept = async (moment) => (moment === 'before' ? throttled() : undefined);
    await expect(clientOf().send(put('one'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    intercept = async () => undefined;
    expect(await keys()).toEqual([]);
  });

  it('is reset and not executed', async () => {
    intercept = async (moment) => (moment === 'before' ? 'reset' : undefined);
    await expect(clientOf().send(put('one'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    intercept = async () => undefined;
    expect(await keys()).toEqual([]);
  });

  it('is executed, and its answer lost', async () => {
    intercept = async (moment) => (moment === 'after' ? 'reset' : undefined);
    await expect(clientOf().send(put('one'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    intercept = async () => undefined;
    expect(await keys()).toEqual(['one']);
  });

  it('is repeated by the SDK, whose condition then fails on its own write', async () => {
    let left = 1;
    intercept = async (moment) => (moment === 'after' && left-- > 0 ? 'reset' : undefined);
    await expect(clientOf(3).send(put('one'))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(aws.calls('DynamoDB_20120810.UpdateItem')).toBe(2);
  });

  it('is selected by its input', async () => {
    intercept = async (_, { operation, input }) =>
      operation === 'UpdateItem' && JSON.stringify(input).includes('"bad"') ? throttled() : undefined;
    await clientOf().send(put('good'));
    await expect(clientOf().send(put('bad'))).rejects.toThrow();
    expect(await keys()).toEqual(['good']);
  });
});
