import type { Endpoint } from '../endpoints/endpoint.ts';
import { valueAt } from '../validation/members.ts';
import type { Action, Deploys, Grant, Grants } from './document.ts';
import { coversID } from './limits/limit.ts';
import { limits } from './limits/limits.ts';

/** A request to decide on; its parameters and body have passed the endpoint's schemas. */
export interface AccessRequest {
  readonly endpoint: Pick<Endpoint, 'name' | 'grants'>;
  /** `create` by default. */
  readonly action?: Action;
  /** Asks for the right to deploy, instead of an action. */
  readonly deploy?: Deploys | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** The body of a create, or the resource that is read; without it limits of the body are not checked. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The dimension in which a grant fails. */
export interface Failure {
  readonly dimension: string;
  /** The reason, as the end of a sentence; it reveals no other caller. */
  readonly denial: string;
  /** Position among the checked dimensions. */
  readonly rank: number;
}

interface Check extends Pick<Failure, 'dimension' | 'denial'> {
  readonly allows: (
    grant: Grant,
    request: AccessRequest,
    grants: Pick<Grants, 'nonProduction'>,
    now: number,
  ) => boolean;
}

/** The first dimension in which a grant denies a request; undefined if the grant allows it. */
export const firstFailure = (...of: Parameters<Check['allows']>): Failure | undefined => {
  const rank = checks.findIndex(({ allows }) => !allows(...of));
  const failed = checks[rank];
  return failed && { ...failed, rank };
};

/** The failure of a caller without grants: earlier than that of any grant. */
export const noGrant: Failure = {
  dimension: 'endpoint',
  denial: 'the caller has no grant for this endpoint',
  rank: -1,
};

const environmentIn = (request: AccessRequest): unknown => valueAt(request, request.endpoint.grants.environments);

/** From the coarse to the fine: a grant that fails later is closer. */
const allChecks = (): readonly Check[] => [
  { ...noGrant, allows: (grant, { endpoint }) => grant.endpoints.includes(endpoint.name) },
  {
    dimension: 'action',
    denial: 'the caller has no grant for this action on this endpoint',
    allows: ({ actions = ['create'] }, { action = 'create', deploy }) => Boolean(deploy) || actions.includes(action),
  },
  {
    dimension: 'deploy',
    denial: 'the caller has no grant for this kind of deployment',
    allows: (grant, { deploy }) => deploy === undefined || grant.deploy?.includes(deploy) === true,
  },
  {
    dimension: 'environment',
    denial: 'the caller has no grant for this endpoint in this environment',
    allows: (grant, request) => coversID(grant.environments, environmentIn(request)),
  },
  {
    dimension: 'production',
    denial: 'the environment is production, and the caller has no grant for production',
    allows: (grant, request, { nonProduction }) =>
      grant.production === true || nonProduction.includes(String(environmentIn(request))),
  },
  ...limits.map(({ name, dimension, denial, isOfSent, allows }) => ({
    dimension,
    denial,
    allows: (grant: Grant, request: AccessRequest) => {
      const places = [request.endpoint.grants[name] ?? []].flat();
      const isUnknown = request.body === undefined && places.some((place) => place.startsWith('body.'));
      if (places.length === 0 || isUnknown || (isOfSent && request.action === 'read')) return true;
      return allows(grant, ...places.map((place) => valueAt(request, place)));
    },
  })),
  {
    dimension: 'expired',
    denial: "the caller's grant has expired",
    // An unparsable date denies.
    allows: ({ expires }, _request, _grants, now) => expires === undefined || now < Date.parse(expires),
  },
];

// Pure, so that a bundle without decisions has no checks.
const checks = /* @__PURE__ */ allChecks();
