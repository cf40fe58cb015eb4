import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import type { Credentials } from './duties.ts';

const environment = z.parse(
  z.object({
    AWS_ENDPOINT_URL: z.url(),
    AWS_REGION: z.string(),
    /** The URL of the emulator's HTTP APIs: `/{apiId}/{stage}/path`. */
    HTTP_BASE: z.url(),
    /** The file of `cdk deploy --outputs-file`. */
    STACK_OUTPUTS: z.string(),
  }),
  process.env,
);
const { AWS_ENDPOINT_URL: endpointUrl, AWS_REGION: region, HTTP_BASE: httpBase } = environment;

/** An output of the deployment, as the last `cdk deploy` wrote it. */
export const output = (name: string): string => {
  const stacks = z.parse(
    z.record(z.string(), z.record(z.string(), z.string())),
    JSON.parse(readFileSync(environment.STACK_OUTPUTS, 'utf8')),
  );
  const found = Object.values(stacks)
    .flatMap(Object.entries)
    .find(([key]) => key.startsWith(name));
  assert(found, `the deployment has no output ${name}`);
  return found[1];
};

/** Calls IAM or STS by their query protocol, for which the project has no SDK client. */
export const query = async (
  service: 'iam' | 'sts',
  Action: string,
  parameters: Record<string, string>,
): Promise<string> => {
  const response = await fetch(endpointUrl, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20300101/${region}/${service}/aws4_request` },
    body: new URLSearchParams({ Action, Version: service === 'iam' ? '2010-05-08' : '2011-06-15', ...parameters }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
};

export const member = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1] ?? '';

/** The emulator reads a resource as a regular expression, in which the `$` of `$default` would be its end. */
export const escapeStage = async (roleArn: string): Promise<void> => {
  const RoleName = `${roleArn.split('/').at(-1)}`;
  const PolicyName = member(await query('iam', 'ListRolePolicies', { RoleName }), 'member');
  const document = decodeURIComponent(
    member(await query('iam', 'GetRolePolicy', { RoleName, PolicyName }), 'PolicyDocument'),
  );
  const PolicyDocument = document.replaceAll('&quot;', '"').replaceAll('/$default/', '/[$]default/');
  assert(PolicyDocument.includes('/[$]default/'), document);
  await query('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
};

export const credentialsOf = async (RoleArn: string): Promise<Credentials> => {
  const xml = await query('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'first-call' });
  return {
    accessKeyId: member(xml, 'AccessKeyId'),
    secretAccessKey: member(xml, 'SecretAccessKey'),
    sessionToken: member(xml, 'SessionToken'),
  };
};

/** The emulator checks every call after this number by IAM. */
export const enforceAfter = (calls: number) =>
  fetch(`${endpointUrl}/moto-api/reset-auth`, { method: 'POST', body: `${calls}` });

/** On AWS the stage is not in the path; here its `$` must be signed as `%24`, unlike curl's default. */
const apiBase = () => `/${new URL(output('ApiPath')).host.split('.')[0]}/$default/v1`;

export const operator = { region, endpoint: endpointUrl };

/** Calls the API as the guide does; unsigned without credentials. */
export const call = async (path: string, body: unknown, credentials?: Credentials, headers: readonly string[] = []) => {
  const signed = credentials
    ? [
        ...['--aws-sigv4', `aws:amz:${region}:execute-api`],
        ...['--user', `${credentials.accessKeyId}:${credentials.secretAccessKey}`],
        ...['-H', `X-Amz-Security-Token: ${credentials.sessionToken}`],
      ]
    : [];
  const sent = body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  const own = headers.flatMap((header) => ['-H', header]);
  const base = apiBase();
  const target = ['--request-target', `${base}${path}`, `${httpBase}${base.replace('$', '%24')}${path}`];
  // Asynchronously: the sandbox is in this process.
  const { stdout: text } = await promisify(execFile)('curl', [
    '-sS',
    '-w',
    '\n%{http_code}',
    ...signed,
    ...sent,
    ...own,
    ...target,
  ]);
  const end = text.lastIndexOf('\n');
  return { status: Number(text.slice(end)), body: Object(JSON.parse(text.slice(0, end) || '{}')) };
};

export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await delay(200)) if (await holds()) return;
  assert.fail(`not within 30 s: ${what}`);
};
