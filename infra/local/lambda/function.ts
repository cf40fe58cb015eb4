import { randomUUID } from 'node:crypto';
import type { FunctionLimits } from '../../deployment.ts';
import { FunctionError, type Instance, type OnLog, startInstance } from './instance.ts';

export interface FunctionOptions {
  readonly name: string;
  /** The file that exports `handler`. */
  readonly bundle: string;
  /** The function's whole `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: FunctionLimits;
  readonly onLog?: OnLog | undefined;
  readonly onInvoke?: OnInvoke | undefined;
}

/** Called when an invocation begins; the returned function is called when it ends, with its error if it failed. */
export type OnInvoke = (invocation: {
  readonly id: string;
  readonly name: string;
  readonly event: unknown;
}) => ((error?: unknown) => void) | undefined;

/** A Lambda function on this machine. Unlike on AWS, one instance takes concurrent invocations. */
export interface LocalFunction {
  /**
   * Runs the handler in the current instance, or in a new one.
   * @throws FunctionError when the handler throws, its instance dies or the time is over.
   */
  invoke(event: unknown): Promise<unknown>;
  /** Ends every running instance at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends all instances; the function takes no further invocation. */
  close(): Promise<void>;
}

/** Defines a function. Its first instance starts with its first invocation. */
export const createFunction = ({
  name,
  bundle,
  environment,
  limits,
  onLog = () => {},
  onInvoke = () => undefined,
}: FunctionOptions): LocalFunction => {
  const instances = new Set<Instance>();
  let current: Instance | undefined;
  let closed = false;

  const start = (): Instance => {
    const instance = startInstance({
      bundle,
      functionName: name,
      environment,
      memoryMB: limits.memoryMB,
      onLog,
      onEnd: () => {
        instances.delete(instance);
        if (current === instance) current = undefined;
      },
    });
    instances.add(instance);
    return instance;
  };

  const timeOut = (instance: Instance, id: string): void => {
    const seconds = limits.timeoutSeconds.toFixed(2);
    instance.abandon(id, new FunctionError('Sandbox.Timedout', `Task timed out after ${seconds} seconds`));
    // The handler may be stuck: the next invocation gets a new instance, and this one ends with its last invocation.
    if (current === instance) current = undefined;
  };

  const kill = async (): Promise<void> => {
    current = undefined;
    await Promise.all([...instances].map((instance) => instance.stop()));
  };

  return {
    invoke: async (event) => {
      if (closed) throw new FunctionError('ResourceNotFoundException', `Function ${name} is closed`);
      current ??= start();
      const instance = current;
      const id = randomUUID();
      const onEnd = onInvoke({ id, name, event });
      const timeoutMs = limits.timeoutSeconds * 1000;
      const timer = setTimeout(() => timeOut(instance, id), timeoutMs);
      try {
        const result = await instance.invoke({ id, event, deadline: Date.now() + timeoutMs });
        onEnd?.();
        return result;
      } catch (error) {
        onEnd?.(error);
        if (error instanceof Error) onLog(`ERROR Invoke Error ${error.stack}`, 'stderr');
        throw error;
      } finally {
        clearTimeout(timer);
        if (current !== instance && instance.inFlight() === 0) void instance.stop();
      }
    },
    kill,
    close: async () => {
      closed = true;
      await kill();
    },
  };
};
