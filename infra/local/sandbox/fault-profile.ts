import * as z from 'zod/mini';
import { createFaults } from './create-faults.ts';
import { deployFaults } from './deploy-faults.ts';
import { namesIn } from './fault-kind.ts';
import { listFaults } from './list-faults.ts';

/** The kinds of faults that creates, lists and deployments can meet. */
export const createKinds = namesIn(createFaults);
export const listKinds = namesIn(listFaults);
export const deployKinds = namesIn(deployFaults);

/** In place of a kind: a random kind each time. */
export const any = 'any';

const rateExpected = 'rate is a number from 0 to 1';

const kind = <Name extends string>(member: string, kinds: readonly Name[]) =>
  z._default(
    z.nullable(z.enum([any, ...kinds], { error: `${member} is null, ${any}, or one of ${kinds.join(', ')}` })),
    null,
  );

const schema = z.strictObject(
  {
    /** The fault of creates. */
    create: kind('create', createKinds),
    /** The fault of lists. */
    list: kind('list', listKinds),
    /** The fault of deployments. */
    deploy: kind('deploy', deployKinds),
    /** The share of creates, lists and deployments that fail, from 0 to 1. */
    rate: z._default(
      z.number({ error: rateExpected }).check(z.gte(0, { error: rateExpected }), z.lte(1, { error: rateExpected })),
      1,
    ),
    /** With the same seed the same creates, in the same order, meet the same faults. */
    seed: z._default(z.int({ error: 'seed is a whole number' }), 1),
  },
  {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `${keys.join(', ')} is not known; known are create, list, deploy, rate and seed`
        : 'faults are a JSON object with create, list, deploy, rate and seed',
  },
);

/** The faults of the sandbox until the next profile. */
export type FaultProfile = z.output<typeof schema>;

/** Thrown for an invalid profile; the message is for its author. */
export class BadFaultProfile extends Error {
  override readonly name = 'BadFaultProfile';
}

/** Reads a profile. An absent member switches nothing on. @throws BadFaultProfile */
export const parseFaultProfile = (input: unknown): FaultProfile => {
  const { data, error } = z.safeParse(schema, input);
  if (data === undefined) throw new BadFaultProfile(`${error.issues.map(({ message }) => message).join('; ')}.`);
  return data;
};
