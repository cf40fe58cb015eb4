import { readFile } from 'node:fs/promises';
import { decide } from '../../lib/grants/decide.ts';
import { denied } from '../../lib/grants/denied.ts';
import { type Grants, GrantsUnusable, parseGrants } from '../../lib/grants/document.ts';
import { GatewayError, Problem } from '../../lib/problems.ts';
import { parseJson } from '../../lib/validation/parse-json.ts';
import { doorsOf } from '../aws/settings/stage-file.ts';
import { unmatchedIn } from '../aws/settings/unmatched-grants.ts';
import { type CommandLine, defineCommand, option, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { flags, questionIn } from './grants-question.ts';

const stageFlag = option('STAGE', 'check that the principals can call this stage, too: its name, or its file');

const allFlags = { ...flags, stage: stageFlag, output };

type Line = CommandLine<typeof allFlags>;

/** Thrown when the file cannot be read as JSON. */
class DocumentUnreadable extends GatewayError {
  override readonly name = 'DocumentUnreadable';
}

const check = async (file: string, { values, print }: Line): Promise<void> => {
  try {
    const document = await read(file);
    const doors = values.stage === undefined ? undefined : await doorsOf(values.stage);
    const unmatched = unmatchedIn(document, Date.now(), doors);
    if (unmatched.length > 0) return reportViolations(unmatched, print);
    const { callers } = document;
    const grants = callers.flatMap((caller) => caller.grants).length;
    print(
      { violations: 0, callers: callers.length, grants },
      `no violations; callers: ${callers.length}, grants: ${grants}`,
    );
  } catch (error) {
    if (!(error instanceof GrantsUnusable)) throw error;
    reportViolations(error.violations, print);
  }
};

const reportViolations = (
  violations: readonly { readonly pointer?: string | undefined; readonly message: string }[],
  print: Line['print'],
): void => {
  for (const { pointer = '', message } of violations) print({ pointer, message }, `${pointer} ${message}`.trim());
  process.exitCode = 1;
};

const explain = async (file: string, { values, print }: Line): Promise<void> => {
  const { principal, request, at } = questionIn(values, Date.now);
  const grants = await read(file);
  const decision = decide(grants, principal, request, at);
  const caller = grants.callers.find(({ name }) => name === decision.caller);
  const named = decision.allowed ? decision.grant : decision.closest;
  const grant = caller?.grants.find(({ name }) => name === named);
  const why = decision.allowed ? 'the grant covers every dimension' : denied(decision).message;
  const result = { decision: decision.allowed ? 'allow' : 'deny', why, grant, caller: caller?.name };
  const lines = [
    result.decision,
    `why: ${why}`,
    `${decision.allowed ? 'grant' : 'closest grant'}: ${JSON.stringify(grant) ?? 'none'}`,
    `caller: ${result.caller ?? 'none'}`,
  ];
  print(result, lines.join('\n'));
};

const read = async (file: string): Promise<Grants> => {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new DocumentUnreadable(`${file} can't be read`, { cause });
  });
  try {
    return parseGrants(parseJson(text));
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    const words = cause.facts.violations?.map(({ message }) => message.replace('the body', 'the document')).join('; ');
    throw new DocumentUnreadable(`${file} can't be read: ${words}`);
  }
};

await runCommand(
  defineCommand({
    call: 'npm run grants',
    summary: 'Checks a grants document, or explains what it decides.',
    verbs: {
      check: { args: ['FILE'], flags: ['stage'], help: 'prints each violation on a line, its JSON Pointer first' },
      explain: {
        args: ['FILE'],
        needs: '--principal P --endpoint E --environment X',
        help: 'prints allow or deny, why, and the grant that allows or came closest',
      },
    },
    flags: allFlags,
    fails: 'the document has violations or cannot be read',
    run: (line) => (line.verb === 'check' ? check : explain)(String(line.args[0]), line),
  }),
);
