import type { Stage } from './stage.ts';
import { StageUnusable } from './stage-file.ts';

/** The account ids in `infra/aws/examples`, which are AWS's own in its examples. */
const exampleAccounts = ['123456789012', '111122223333', '444455556666'];

/**
 * Refuses to deploy the example stages as they are: their callers and senders would be strangers' accounts. `account` is
 * where to deploy, as far as credentials say it; an emulator has an example id of its own. @throws StageUnusable
 */
export const refuseExamples = (name: string, stage: Stage, account: string | undefined): void => {
  if (account === undefined || exampleAccounts.includes(account)) return;
  const text = JSON.stringify(stage);
  const found = exampleAccounts.filter((id) => text.includes(id));
  if (found.length === 0) return;
  throw new StageUnusable(
    `The stage ${name} has example values for account ids (${found.join(', ')}), and the account to deploy to is ${account}: write a stage of your own with npm run setup, or replace them in the stage's file and in its grants.`,
  );
};
