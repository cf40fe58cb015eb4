import { defineCommand, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { costsOf } from './cost/cost.ts';

await runCommand(
  defineCommand({
    call: 'npm run cost',
    summary: `Computes what the stage that npx cdk synth -q wrote last costs: USD, list prices of us-east-1.
DIRECTORY is where its templates are, cdk.out by default.`,
    args: ['DIRECTORY?'],
    flags: { output },
    fails: 'there is no template',
    run: async ({ args: [directory = 'cdk.out'], print }) => {
      for (const { text, ...bill } of costsOf(directory)) print(bill, text);
    },
  }),
);
