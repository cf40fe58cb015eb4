import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BadCommand } from '../command/command.ts';
import { deployedState } from './deployment.ts';
import { localClient } from './local-run.ts';

interface LedgerPlace {
  readonly stage?: string | undefined;
  /** In place of the stage's or the local run's own. */
  readonly table?: string | undefined;
  readonly local?: boolean | undefined;
  /** The local run's AWS. */
  readonly url: string;
}

/** The ledger that the flags name. @throws BadCommand, DeploymentUnreadable */
export const ledgerAt = async ({ stage, table, local, url }: LedgerPlace) => {
  if (local) {
    // Loaded late: the table of the local run comes with a whole DynamoDB.
    const { ledgerTable } = await import('../local/aws/dynamodb.ts');
    return { dynamo: new DynamoDBClient(localClient(url)), table: table ?? ledgerTable };
  }
  if (stage !== undefined) {
    const deployed = await deployedState(stage);
    return { dynamo: new DynamoDBClient(deployed.client), table: table ?? deployed.table };
  }
  if (table === undefined)
    throw new BadCommand('one of --stage STAGE, --table TABLE and --local is needed; --help explains them');
  return { dynamo: new DynamoDBClient({}), table };
};
