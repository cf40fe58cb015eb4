import * as z from 'zod/mini';
import { isMembers } from '../../../lib/validation/members.ts';
import { ApiError, type Sdk } from './go-sdk.ts';
import { environment, type Model } from './models.ts';

/** Where a resource is, and how its answers are decoded. */
export interface ResourceType {
  readonly environmentPath: string;
  readonly collectionPath: string;
  readonly model: Model;
}

type Attributes = z.output<Model>;

/** The refusals that Terraform's provider sends again: permissions may lag. */
const lagging = [
  'The actor attempting to perform the request is not authorized.',
  'The request could not be completed. You do not have access to this resource.',
];
const mostTries = 20;

/** A resource's life as Terraform's PingOne provider leads it, with a state that holds at most the one resource. */
export const terraform = (sdk: Sdk, { environmentPath, collectionPath, model }: ResourceType) => {
  let state: Attributes | undefined;

  /** After a 400, 401 or 403 the provider asks for the environment, and reports its 404 in place of the error. */
  const checked = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ApiError && [400, 401, 403].includes(error.status)) {
        await sdk.call('GET', environmentPath, environment).catch((other: unknown) => {
          if (other instanceof ApiError && other.status === 404) throw new Error('the environment does not exist');
        });
      }
      throw error;
    }
  };

  const resourcePath = () => `${collectionPath}/${state?.id}`;

  return {
    get state() {
      return state;
    },
    /** Creates the resource, unless the state has it. */
    apply: async (config: object): Promise<void> => {
      for (let tries = 1; state === undefined; tries++) {
        try {
          state = await checked(() => sdk.call('POST', collectionPath, model, config));
        } catch (error) {
          const message = error instanceof ApiError ? (error.model?.message ?? '') : '';
          if (tries === mostTries || !lagging.some((words) => message.startsWith(words))) throw error;
        }
      }
    },
    /** Reads the resource; a 404 drops it from the state. */
    refresh: async (): Promise<void> => {
      try {
        state = await checked(() => sdk.call('GET', resourcePath(), model));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
        state = undefined;
      }
    },
    /** The members of the configuration that differ from the state. A mask is equal to any value. */
    plan: (config: Readonly<Record<string, unknown>>): readonly string[] =>
      Object.keys(config).filter((name) => !isEqual(config[name], state?.[name])),
    /** Changes the resource in place. */
    update: async (config: object): Promise<void> => {
      state = await checked(() => sdk.call('PUT', resourcePath(), model, config));
    },
    /** Deletes the resource; a 404 counts as deleted. */
    destroy: async (): Promise<void> => {
      try {
        await checked(() => sdk.call('DELETE', resourcePath(), z.undefined()));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
      }
      state = undefined;
    },
  };
};

const isEqual = (wanted: unknown, found: unknown): boolean => {
  if (typeof found === 'string' && /^\*+$/.test(found)) return true;
  if (Array.isArray(wanted) && Array.isArray(found)) {
    return wanted.length === found.length && wanted.every((each, index) => isEqual(each, found[index]));
  }
  if (!isMembers(wanted) || !isMembers(found)) return wanted === found;
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].every((name) =>
    isEqual(wanted[name], found[name]),
  );
};
