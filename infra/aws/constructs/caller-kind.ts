import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Auth } from '../settings/stage-auth.ts';

/** A kind of callers over HTTP: where it calls, and how it is authenticated. */
export interface CallerKind {
  readonly auth: Auth;
  /** Before `/v1` in each of its paths: nothing, or `/iam`. */
  readonly basePath: string;
  /** Replaces PingOne's `apiPath` in documentation with `{{apiPath}}/v1/environments`. */
  readonly apiHost: string;
  /** Replaces PingOne's `apiPath` in documentation with `{{apiPath}}/environments`. */
  readonly apiPath: string;
  readonly authorizer: IHttpRouteAuthorizer;
  /** What a token needs one of, where there are any, for an endpoint's routes. */
  readonly scopesOf: (endpoint: string) => readonly string[];
}

/** The kind of a setting, at an API's address. */
export const kindOf = (auth: Auth, host: string): CallerKind => {
  const basePath = auth.basePath === undefined ? '' : `/${auth.basePath}`;
  const apiHost = host + basePath;
  const isJwt = auth.type === 'jwt';
  return {
    ...{ auth, basePath, apiHost, apiPath: `${apiHost}/v1` },
    authorizer: isJwt
      ? new HttpJwtAuthorizer('Jwt', auth.issuer, { jwtAudience: auth.audience })
      : new HttpIamAuthorizer(),
    scopesOf: (endpoint) => (isJwt ? (auth.routeScopes[endpoint] ?? auth.scopes) : []),
  };
};
