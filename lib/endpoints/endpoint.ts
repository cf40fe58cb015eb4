import type * as z from 'zod/mini';

type Strings = z.core.$ZodType<Record<string, string>, Record<string, string>>;
type Resources = z.core.$ZodType<{ id: string }, { id: string }>;
type Members = z.core.$ZodType<Record<string, unknown>, Record<string, unknown>>;

/** The call that puts created resources into use: until then they are configured only. */
export interface Deployment {
  /** PingOne's path; its parameters are the endpoint's. `POST` deploys, `GET` reads the state. */
  readonly path: `/${string}`;
  /** The content type of the `POST`, which has no body. */
  readonly contentType: string;
  /** What is deployed, for a person. */
  readonly subject: string;
  /** Begins the detail-types of its outcomes: `…Deployed` and `…DeploymentFailed`. */
  readonly event: string;
  /** Permissions of the worker application. */
  readonly permissions: { readonly deploy: string; readonly read: string };
  /** PingOne's documented 200 body of both calls, without its links: `self`, and those of a resource. */
  readonly example: Readonly<Record<string, unknown>>;
}

/**
 * One PingOne create, as data. Routes, event rules, functions, documents, the local PingOne and the contract tests are made
 * from these objects; no other code depends on an endpoint's name.
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
  /** The path below PingOne's API base and below ours; each `{name}` is a member of `parameters`. */
  readonly path: `/${string}`;
  /** The path parameters; UUIDs become lower case. */
  readonly parameters: ParametersSchema;
  /** A caller's body. Strict: the validation of a door decides whether to refuse or forward unknown members. */
  readonly body: BodySchema;
  /** Members of PingOne's answers that a create leaves out, so that a body that was read back can be sent. */
  readonly readOnly?: readonly string[];
  /** Members whose values a reader gets masked, unless its grant says `secrets`. */
  readonly masked?: readonly string[];
  /** PingOne's documented 201 body. Loose, since PingOne adds members; in a real answer the id is enough. */
  readonly resource: ResourceSchema;
  /** The detail-type of a request event for this create. */
  readonly event: `${string}Requested`;
  /** Requirements of create and list in the environment (PingOne, "Permissions by Resource"). */
  readonly needs: {
    /** Permissions of the worker application. */
    readonly permissions: { readonly create: string; readonly list: string };
    /** A built-in role with these permissions, if PingOne names one. */
    readonly role?: string;
    /** The service that the environment must have. */
    readonly service: string;
  };
  /** The call that puts what was created into use, if PingOne needs one. */
  readonly deployment?: Deployment;
  /** Maximum number of resources in one collection, if PingOne documents it. */
  readonly quota?: number;
  /** The members (dotted) that identify a resource in its collection: PingOne's creates have no idempotency key. */
  readonly identity: readonly string[];
  /** The arrays (dotted) whose order PingOne ignores. */
  readonly sets: readonly string[];
  /**
   * The limits of a grant that apply to this create (`lib/grants/limits`), each with the place or places in the request
   * that it checks (`parameters.…`, `body.…`). A grant must have each of them.
   */
  readonly grants: Readonly<Record<string, string | readonly string[]>> & {
    /** The path parameter with the id of the environment. */
    readonly environments: string;
  };
  /** An example of PingOne's documentation: parameters, body, and 201 body. */
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

/** An endpoint whose schemas are not made yet. */
export type Definition<
  ParametersSchema extends Strings,
  BodySchema extends Members,
  ResourceSchema extends Resources,
> = Omit<
  Endpoint<ParametersSchema, BodySchema, ResourceSchema>,
  keyof Schemas<ParametersSchema, BodySchema, ResourceSchema>
> & { readonly schemas: () => Schemas<ParametersSchema, BodySchema, ResourceSchema> };

/**
 * Types an endpoint by its schemas, so that the compiler checks its example. The schemas are made on first use: a function
 * imports every endpoint but serves one, and the others would slow its start.
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
