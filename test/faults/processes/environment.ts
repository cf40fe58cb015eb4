import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { FunctionError } from '../../../infra/local/lambda/instance.ts';
import type { HostMessage, Invocation } from './host.ts';

export interface EnvironmentOptions {
  /** The built host script, and the bundle that it loads. */
  readonly host: string;
  readonly bundle: string;
  readonly functionName: string;
  /** The whole `process.env` of the function. */
  readonly variables: Readonly<Record<string, string>>;
  /** How far its clock is ahead, in milliseconds. */
  readonly offsetMs: number;
  readonly onLine: (line: string) => void;
  /** Called when the process stops itself; it stays frozen until `thaw`. */
  readonly onStop: (environment: Environment) => void;
}

/** One function environment: a process that takes one invocation at a time. */
export interface Environment {
  readonly pid: number;
  readonly offsetMs: number;
  readonly isAlive: boolean;
  readonly isFrozen: boolean;
  /** @throws FunctionError when the handler throws or the process dies */
  invoke(invocation: Invocation): Promise<unknown>;
  freeze(): void;
  thaw(): void;
  /** Kills the process with SIGKILL. */
  kill(): void;
  /** Kills it, and waits until it has ended. */
  end(): Promise<void>;
}

export const startEnvironment = (options: EnvironmentOptions): Environment => {
  const { host, bundle, functionName, variables, offsetMs, onLine, onStop } = options;
  const child = fork(host, [bundle, functionName], {
    env: { ...variables, CLOCK_OFFSET_MS: String(offsetMs) },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', onLine);
  const started = Promise.withResolvers<void>();
  const exited = once(child, 'exit');
  let answer: PromiseWithResolvers<unknown> | undefined;
  let isFrozen = false;
  let isAlive = true;

  child.on('message', (said: HostMessage) => {
    if (said === 'started') return started.resolve();
    if (said === 'stopping') {
      isFrozen = true;
      return onStop(environment);
    }
    if ('result' in said) answer?.resolve(JSON.parse(said.result));
    else answer?.reject(new FunctionError(said.errorType, said.errorMessage));
  });
  child.once('exit', (code, signal) => {
    isAlive = false;
    const death = new FunctionError('Runtime.ExitError', `the process ended with ${signal ?? code}`);
    started.reject(death);
    answer?.reject(death);
  });
  // `invoke` reports a failed start; without an invocation it is ignored.
  started.promise.catch(() => {});
  child.on('error', () => {});

  const signal = (name: NodeJS.Signals) => {
    if (isAlive) child.kill(name);
  };
  const environment: Environment = {
    pid: child.pid ?? 0,
    offsetMs,
    get isAlive() {
      return isAlive;
    },
    get isFrozen() {
      return isFrozen;
    },
    invoke: async (invocation) => {
      await started.promise;
      answer = Promise.withResolvers<unknown>();
      child.send(invocation);
      return answer.promise;
    },
    freeze: () => {
      isFrozen = true;
      signal('SIGSTOP');
    },
    thaw: () => {
      isFrozen = false;
      signal('SIGCONT');
    },
    kill: () => {
      // At once, since the kernel may report the exit later.
      signal('SIGKILL');
      isAlive = false;
      answer?.reject(new FunctionError('Runtime.ExitError', 'the process was killed'));
    },
    end: async () => {
      signal('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
  return environment;
};
