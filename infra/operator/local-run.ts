import { account, region } from '../local/aws/account.ts';

/** What AWS clients need for the local run. */
export const localClient = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

/** The queues of an endpoint in the local run. */
export const localQueues = (endpoint: string, awsUrl: string) => {
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
  const deadLetters = `${endpoint}-dead-letters`;
  return { url: `${awsUrl}/${account}/${deadLetters}`, arn: arnOf(deadLetters), queueArn: arnOf(endpoint) };
};
