import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod/mini';
import { stage } from '../../infra/aws/settings/stage.ts';
import { findStage, settingsIn } from '../../infra/aws/settings/stage-file.ts';
import { addStacks } from '../../infra/aws/stacks/stacks.ts';
import { bundle, functionNames } from '../../infra/bundle/bundle.ts';
import { exampleFile } from './examples.ts';

// The example dev with the settings of REHEARSED (JSON) in place of its own: `migrated.ts` has the CDK CLI run this file.
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region, REHEARSED = '{}' } = process.env;
await bundle(...functionNames);
const app = new App();
const file = findStage(exampleFile('dev'));
const settings = { ...(await settingsIn(file)), ...JSON.parse(REHEARSED) };
addStacks(app, file.name, z.parse(stage, settings), { account, region });
// As in `app.ts`, since a template says what its app is made of.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
