import type { Deployment } from './endpoint.ts';

/**
 * `POST …/apiServers/{id}/deployment`, "Deploy API Service": publishes the whole API service and the latest version of its
 * policies, everybody's edits included. Until then PingOne enforces none of them.
 */
export const apiServerDeployment: Deployment = {
  path: '/environments/{environmentID}/apiServers/{apiServerID}/deployment',
  contentType: 'application/vnd.pingidentity.apiserver.deploy+json',
  subject: 'API service',
  event: 'ApiService',
  // "PingOne Permissions by Resource": resource apiServerDeployment, service authz.
  permissions: { deploy: 'authz:deploy:apiServerDeployment', read: 'authz:read:apiServerDeployment' },
  example: {
    deployedAt: '2024-04-19T22:27:51.226Z',
    status: { code: 'DEPLOYMENT_SUCCESSFUL' },
    decisionEndpoint: { id: '0b3c9a4e-6d0f-4c53-9a1e-5f0a6e8c7d21' },
  },
};
