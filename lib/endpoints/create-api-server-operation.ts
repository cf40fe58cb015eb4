import * as z from 'zod/mini';
import { apiServerDeployment } from './api-server-deployment.ts';
import { defineEndpoint } from './endpoint.ts';
import { accessControl } from './rules/access-control.ts';
import { operationPath } from './rules/operation-path.ts';
import { unrepeated } from './rules/unrepeated.ts';

/** `POST …/operations`: an operation is a group of requests to an API server, with its access control. */
export const createApiServerOperation = defineEndpoint({
  name: 'create-api-server-operation',
  summary: 'Create an operation of an API server',
  path: '/environments/{environmentID}/apiServers/{apiServerID}/operations',
  schemas: () => ({
    parameters: z.strictObject({
      environmentID: z.guid().check(z.toLowerCase()),
      apiServerID: z.guid().check(z.toLowerCase()),
    }),
    body: z.strictObject({
      // No source limits the name; only the Terraform provider refuses an empty one.
      name: z.string().check(z.minLength(1)),
      // API Operations data model: a pattern is unique within its operation, for both path types.
      paths: z
        .array(operationPath())
        .check(z.minLength(1), z.maxLength(10), unrepeated('pattern'), z.meta({ uniqueItems: true })),
      // Null (API Operations data model) or absent (Terraform acceptance tests): every method.
      methods: z.nullish(
        z
          .array(
            // The API Operations data model takes any HTTP token; the authorize OpenAPI lists six methods.
            z
              .string()
              .check(
                z.minLength(1),
                z.maxLength(64),
                z.regex(
                  /^[!#$%&'*+.^_`|~0-9A-Za-z-]*$/,
                  "must be an HTTP method: letters, digits and !#$%&'*+-.^_`|~ only",
                ),
              ),
          )
          .check(z.minLength(1), z.maxLength(10), unrepeated(), z.meta({ uniqueItems: true })),
      ),
      accessControl: z.nullish(accessControl()),
    }),
    // The authorize OpenAPI requires only `name` and `paths` in an answer; we also need the id.
    resource: z.looseObject({
      id: z.string().check(z.minLength(1)),
      name: z.string(),
      paths: z.array(z.looseObject({ type: z.string(), pattern: z.string() })),
      _links: z.nullish(z.looseObject({ self: z.looseObject({ href: z.string() }) })),
    }),
  }),
  event: 'ApiServerOperationRequested',
  // "PingOne Permissions by Resource" has no row for operations; they are part of an API server, so we ask for its update permission. PingOne names no role.
  needs: {
    permissions: { create: 'authz:update:apiServer', list: 'authz:read:apiServer' },
    service: 'PingOne Authorize',
  },
  deployment: apiServerDeployment,
  // "Defining operations for protected actions": operations per API service.
  quota: 25,
  identity: ['name', 'paths'],
  sets: ['methods', 'paths', 'accessControl.group.groups', 'accessControl.scope.scopes'],
  grants: {
    environments: 'parameters.environmentID',
    apiServers: 'parameters.apiServerID',
    pathPrefixes: 'body.paths',
    // Not `authentication`, which admits any user who can sign in, nor `custom`, which names no rule.
    requireAccessControl: [
      'body.accessControl.group.groups',
      'body.accessControl.permission.id',
      'body.accessControl.scope.scopes',
    ],
  },
  example: {
    parameters: {
      environmentID: 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6',
      apiServerID: 'a82aa1c1-1a8e-4b6e-a43e-2266ebd57626',
    },
    body: {
      name: 'AccountsPayable',
      paths: [{ type: 'EXACT', pattern: '/accountsPayable' }],
      methods: ['POST', 'PUT'],
    },
    resource: {
      _links: {
        self: {
          href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/apiServers/a82aa1c1-1a8e-4b6e-a43e-2266ebd57626/operations/ad5d139a-c4b3-40d9-a030-29b393391ecc',
        },
        environment: { href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6' },
        apiServer: {
          href: 'https://api.pingone.com/v1/environments/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/apiServers/a82aa1c1-1a8e-4b6e-a43e-2266ebd57626',
        },
      },
      id: 'ad5d139a-c4b3-40d9-a030-29b393391ecc',
      name: 'AccountsPayable',
      methods: ['POST', 'PUT'],
      paths: [{ type: 'EXACT', pattern: '/accountsPayable' }],
    },
  },
});
