import { beforeEach, describe, expect, it } from 'vitest';
import { deploymentOutputs, endpointOutputs, outputName } from '../../infra/aws/stacks/output-name.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { exampleFile } from '../aws/examples.ts';
import { startAccount } from './account.ts';
import { loadTool } from './load-tool.ts';

const dev = exampleFile('dev');

/** What the stack says: for each output its own name. */
const everyOutput = endpoints.flatMap(({ name, deployment }) =>
  [...endpointOutputs, ...(deployment ? deploymentOutputs : [])].map((output) => outputName(name, output)),
);

let outputs: readonly string[];
let calls: string[];
let refused: string | undefined;

beforeEach(() => {
  outputs = [...everyOutput, 'LedgerTable'];
  calls = [];
  refused = undefined;
});

const stop = async (...args: string[]) => loadTool('stop', args, await startAccount({ outputs, calls, refused }));
const mapping = (name: string, output: 'MappingId' | 'DeployMappingId' = 'MappingId') =>
  `/2015-03-31/event-source-mappings/${outputName(name, output)}`;
const concurrency = (
  name: string,
  version: string,
  output: 'HttpFunctionName' | 'DeployFunctionName' = 'HttpFunctionName',
) => `/${version}/functions/${outputName(name, output)}/concurrency`;
const found = 'DescribeStacks pingone-provisioner-dev';

describe('npm run stop', () => {
  it('stops both doors of every endpoint of a stage, found by the outputs of its stack', async () => {
    const { lines, code, stderr } = await stop('--stage', dev);
    expect(code, stderr).toBe(0);
    expect(calls).toEqual([
      found,
      ...endpoints.flatMap(({ name, deployment }) => [
        `PUT ${mapping(name)} {"Enabled":false}`,
        `PUT ${concurrency(name, '2017-10-31')} {"ReservedConcurrentExecutions":0}`,
        ...(deployment
          ? [
              `PUT ${mapping(name, 'DeployMappingId')} {"Enabled":false}`,
              `PUT ${concurrency(name, '2017-10-31', 'DeployFunctionName')} {"ReservedConcurrentExecutions":0}`,
            ]
          : []),
      ]),
    ]);
    for (const { name } of endpoints) {
      expect(lines).toContainEqual(expect.stringContaining(`${name}: events wait in the queue`));
      expect(lines).toContainEqual(expect.stringContaining(`${name}: HTTP callers get 503`));
    }
  });

  it.each(endpoints)('stops one door of $name alone', async ({ name }) => {
    expect((await stop('--stage', dev, name, '--door', 'queue')).code).toBe(0);
    expect(calls).toEqual([found, `PUT ${mapping(name)} {"Enabled":false}`]);
  });

  it('resumes the stopped doors', async () => {
    const { lines, code, stderr } = await stop('--resume', '--stage', dev);
    expect(code, stderr).toBe(0);
    expect(calls).toEqual([
      found,
      ...endpoints.flatMap(({ name, deployment }) => [
        `PUT ${mapping(name)} {"Enabled":true}`,
        `DELETE ${concurrency(name, '2017-10-31')}`,
        ...(deployment
          ? [
              `PUT ${mapping(name, 'DeployMappingId')} {"Enabled":true}`,
              `DELETE ${concurrency(name, '2017-10-31', 'DeployFunctionName')}`,
            ]
          : []),
      ]),
    ]);
    expect(lines).toHaveLength(2 * endpoints.length + endpoints.filter(({ deployment }) => deployment).length);
  });

  it('names the output that a stack of an older version lacks', async () => {
    outputs = ['LedgerTable'];
    const { stderr, code } = await stop('--stage', dev);
    expect(code).toBe(1);
    expect(stderr).toContain('the stack pingone-provisioner-dev has no output ');
    expect(stderr).toContain('deploy this version of it first');
    expect(calls).toEqual([found]);
  });

  it("names the missing stack, its region and AWS's error", async () => {
    refused =
      '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id pingone-provisioner-dev does not exist</Message></Error></ErrorResponse>';
    const { stderr, code } = await stop('--stage', dev);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "the stack pingone-provisioner-dev can't be read in eu-west-1 (AWS answered 400: ValidationError, Stack with id pingone-provisioner-dev does not exist).\n",
    );
  });

  it.each([
    [[], '--stage STAGE is missing'],
    [['--stage', 'none'], 'There is no stage "none"'],
    [['--stage', dev, 'create-nothing'], 'no endpoint is "create-nothing"; --help lists them'],
    [['--stage', dev, 'create-conector-instance'], 'did you mean create-connector-instance?'],
    [['--stage', dev, '--door', 'back'], '--door is queue or http or deployments, not "back"'],
  ])('does nothing for %j, and explains why', async (args, sentence) => {
    const { stderr, code } = await stop(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(calls).toEqual([]);
  });

  it('explains itself', async () => {
    expect((await stop('--help')).lines.join('\n')).toContain('npm run resume -- --stage STAGE');
  });
});

describe('npm run ledger', () => {
  it('finds the ledger of a stage by the outputs of its stack', async () => {
    const { stderr, code } = await loadTool(
      'ledger',
      ['unknown', '--stage', dev],
      await startAccount({ outputs, calls, refused }),
    );
    expect(calls).toEqual(['DescribeStacks pingone-provisioner-dev-state', 'DynamoDB_20120810.Scan LedgerTable']);
    expect([code, stderr]).toEqual([0, '0 requests are open.\n']);
  });

  it('needs a stage or a table', async () => {
    const { stderr, code } = await loadTool('ledger', ['unknown']);
    expect(code).toBe(2);
    expect(stderr).toContain('one of --stage STAGE, --table TABLE and --local is needed; --help explains them');
  });

  it.each([
    [['settle', '--stage', dev], 'settle needs ID; --help explains it.'],
    [['settle', 'some-id', '--stage', dev], 'settle needs either --created RESOURCE or --absent'],
  ])('makes no call to AWS for %j', async (args, sentence) => {
    const { stderr, code } = await loadTool('ledger', args, await startAccount({ outputs, calls, refused }));
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toContain(sentence);
  });
});
