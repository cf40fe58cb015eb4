import { fromEnv } from '@aws-sdk/credential-provider-env';
import * as z from 'zod/mini';
import type { Clock } from '../runtime/clock.ts';
import { openConnections } from '../runtime/connection.ts';
import { openSockets, targetOf } from '../runtime/sockets.ts';
import { type DynamoDB, openDynamoDB } from './dynamodb.ts';

/** What Lambda sets, and the two variables with which AWS's SDKs are sent elsewhere. */
const lambdaEnvironment = z.object({
  AWS_REGION: z.string(),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
  AWS_ENDPOINT_URL: z.optional(z.url()),
});

/** Idle sockets are kept for a minute: a call that meets a dead one is repeated. */
const maximumIdleMs = 60_000;

/** The region of a function, and DynamoDB's address there. */
export const dynamoDBIn = (environment: unknown) => {
  const { AWS_REGION: region, ...urls } = z.parse(lambdaEnvironment, environment);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = urls.AWS_ENDPOINT_URL_DYNAMODB ?? urls.AWS_ENDPOINT_URL ?? `https://dynamodb.${region}.${domain}`;
  return { region, target: targetOf(url) };
};

/** A client of DynamoDB with a function's role and region. It connects at once, for the first request. */
export const lambdaDynamoDB = (environment: unknown, clock: Clock): DynamoDB => {
  const { region, target } = dynamoDBIn(environment);
  const sockets = openSockets(clock, maximumIdleMs);
  sockets.preconnect(target);
  return openDynamoDB({ region, target, credentials: fromEnv(), send: openConnections(clock, sockets), clock });
};
