import { readFile } from 'node:fs/promises';
import { endpoints } from '../../lib/endpoints/index.ts';
import { decide } from '../../lib/grants/decide.ts';
import { denied } from '../../lib/grants/denied.ts';
import { type Grants, GrantsUnusable, parseGrants } from '../../lib/grants/document.ts';
import { writtenLimits } from '../../lib/grants/limits/limits.ts';
import { GatewayError, Problem } from '../../lib/problems.ts';
import { parseJson } from '../../lib/validation/parse-json.ts';
import { BadCommand, parseCommand, runCommand } from './command.ts';
import { type Flags, flags, questionIn } from './grants-question.ts';

const help = `Checks a grants document, or explains what it decides.

Usage: npm run grants -- check FILE
       npm run grants -- explain FILE --principal P --endpoint E --environment X [flags]

check prints each violation on a line, its JSON Pointer first, and ends with 1 if there is one.
explain prints allow or deny, why, and the grant that allows or came closest; it ends with 0 either way.

  --principal P     who asks: iam:ACCOUNT:ROLE, jwt:ISSUER:client:ID, jwt:ISSUER:subject:ID
                    or event:ACCOUNT:SOURCE
  --endpoint E      ${endpoints.map(({ name }) => name).join(' or ')}
  --environment X   id of the PingOne environment
${Object.values(writtenLimits)
  .map(
    ({ flag: { name, argument = '', help: lines } }) =>
      `  ${`--${name} ${argument}`.padEnd(17)} ${lines.join(`\n${' '.repeat(20)}`)}`,
  )
  .join('\n')}
  --at TIME         decide as of this date-time (RFC 3339), not now
  --help            print this
`;

/** Thrown when the file cannot be read as JSON. */
class DocumentUnreadable extends GatewayError {
  override readonly name = 'DocumentUnreadable';
}

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, flags);
  const [name = '', file, ...more] = positionals;
  if (values.help || name === '') {
    console.log(help);
    return;
  }
  const command = commands.get(name);
  if (!command || file === undefined || more.length > 0) {
    throw new BadCommand(`the command is check FILE or explain FILE, not "${positionals.join(' ')}"`);
  }
  await command(file, values);
};

const check = async (file: string, given: Flags): Promise<void> => {
  if (Object.keys(given).length > 0) throw new BadCommand('check takes a file and no flags');
  const { callers } = await read(file);
  const grants = callers.flatMap((caller) => caller.grants);
  console.log(`no violations; callers: ${callers.length}, grants: ${grants.length}`);
};

const explain = async (file: string, given: Flags): Promise<void> => {
  const { principal, asked, at } = questionIn(given, Date.now);
  const grants = await read(file);
  const decision = decide(grants, principal, asked, at);
  const caller = grants.callers.find(({ name }) => name === decision.caller);
  const grantNamed = (named: string | undefined) =>
    JSON.stringify(caller?.grants.find(({ name }) => name === named)) ?? 'none';
  const lines = decision.allowed
    ? ['allow', 'why: the grant covers every dimension', `grant: ${grantNamed(decision.grant)}`]
    : ['deny', `why: ${denied(decision).message}`, `closest grant: ${grantNamed(decision.closest)}`];
  console.log([...lines, `caller: ${caller?.name ?? 'none'}`].join('\n'));
};

const commands = new Map([
  ['check', check],
  ['explain', explain],
]);

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

await runCommand(async (args) => {
  try {
    await run(args);
  } catch (error) {
    if (!(error instanceof GrantsUnusable)) throw error;
    for (const { pointer, message } of error.violations) console.log(`${pointer} ${message}`.trim());
    process.exitCode = 1;
  }
});
