import { type App, type Environment, Tags } from 'aws-cdk-lib';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints as registry } from '../../../lib/endpoints/index.ts';
import type { Stage } from '../settings/stage.ts';
import { serviceStackName, stateStackName } from './output-name.ts';
import { ServiceStack } from './service-stack.ts';
import { StateStack } from './state-stack.ts';

/**
 * The two stacks of one deployment: State must not be lost, Service can be replaced. They are deployed in the `current`
 * account and region unless the stage names others.
 */
export const addStacks = (
  app: App,
  name: string,
  stage: Stage,
  current: Environment = {},
  endpoints: readonly Endpoint[] = registry,
) => {
  const common = {
    env: { account: stage.account ?? current.account, region: stage.region ?? current.region },
    terminationProtection: stage.production,
    stage,
    endpoints,
  };
  const state = new StateStack(app, 'State', { ...common, stackName: stateStackName(name) });
  const service = new ServiceStack(app, 'Service', {
    ...common,
    stackName: serviceStackName(name),
    stageName: name,
    state,
  });
  // CloudFormation has no tags for dashboards, though CDK would write them; parameters have both in their names.
  const excludeResourceTypes = ['AWS::CloudWatch::Dashboard', 'AWS::SSM::Parameter'];
  Tags.of(app).add('application', 'pingone-provisioner', { excludeResourceTypes });
  Tags.of(app).add('stage', name, { excludeResourceTypes });
  return { state, service };
};
