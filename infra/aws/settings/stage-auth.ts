import * as z from 'zod/mini';
import { account, endpointName, host, isUnrepeated, text } from './setting.ts';

export const role = text.check(z.refine((name) => !name.includes(' '), { error: 'must not have a space' }));

/** Names at the root of the API that a base path can't take. */
const reserved = ['v1', 'docs'];

/** Where callers of a kind that is not the first call: `iam` for `/iam/v1/…`. The first kind calls at `/v1/…`. */
const basePath = z.optional(
  z.string().check(
    z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case without slashes, at most 32 characters: iam for /iam/v1'),
    z.refine((name) => !reserved.includes(name), { error: `must not be ${reserved.join(' or ')}` }),
  ),
);

const jwt = z.strictObject({
  type: z.literal('jwt'),
  basePath,
  /**
   * `iss` of the tokens. API Gateway reads `/.well-known/openid-configuration` below it while it is deployed, so that it
   * must answer then, from the internet; else the deployment fails.
   */
  issuer: text.check(
    z.refine((issuer) => URL.canParse(issuer) && issuer.startsWith('https://'), { error: 'must be an https URL' }),
  ),
  /** `aud` (or `client_id`) of the tokens: any one of these. */
  audience: z.array(text).check(z.minLength(1)),
  /** A token needs one of these for every route that `routeScopes` doesn't name; with `[]` it needs none. */
  scopes: z.array(text),
  /** A token needs one of these in its claim `roles`, which app tokens of Entra ID have in place of a scope. */
  roles: z._default(z.array(role), []),
  /** Scopes of single endpoints, in place of `scopes`. */
  routeScopes: z._default(z.partialRecord(endpointName, z.array(text).check(z.minLength(1))), {}),
});

const caller = z.strictObject({
  /** As the grants document calls it: the role may call what its grants there name. */
  name: z.string().check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters')),
  /** Who may assume the caller's role: an AWS account (which chooses among its own principals), or one OIDC subject. */
  trust: z.union([
    z.strictObject({ account }),
    z.strictObject({
      oidc: z.strictObject({
        /** Of an identity provider that this account has: `token.actions.githubusercontent.com`. */
        issuer: host,
        /** `aud` of its tokens. */
        audience: text,
        /** `sub` of its tokens, whole: `repo:example/platform:ref:refs/heads/main`. */
        subject: text.check(z.refine((subject) => !/[*?]/.test(subject), { error: 'must be one subject, no pattern' })),
      }),
    }),
  ]),
});

const iam = z.strictObject({
  type: z.literal('iam'),
  basePath,
  /** One role is made for each. */
  callers: z.array(caller).check(
    z.minLength(1),
    z.refine((callers) => isUnrepeated(callers.map(({ name }) => name)), { error: 'must have names of their own' }),
  ),
});

interface Kind {
  readonly type: string;
  readonly basePath?: string | undefined;
}

/** Each kind once, and each but the first with a base path of its own: a route has one authorizer. */
const kindsDiffer = z.superRefine((kinds: readonly Kind[], context) => {
  for (const [index, { type, basePath: own }] of kinds.entries()) {
    const add = (setting: keyof Kind, message: string) =>
      context.addIssue({ code: 'custom', path: [index, setting], message });
    if (kinds.findIndex((kind) => kind.type === type) < index) add('type', `must not repeat ${type}`);
    if (index === 0 && own !== undefined) add('basePath', 'must be absent: callers of the first kind call at /v1');
    if (index > 0 && own === undefined)
      add('basePath', `is required after the first kind: "${type}" lets its callers call at /${type}/v1`);
  }
});

/** Kinds of callers over HTTP: holders of access tokens, IAM roles, or both. */
export const auth = z.array(z.discriminatedUnion('type', [jwt, iam])).check(z.minLength(1), kindsDiffer);

export type Auth = z.output<typeof auth>[number];
export type Caller = z.output<typeof caller>;
