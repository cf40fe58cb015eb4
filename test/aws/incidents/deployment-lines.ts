import { callerOfAll } from '../../../infra/local/gateway/local-grants.ts';
import type { DeployFault } from '../../../infra/local/sandbox/deploy-faults.ts';
import { endpoint } from '../../harness/deployable-endpoint.ts';
import { startDeployer } from '../../harness/deployer.ts';
import { startSystem } from '../../harness/system.ts';
import type { Line } from '../filter-pattern.ts';
import { lambdaLine } from './lines.ts';

/** The log lines of a pending deployment that meets this fault; without one, no grant allows it any more. */
export const deploymentLines = async (fault: DeployFault | undefined): Promise<readonly Line[]> => {
  const system = await startSystem({ sandbox: { faults: { deploy: () => fault } } });
  const caller = callerOfAll('ci', [{ jwt: { issuer: 'https://issuer.example', client: 'ci' } }]);
  const own = caller.grants.map((grant) => ({ ...grant, deploy: ['after' as const] }));
  const grants = { version: '1' as const, callers: [{ ...caller, grants: fault ? own : [] }] };
  const deployer = startDeployer(system, endpoint, { grants: () => grants });
  await deployer.send({
    number: 1,
    requestID: 'r',
    caller: 'ci',
    parameters: endpoint.example.parameters,
    resource: 'o',
  });
  await system.pass(5_000);
  const lines = system.logged.map((line) => lambdaLine(Object(line)));
  await deployer.close();
  await system.close();
  return lines;
};
