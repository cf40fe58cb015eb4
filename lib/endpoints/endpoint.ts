import type * as z from 'zod/mini';

type Strings = z.core.$ZodType<Record<string, string>, Record<string, string>>;
type Resources = z.core.$ZodType<{ id: string }, { id: string }>;
type Members = z.core.$ZodType<Record<string, unknown>, Record<string, unknown>>;

/**
 * One PingOne create, as data. Routes, event rules, functions, documents, the local PingOne and the contract tests
 * are all made from these objects; nothing else knows an endpoint by its name.
 */
export interface Endpoint<
  ParametersSchema extends Strings = Strings,
  BodySchema extends Members = Members,
  ResourceSchema extends Resources = Resources,
> {
  /** PingOne's operation id in kebab case. */
  readonly name: string;
  /** One line for a person. */
  readonly summary: string;
  /** PingOne's path below its API base, and ours; each `{name}` is a member of `parameters`. */
  readonly path: `/${string}`;
  /** The path parameters; UUIDs come out in lower case. */
  readonly parameters: ParametersSchema;
  /** What a caller sends. Strict: whether unknown members are refused or forwarded is decided where it is checked. */
  readonly body: BodySchema;
  /** What PingOne documents of its 201. Loose: PingOne adds members; and of a real answer its id is enough. */
  readonly resource: ResourceSchema;
  /** The detail-type of an event that asks for this create. */
  readonly event: `${string}Requested`;
  /** What the create and the list need in the environment (PingOne, "Permissions by Resource"). */
  readonly needs: {
    /** Of the worker application. */
    readonly permissions: { readonly create: string; readonly list: string };
    /** A built-in role that has them, where PingOne names one. */
    readonly role?: string;
    /** Of the environment. */
    readonly service: string;
  };
  /** How many resources PingOne keeps in one collection, where PingOne documents a number. */
  readonly quota?: number;
  /** The members (dotted) that tell a resource from its neighbours: PingOne's creates have no idempotency key. */
  readonly identity: readonly string[];
  /** The arrays (dotted) whose order means nothing to PingOne. */
  readonly sets: readonly string[];
  /**
   * Which limits of a grant this create has (`lib/grants/limits`), each with the place or places in the request that it
   * looks at (`parameters.…`, `body.…`). A grant must give each of them.
   */
  readonly grants: Readonly<Record<string, string | readonly string[]>> & {
    /** The path parameter with the id of the environment. */
    readonly environments: string;
  };
  /** A create that PingOne's documentation shows: parameters, body, and the 201 answer. */
  readonly example: {
    readonly parameters: z.input<ParametersSchema>;
    readonly body: z.input<BodySchema>;
    readonly resource: z.input<ResourceSchema>;
  };
}

type Schemas<ParametersSchema extends Strings, BodySchema extends Members, ResourceSchema extends Resources> = Pick<
  Endpoint<ParametersSchema, BodySchema, ResourceSchema>,
  'parameters' | 'body' | 'resource'
>;

/** An endpoint whose schemas are still to be made. */
export type Definition<
  ParametersSchema extends Strings,
  BodySchema extends Members,
  ResourceSchema extends Resources,
> = Omit<
  Endpoint<ParametersSchema, BodySchema, ResourceSchema>,
  keyof Schemas<ParametersSchema, BodySchema, ResourceSchema>
> & { readonly schemas: () => Schemas<ParametersSchema, BodySchema, ResourceSchema> };

/**
 * Types an endpoint by its schemas, so that its example is checked by the compiler. They are made when one of them is
 * used: a function knows every endpoint, serves one, and would start the later for each of the others.
 */
export const defineEndpoint = <
  ParametersSchema extends Strings,
  BodySchema extends Members,
  ResourceSchema extends Resources,
>({
  schemas,
  ...definition
}: Definition<ParametersSchema, BodySchema, ResourceSchema>): Endpoint<
  ParametersSchema,
  BodySchema,
  ResourceSchema
> => {
  let made: Schemas<ParametersSchema, BodySchema, ResourceSchema> | undefined;
  const make = () => {
    made ??= schemas();
    return made;
  };
  return {
    ...definition,
    get parameters() {
      return make().parameters;
    },
    get body() {
      return make().body;
    },
    get resource() {
      return make().resource;
    },
  };
};
