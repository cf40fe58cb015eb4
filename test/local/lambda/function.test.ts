import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFunction, type FunctionOptions, type LocalFunction } from '../../../infra/local/lambda/function.ts';

const limits = { timeoutSeconds: 5, memoryMB: 512 };
const started: LocalFunction[] = [];

const functionOf = (handler: string, options: Partial<FunctionOptions> = {}): LocalFunction => {
  const bundle = fileURLToPath(new URL(`./handlers/${handler}.ts`, import.meta.url));
  const environment = { AWS_REGION: 'us-east-1' };
  const made = createFunction({ name: 'the-function', bundle, environment, limits, ...options });
  started.push(made);
  return made;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((made) => made.close()));
});

describe('a local function', () => {
  it("answers with its handler's result as JSON", async () => {
    const lambda = functionOf('lambda');
    expect(await lambda.invoke({ act: 'return', result: { when: new Date(0), gone: undefined } })).toEqual({
      when: '1970-01-01T00:00:00.000Z',
    });
    expect(await lambda.invoke({ act: 'return' })).toBeNull();
  });

  it('sees only its own environment', async () => {
    const lambda = functionOf('lambda', { environment: { ONLY: 'this' } });
    expect(await lambda.invoke({ act: 'environment' })).toEqual({ ONLY: 'this' });
  });

  it('has a Lambda context with the remaining time', async () => {
    const context = await functionOf('lambda').invoke({ act: 'context' });
    expect(context).toMatchObject({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionName: 'the-function',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:the-function',
      remaining: expect.toSatisfy((ms: number) => ms > 0 && ms <= 5_000),
    });
  });

  it('takes concurrent invocations', async () => {
    const lambda = functionOf('lambda');
    const events = Array.from({ length: 50 }, (_, number) => ({ number }));
    expect(await Promise.all(events.map((event) => lambda.invoke(event)))).toEqual(events);
  });

  it("rejects with type and message of the handler's error", async () => {
    const lambda = functionOf('lambda');
    await expect(lambda.invoke({ act: 'throw' })).rejects.toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'the handler broke',
    });
    await expect(lambda.invoke({ act: 'throw a string' })).rejects.toMatchObject({
      errorType: 'string',
      errorMessage: 'no error',
    });
  });

  it('rejects if the module throws while it loads, or exports no handler', async () => {
    await expect(functionOf('broken').invoke({})).rejects.toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'this module never loads',
    });
    await expect(functionOf('silent').invoke({})).rejects.toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
    });
  });

  it('rejects all invocations in flight when it dies, and starts anew for the next invocation', async () => {
    const lambda = functionOf('lambda');
    const hanging = lambda.invoke({ act: 'hang' });
    const dying = lambda.invoke({ act: 'exit' });
    const death = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' };
    await expect(hanging).rejects.toMatchObject(death);
    await expect(dying).rejects.toMatchObject(death);
    expect(await lambda.invoke({ still: 'there' })).toEqual({ still: 'there' });
  });

  it('can be killed', async () => {
    const lambda = functionOf('lambda');
    const hanging = lambda.invoke({ act: 'hang' });
    const rejected = expect(hanging).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    await lambda.kill();
    await rejected;
    expect(await lambda.invoke({ still: 'there' })).toEqual({ still: 'there' });
  });

  it.each(['hang', 'spin'])('is abandoned at its time-out (%s), and serves the next invocation', async (act) => {
    const lambda = functionOf('lambda', { limits: { ...limits, timeoutSeconds: 1 } });
    await expect(lambda.invoke({ act })).rejects.toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 1.00 seconds',
    });
    // Where others work, the start of an instance takes more than that.
    await vi.waitFor(async () => expect(await lambda.invoke({ still: 'there' })).toEqual({ still: 'there' }), 20_000);
  });

  it('rejects invocations after it is closed', async () => {
    const lambda = functionOf('lambda');
    await lambda.close();
    await expect(lambda.invoke({})).rejects.toMatchObject({ errorType: 'ResourceNotFoundException' });
  });

  it('passes on its output, and the reason why an invocation failed', async () => {
    const lines: string[] = [];
    const lambda = functionOf('lambda', { onLog: (line, stream) => lines.push(`${stream}: ${line}`) });
    await lambda.invoke({ act: 'log' });
    await lambda.invoke({ act: 'warn' });
    await expect(lambda.invoke({ act: 'throw' })).rejects.toThrow();
    // As Lambda's log format JSON has them.
    const line = (level: string, message: string) =>
      new RegExp(`"level":"${level}","requestId":"[0-9a-f-]{36}","message":"${message}"}$`);
    await expect.poll(() => lines).toContainEqual(expect.stringMatching(line('INFO', 'written to stdout')));
    await expect.poll(() => lines).toContainEqual(expect.stringMatching(line('ERROR', 'written to stderr')));
    expect(lines).toContainEqual(expect.stringMatching(/^stderr: ERROR Invoke Error TypeError: the handler broke/));
  });
});
