import { dirname, join } from 'node:path';
import type { WrittenFiles } from './files.ts';
import type { Answers } from './question.ts';

/** The file of the worker application's credentials, beside the stage, which Git ignores in `stages/`. */
const secretFile = ({ stage }: WrittenFiles): string => join(dirname(stage), 'worker-application.json');

/** The commands that remain after set-up. */
export const commandsAfter = (written: WrittenFiles, { environment }: Answers): readonly string[] => [
  `npx cdk bootstrap -c stage=${written.stage}`,
  `npx cdk deploy --all -c stage=${written.stage}`,
  `npm run check-worker -- --secret ${secretFile(written)} --environment ${environment} --fill ${written.stage}`,
];

/** What a person does next. */
export const nextSteps = (written: WrittenFiles, answers: Answers): string => {
  const { account, caller, environment, 'pingone-region': region } = answers;
  const secret = JSON.stringify({ clientId: '…', clientSecret: '…', environmentID: '…', region });
  return `
Three commands remain, with an administrator's credentials of the account ${account}:

${commandsAfter(written, answers)
  .map((command) => `  ${command}`)
  .join('\n')}

The last one checks the worker application, then fills the stage's secret. Before it save the credentials as
${secretFile(written)}; environmentID is the environment that the application is in:

  ${secret}

The caller ${caller} may create everything in the environment ${environment}: narrow that in ${written.grants}.`;
};
