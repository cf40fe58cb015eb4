import type { Deployment, Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { deploymentExample } from '../deployment-example.ts';
import type { JsonSchema } from '../json-schema.ts';
import { pathParameters } from './create.ts';
import { failures } from './failures.ts';
import { headerReferences } from './headers.ts';
import { codesOfReads } from './read.ts';

/** Both operations of an endpoint's deployment; none if it needs no deployment. */
export const deployOperations = (endpoint: Endpoint, docsUrl: string) => {
  const { deployment } = endpoint;
  if (!deployment) return undefined;
  const { subject, event, contentType, permissions } = deployment;
  const example = deploymentExample(endpoint, deployment);
  const answer = {
    description: "PingOne's own answer: the state of the deployment.",
    headers: headerReferences('Correlation-Id', 'Cache-Control'),
    content: { 'application/json': { schema: reference(deployment), example } },
  };
  return {
    path: deployment.path,
    operations: {
      post: {
        operationId: `deploy${event}`,
        summary: `Deploy the ${subject}`,
        description: `PingOne's \`POST ${deployment.path}\`, never two at a time. **It publishes the whole ${subject}, with everybody's edits that are not deployed yet.** Your grant needs \`"deploy": ["call"]\`. The gateway has the permission \`${permissions.deploy}\`.`,
        tags: ['Deployments'],
        parameters: pathParameters(endpoint),
        requestBody: {
          required: false,
          content: { [contentType]: { schema: emptyBody }, 'application/json': { schema: emptyBody } },
        },
        responses: {
          200: answer,
          ...failures({
            codes: [...codesOfReads, 'INVALID_REQUEST', 'NAME_BUSY', 'LEDGER_UNAVAILABLE', 'DEPLOYMENT_UNKNOWN'],
            hasBody: true,
            docsUrl,
          }),
        },
      },
      get: {
        operationId: `read${event}Deployment`,
        summary: `Read the state of the ${subject}'s deployment`,
        description: `PingOne's own body. Your grant needs the action \`read\`, or \`"deploy": ["call"]\`.`,
        tags: ['Deployments'],
        parameters: pathParameters(endpoint),
        responses: { 200: answer, ...failures({ codes: codesOfReads, hasBody: false, docsUrl }) },
      },
    },
  };
};

/** The schema of PingOne's state. */
export const deploySchemas = ({ deployment }: Endpoint): Readonly<Record<string, JsonSchema>> =>
  deployment
    ? {
        [nameOf(deployment)]: {
          type: 'object',
          description: "PingOne's representation. PingOne may add members.",
          properties: {
            deployedAt: { type: 'string', description: 'When PingOne last deployed with success.' },
            status: {
              type: 'object',
              properties: {
                code: { type: 'string', description: '`DEPLOYMENT_SUCCESSFUL`, a failure, or a step in progress.' },
              },
              required: ['code'],
              additionalProperties: true,
            },
          },
          required: ['status'],
          additionalProperties: true,
        },
      }
    : {};

const nameOf = ({ event }: Deployment) => `${event}Deployment`;
const reference = (deployment: Deployment) => ({ $ref: `#/components/schemas/${nameOf(deployment)}` });
const emptyBody: JsonSchema = { type: 'string', maxLength: 0 };
