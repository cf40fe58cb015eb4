import { format } from 'node:util';
import { isRecord } from '../loopback/json.ts';
import { currentInvocation } from './invocation-scope.ts';

const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** Makes the console write as Lambda's does with the log format JSON: one line each, with its request id. */
export const writeJsonLines = (): void => {
  for (const [method, level] of Object.entries(levels)) {
    const stream = level === 'WARN' || level === 'ERROR' ? process.stderr : process.stdout;
    Reflect.set(console, method, (...values: readonly unknown[]) => {
      const line = { timestamp: new Date().toISOString(), level, requestId: currentInvocation() };
      stream.write(`${JSON.stringify({ ...line, message: messageOf(values) })}\n`);
    });
  }
};

const messageOf = (values: readonly unknown[]): unknown =>
  values.length === 1 && isRecord(values[0]) && !(values[0] instanceof Error) ? values[0] : format(...values);
