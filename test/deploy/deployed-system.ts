import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import type { SandboxOptions } from '../../infra/local/sandbox/sandbox.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints as offered } from '../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { startDeployer } from '../harness/deployer.ts';
import { type CreateOptions, type Step, startSystem } from '../harness/system.ts';

/** Without PingOne's quota, which is smaller than a burst. */
const endpoints: readonly Endpoint[] = offered.map(({ quota: _, ...endpoint }) => endpoint);
const found = endpoints.find(({ deployment }) => deployment);
if (!found) throw new Error('no endpoint needs a deployment');
export const endpoint = found;

const caller = callerOfAll('alice', [{ jwt: { issuer: 'https://issuer.example', client: 'alice' } }]);
export const grantsWith = (...deploy: ('call' | 'after')[]): GrantsDocument => {
  const own = deploy.length > 0 ? { deploy } : { deploy: undefined };
  return { version: '1', callers: [{ ...caller, grants: caller.grants.map((grant) => ({ ...grant, ...own })) }] };
};

export interface DeployedOptions {
  readonly sandbox?: Omit<SandboxOptions, 'endpoints' | 'clock' | 'onHold'>;
  readonly grants?: () => GrantsDocument;
  /** The step at which each function that deploys dies. */
  readonly dies?: () => (step: Step) => boolean;
}

/** A system whose creates are deployed after them. */
export const startDeployed = async ({ sandbox, grants = () => grantsWith('after'), dies }: DeployedOptions = {}) => {
  const system = await startSystem({ endpoints, ...(sandbox && { sandbox }) });
  const deployer = startDeployer(system, endpoint, { grants, ...(dies && { dies }) });
  const body = (name: string) => ({ ...endpoint.example.body, name });
  return {
    ...system,
    deployer,
    /** Creates an operation with this name, which is its key. */
    create: (name: string, more: Partial<CreateOptions> = {}) =>
      system.ask({ endpoint, key: name, body: body(name), deploysAfter: true, ...more }),
    /** What PingOne enforces, and how it was deployed. */
    state: () => system.sandbox.deployment(deployer.path),
    /** The requests whose deployment was published. */
    told: () =>
      new Set(deployer.outcomes.filter(({ type }) => type.endsWith('Deployed')).map(({ detail }) => detail.requestID)),
    end: async () => {
      await deployer.close();
      await system.close();
    },
  };
};

export type Deployed = Awaited<ReturnType<typeof startDeployed>>;
