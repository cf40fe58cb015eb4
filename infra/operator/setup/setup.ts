import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GatewayError } from '../../../lib/problems.ts';
import { findStage, readStage } from '../../aws/settings/stage-file.ts';
import { withTerminal } from '../../command/ask.ts';
import { defineCommand, output } from '../../command/command.ts';
import { runCommand } from '../../command/run-command.ts';
import { gatherAnswers } from './answers.ts';
import { writeStage } from './files.ts';
import { commandsAfter, nextSteps } from './next-steps.ts';
import { questions } from './questions.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Thrown when the new stage can't be synthesised. */
class NotSynthesised extends GatewayError {
  override readonly name = 'NotSynthesised';
}

const flags = Object.fromEntries(
  questions.map(({ flag, argument, prompt }) => [flag, { type: 'string', argument, help: prompt } as const]),
);

/** Synthesises both stacks with the CDK CLI, offline. @throws NotSynthesised */
const synthesise = async (stage: string): Promise<void> => {
  console.error('Synthesising both stacks …');
  const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--no-notices', '-c', `stage=${stage}`];
  await promisify(execFile)(process.execPath, cdk, { cwd: root }).catch(({ stdout, stderr }) => {
    throw new NotSynthesised(`npx cdk synth -c stage=${stage} failed: ${stderr || stdout}`);
  });
};

await runCommand(
  defineCommand({
    call: 'npm run setup',
    summary: `Writes a stage and its grants for a first deployment, checks both, and prints the remaining commands.
At a terminal it asks for each flag that you leave out; without a terminal it uses the default.`,
    flags: {
      ...flags,
      yes: { type: 'boolean', default: false, help: 'take each default without asking' },
      overwrite: { type: 'boolean', default: false, help: 'replace files that exist' },
      'no-synth': { type: 'boolean', default: false, help: 'leave out npx cdk synth, which takes some seconds' },
      output,
    },
    fails: 'a file exists, or a check failed',
    run: async ({ values: { yes, overwrite, 'no-synth': leavesOut, output: _, ...given }, print }) => {
      await withTerminal(async (ask) => {
        const answers = await gatherAnswers(given, yes === true, ask);
        const written = await writeStage(answers, overwrite === true, ask);
        await readStage(findStage(written.stage));
        console.error(`Written and checked: ${written.stage}, ${written.grants}.`);
        if (!leavesOut) await synthesise(written.stage);
        print({ ...written, commands: commandsAfter(written, answers) }, nextSteps(written, answers));
      });
    },
  }),
);
