import * as z from 'zod/mini';

/** The content types that PingOne's Go SDKs decode as JSON; of any other error they keep the status alone. */
const decodable = /(?:application|text)\/(?:vnd\.[^;]+\+)?json/i;

/** What the SDKs send again, up to ten times, creates too. */
const retried: readonly number[] = [408, 429, 500, 502, 503, 504];
const attempts = 10;

/** The members of an error that the SDKs require. */
const pingOneError = z.object({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  details: z.optional(z.array(z.object({ code: z.string(), message: z.string(), target: z.optional(z.string()) }))),
});

/** An answer with an error status; the model is absent if the SDK can't decode it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly model: z.output<typeof pingOneError> | undefined;

  constructor(status: number, model: z.output<typeof pingOneError> | undefined) {
    super(`${status} ${model?.code ?? 'without a model'}: ${model?.message ?? ''}`);
    this.status = status;
    this.model = model;
  }
}

/** Thrown where the SDK can't decode a success. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

export interface Sdk {
  /** Sends a call, and decodes its answer. @throws ApiError, Undecodable */
  readonly call: <Model>(method: string, path: string, model: z.ZodMiniType<Model>, body?: object) => Promise<Model>;
}

/** Calls and decodes as pingone-go-client and pingone-go-sdk-v2 do: without a key, with their retries, by content type. */
export const goSdk = (apiPath: string, accessToken: string, wait: (milliseconds: number) => Promise<unknown>): Sdk => {
  const send = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    for (let tries = 1; ; tries++) {
      const response = await fetch(apiPath + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      if (tries === attempts || !retried.includes(response.status)) return response;
      await response.text();
      await wait(Math.min(30, Number(response.headers.get('retry-after') ?? 2 ** tries)) * 1000);
    }
  };
  return {
    call: async (method, path, model, body) => decoded(await send(method, path, body), model),
  };
};

/** An answer as the SDKs decode it. @throws ApiError, Undecodable */
export const decoded = async <Model>(response: Response, model: z.ZodMiniType<Model>): Promise<Model> => {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const value = decodable.test(type) ? JSON.parse(text) : undefined;
  if (!response.ok) throw new ApiError(response.status, z.safeParse(pingOneError, value).data);
  const { data, error } = z.safeParse(model, response.status === 204 ? undefined : value);
  if (error) throw new Undecodable(`${response.status} with ${type}: ${error.message}`);
  return data;
};
