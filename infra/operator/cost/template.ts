import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { GatewayError } from '../../../lib/problems.ts';

/** Thrown when there is no template to count in. */
export class NoTemplate extends GatewayError {
  override readonly name = 'NoTemplate';
}

const template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z._default(z.unknown(), {}) })),
});

const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.optional(z.unknown()) });

/** An alarm on one metric, or on an expression over several. */
export const alarm = z.union([
  z.object({ Metrics: z.array(z.object({ MetricStat: z.optional(z.object({ Metric: metric })) })) }),
  metric,
]);

export type Metric = z.output<typeof metric>;

/** The resources of a deployment, as `cdk synth` writes them into a directory. Throws NoTemplate. */
export const resourcesIn = (directory: string) => {
  const stacks = ['State', 'Service'].map((stack) =>
    z.parse(template, read(join(directory, `${stack}.template.json`))),
  );
  const resources = stacks.flatMap(({ Resources }) => Object.values(Resources));
  return {
    /** The properties of all resources of a type. */
    ofType: <Schema extends z.ZodMiniType>(type: string, schema: Schema): z.output<Schema>[] =>
      resources.flatMap(({ Type, Properties }) => (Type === type ? [z.parse(schema, Properties)] : [])),
  };
};

export type Resources = ReturnType<typeof resourcesIn>;

const read = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new NoTemplate(`${file} cannot be read; run npx cdk synth -q first`, { cause });
  }
};
