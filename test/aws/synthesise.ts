import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { vi } from 'vitest';
import * as z from 'zod/mini';
import { type StageSettings, stage } from '../../infra/aws/settings/stage.ts';
import { addStacks } from '../../infra/aws/stacks/stacks.ts';
import { bundleOnce } from '../../infra/bundle/bundle.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { settingsOf } from './examples.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

await bundleOnce();

/**
 * CDK's own checks take twenty times as long as the rest: `.ci/run` has them, and each deployment, too. CDK also takes
 * the stack of each value that it may have to blame.
 */
const quickly = <Result>(act: () => Result): Result => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  vi.stubEnv('CDK_VALIDATION', 'false');
  try {
    return act();
  } finally {
    vi.unstubAllEnvs();
    Error.stackTraceLimit = stackTraceLimit;
  }
};

interface SynthesisOptions {
  readonly nag?: boolean;
  readonly endpoints?: readonly Endpoint[];
}

/** The result of `cdk synth` for a stage, or for other settings under its name. */
export const synthesise = (
  name: string,
  settings: StageSettings = settingsOf(name),
  options: SynthesisOptions = {},
): Synthesised => {
  const cacheKey = JSON.stringify([name, settings, options.nag, options.endpoints ?? endpoints]);
  const synthesised = known.get(cacheKey) ?? quickly(() => newlySynthesised(name, settings, options));
  known.set(cacheKey, synthesised);
  return synthesised;
};

/** Results, cached: each takes half a second, and many test files use the same. */
const known = new Map<string, Synthesised>();

const newlySynthesised = (
  name: string,
  settings: StageSettings,
  { nag = false, endpoints: other }: SynthesisOptions,
) => {
  const app = new App({
    treeMetadata: false,
    analyticsReporting: false,
    context: { ...context, 'aws:cdk:disable-stack-trace': true },
    outdir: mkdtempSync(join(tmpdir(), 'pingone-provisioner-')),
  });
  addStacks(app, name, z.parse(stage, settings), {}, other);
  if (nag) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const assembly = app.synth();
  const templates = ['State', 'Service'].map((id) => assembly.getStackArtifact(id).template);
  return { directory: assembly.directory, state: templateOf(templates[0]), service: templateOf(templates[1]) };
};

/** One resource of a template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes; what is missing fails its test.
  readonly properties: any;
  readonly deletionPolicy: string | undefined;
  readonly dependsOn: readonly string[];
}

const templateOf = (template: {
  readonly Resources?: Record<
    string,
    { Type: string; Properties?: object; DeletionPolicy?: string; DependsOn?: string[] }
  >;
  readonly Parameters?: Record<string, { readonly Type: string; readonly Default?: string }>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>;
}) => {
  const resources = Object.entries(template.Resources ?? {}).map(
    ([id, { Type, Properties, DeletionPolicy, DependsOn = [] }]): Resource => ({
      id,
      type: Type,
      properties: Properties ?? {},
      deletionPolicy: DeletionPolicy,
      dependsOn: DependsOn,
    }),
  );
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const named = (type: string, name: RegExp): Resource => {
    const [found, ...others] = ofType(type).filter(({ id }) => name.test(id));
    if (!found || others.length > 0) throw new Error(`there is not one ${type} like ${name}`);
    return found;
  };
  /** The SSM parameters that are read at deployment, by the name of the template's parameter. */
  const read = new Map(
    Object.entries(template.Parameters ?? {}).flatMap(([id, { Type, Default }]) =>
      Type.startsWith('AWS::SSM::Parameter::Value') && id !== 'BootstrapVersion' ? [[id, `${Default}`]] : [],
    ),
  );
  return { resources, outputs: template.Outputs ?? {}, read, ofType, named };
};

export type Synthesised = ReturnType<typeof newlySynthesised>;
export type Template = Synthesised['service'];

/** A value of a template as one text, with `<Id.Attribute>` for what only a deployment knows; what Service reads followed to State. */
export const flat = (value: unknown, of: Synthesised): string => {
  if (typeof value === 'string') return value;
  const node = Object(value);
  if (node.Ref) {
    const parameter = of.service.read.get(node.Ref);
    if (parameter === undefined) return `<${node.Ref}>`;
    return flat(publishedIn(of.state, parameter), of);
  }
  if (node['Fn::GetAtt']) return `<${node['Fn::GetAtt'].join('.')}>`;
  if (node['Fn::Join']) return node['Fn::Join'][1].map((part: unknown) => flat(part, of)).join(node['Fn::Join'][0]);
  throw new Error(`not a text: ${JSON.stringify(value)}`);
};

/** The value of an SSM parameter that a stack publishes; undefined if there is none of this name. */
export const publishedIn = ({ ofType }: Template, parameter: string): unknown =>
  ofType('AWS::SSM::Parameter').find(({ properties }) => properties.Name === parameter)?.properties.Value;
