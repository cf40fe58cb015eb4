import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { GatewayError } from '../../lib/problems.ts';
import { bundle, functionNames } from '../bundle/bundle.ts';
import { refuseExamples } from './settings/example-accounts.ts';
import { findStage, readStage } from './settings/stage-file.ts';
import { addStacks } from './stacks/stacks.ts';

// The CDK CLI runs this file (cdk.json): it builds the functions and defines the stacks of the chosen stage.
const app = new App();
// The account of the CLI's credentials, if it has any.
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
try {
  const file = findStage(String(app.node.tryGetContext('stage')));
  const stage = await readStage(file);
  refuseExamples(file.name, stage, account);
  await bundle(...functionNames);
  addStacks(app, file.name, stage, { account, region });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  console.error(error.message);
  process.exit(1);
}
