import { describe, expect, it } from 'vitest';
import type { StageSettings } from '../../infra/aws/settings/stage.ts';
import { settingsOf } from './examples.ts';
import { publishedIn, type Synthesised, synthesise, type Template } from './synthesise.ts';

const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000003';

/** The origin of a stage's ledger and secrets, and whether it has a key. */
const forms: Readonly<Record<string, Partial<StageSettings>>> = {
  'a ledger and a secret of its own': {},
  'an imported ledger': { ledger: { import: { name: 'restored' } } },
  'another imported ledger': { ledger: { import: { name: 'restored-again' } } },
  'an imported secret': { secret: { import: { name: 'pingone/admin' } } },
  'another imported secret': { secret: { import: { name: 'pingone/other' } } },
  'a secret for one endpoint': { endpointSecrets: { 'create-api-server-operation': 'create' } },
  'an imported ledger, and a secret for each endpoint': {
    ledger: { import: { name: 'restored' } },
    endpointSecrets: { 'create-api-server-operation': 'create', 'create-connector-instance': 'create' },
  },
  'everything imported': { ledger: { import: { name: 'restored' } }, secret: { import: { name: 'pingone/admin' } } },
  'a customer key': { customerKey: true },
  'a customer key, and an imported ledger with its own': {
    customerKey: true,
    ledger: { import: { name: 'restored', keyArn } },
  },
};

const deployments = Object.entries(forms).map(([name, form]) => ({
  name,
  stacks: synthesise('dev', { ...settingsOf('dev'), ...form }),
}));

const migrations = deployments.flatMap(({ name: from, stacks: before }) =>
  deployments.filter(({ name }) => name !== from).map(({ name: to, stacks: after }) => ({ from, to, before, after })),
);

const exportsOf = ({ outputs }: Template): ReadonlyMap<string, string> =>
  new Map(
    Object.values(outputs).flatMap(({ Export, Value }) => (Export ? [[Export.Name, JSON.stringify(Value)]] : [])),
  );

const importsOf = ({ resources }: Template): readonly string[] =>
  [...JSON.stringify(resources).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name = '']) => name);

/** The reason why CloudFormation would reject State, or Service after it, if `before` is deployed: the order of `cdk deploy --all`. */
const refusals = (before: Synthesised, { state, service }: Synthesised): string[] => {
  const [had, has] = [exportsOf(before.state), exportsOf(state)];
  const inUse = importsOf(before.service).filter((name) => has.get(name) !== had.get(name));
  const notExported = importsOf(service).filter((name) => !has.has(name));
  const notPublished = [...service.read.values()].filter((name) => publishedIn(state, name) === undefined);
  const empty = [state, service].filter(({ resources }) => resources.length === 0);
  return [
    ...inUse.map((name) => `the export ${name} is in use`),
    ...notExported.map((name) => `there is no export ${name}`),
    ...notPublished.map((name) => `there is no parameter ${name}`),
    ...empty.map(() => 'a stack has no resource'),
  ];
};

describe('a deployed stage', () => {
  it.each(migrations)('with $from can be changed to $to', ({ before, after }) => {
    expect(refusals(before, after)).toEqual([]);
  });

  it.each(deployments)('with $name can be deployed, and deployed again', ({ stacks }) => {
    expect(refusals(stacks, stacks)).toEqual([]);
  });
});

describe('an upgrade from version 0.1', () => {
  const { state } = synthesise('dev', { ...settingsOf('dev'), customerKey: true });

  it('keeps the exports that its Service stack imports', () => {
    const names = [...exportsOf(state).keys()].map((name) => name.replace('pingone-provisioner-dev-state:', ''));
    expect(names).toEqual(
      expect.arrayContaining([
        'ExportsOutputFnGetAttLedgerTable9343E4AAArnC497D47C',
        'ExportsOutputRefLedgerTable9343E4AAB004A7A8',
        'ExportsOutputRefSecretA29EB82666FAB7DB',
        'ExportsOutputFnGetAttCustomerKeyA9FF30A4ArnE55436B0',
      ]),
    );
  });

  it('replaces neither the ledger nor the secret nor the key: each keeps its logical id', () => {
    const ids = state.resources.filter(({ type }) => type !== 'AWS::SSM::Parameter').map(({ id }) => id);
    expect(ids.toSorted()).toEqual(['CustomerKeyA9FF30A4', 'LedgerTable9343E4AA', 'SecretA29EB826']);
  });
});
