import type { Endpoint } from '../endpoints/endpoint.ts';
import { valueAt } from '../validation/members.ts';
import type { Grant, Grants } from './document.ts';
import { coversID } from './limits/limit.ts';
import { limits } from './limits/limits.ts';

/** A request to decide on; its parameters and body have passed the endpoint's schemas. */
export interface Asked {
  readonly endpoint: Pick<Endpoint, 'name' | 'grants'>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The dimension in which a grant fails. */
export interface Failure {
  readonly dimension: string;
  /** The reason, as the end of a sentence; it reveals no other caller. */
  readonly denial: string;
  /** Position among the checked dimensions. */
  readonly rank: number;
}

/** The first dimension in which a grant denies a request; undefined if the grant allows it. */
export const firstFailure = (
  grant: Grant,
  asked: Asked,
  { nonProduction }: Pick<Grants, 'nonProduction'>,
  now: number,
): Failure | undefined => {
  const { endpoint } = asked;
  const environment = valueAt(asked, endpoint.grants.environments);
  const checks = [
    {
      dimension: 'endpoint',
      denial: 'the caller has no grant for this endpoint',
      allows: () => grant.endpoints.includes(endpoint.name),
    },
    {
      dimension: 'environment',
      denial: 'the caller has no grant for this endpoint in this environment',
      allows: () => coversID(grant.environments, environment),
    },
    {
      dimension: 'production',
      denial: 'the environment is production, and the caller has no grant for production',
      allows: () => grant.production === true || nonProduction.includes(String(environment)),
    },
    ...limits.map(({ name, dimension, denial, allows }) => ({
      dimension,
      denial,
      allows: () => {
        const places = endpoint.grants[name];
        return places === undefined || allows(grant, ...[places].flat().map((place) => valueAt(asked, place)));
      },
    })),
    {
      dimension: 'expired',
      denial: "the caller's grant has expired",
      // An unparsable date denies.
      allows: () => grant.expires === undefined || now < Date.parse(grant.expires),
    },
  ];
  const rank = checks.findIndex(({ allows }) => !allows());
  const failed = checks[rank];
  return failed && { dimension: failed.dimension, denial: failed.denial, rank };
};
