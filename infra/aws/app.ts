import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundle, functionNames } from '../bundle/bundle.ts';
import { refuseExamples } from './settings/example-accounts.ts';
import { stageNamed } from './settings/stages.ts';
import { addStacks } from './stacks/stacks.ts';

// The CDK CLI runs this file (cdk.json): it builds the functions and describes the stacks of the stage that was chosen.
const app = new App();
const name = String(app.node.tryGetContext('stage'));
// Of the credentials that the CLI found, if any.
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
await bundle(...functionNames);
const stage = stageNamed(name);
refuseExamples(name, stage, account);
addStacks(app, name, stage, { account, region });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
