import { Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  Grant,
  type IPrincipal,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Operators } from '../settings/stage.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';

export interface OperatorRolesProps {
  readonly operators: Operators;
  /** The stack with the ledger. */
  readonly state: Stack;
}

/** A role for each duty in the runbook. The resources grant its permissions. */
export class OperatorRoles extends Construct {
  /** Reads dead letters and moves them back. */
  readonly redrive: Role;
  /** Lists open requests and closes them. */
  readonly settle: Role;
  /** Stops the gateway and starts it again. */
  readonly stop: Role;

  constructor(scope: Construct, id: string, { operators, state }: OperatorRolesProps) {
    super(scope, id);
    this.redrive = new Role(this, 'Redrive', {
      description: 'PingOne Provisioner: reads dead letters and moves them back into their queue',
      assumedBy: principalsOf(operators, 'redrive'),
    });
    this.settle = new Role(this, 'Settle', {
      description: 'PingOne Provisioner: lists requests whose outcome is unknown and closes them by hand',
      assumedBy: principalsOf(operators, 'settle'),
    });
    this.stop = new Role(this, 'Stop', {
      description: 'PingOne Provisioner: stops and resumes its queues and HTTP functions',
      assumedBy: principalsOf(operators, 'stop'),
    });
    grantFind(this.redrive, Stack.of(this));
    grantFind(this.settle, state);
    grantFind(this.stop, Stack.of(this));
  }

  /** Grants the runbook's emergency stop. IAM can't limit it to `Enabled`, nor to a concurrency of 0. */
  grantStop(mapping: EventSourceMapping, fromQueue: ProvisionerFunction, overHttp: ProvisionerFunction): void {
    Grant.addToPrincipal({
      grantee: this.stop,
      actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      resourceArns: [mapping.eventSourceMappingArn],
      // UpdateEventSourceMapping can also change the function.
      conditions: { ArnEquals: { 'lambda:FunctionArn': fromQueue.function.functionArn } },
    });
    Grant.addToPrincipal({
      grantee: this.stop,
      actions: ['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      resourceArns: [overHttp.function.functionArn],
    });
  }
}

/** Lets a role read the outputs of a stack. */
const grantFind = (role: Role, stack: Stack): void => {
  // The tools find the stack by its name.
  const arn = stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` });
  Grant.addToPrincipal({ grantee: role, actions: ['cloudformation:DescribeStacks'], resourceArns: [arn] });
  acknowledgeWildcard(
    role,
    arn,
    'CloudFormation ends the ARN of a stack with an id that changes when the stack is created again.',
  );
};

const principalsOf = (operators: Operators, duty: 'redrive' | 'settle' | 'stop'): IPrincipal => {
  if (operators === undefined) return new AccountRootPrincipal();
  return new CompositePrincipal(
    ...operators[duty].map((arn) => {
      const principal = new ArnPrincipal(arn);
      return operators.mfa ? new PrincipalWithConditions(principal, withMfa) : principal;
    }),
  );
};

const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
