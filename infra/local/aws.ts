import { randomUUID } from 'node:crypto';
import { createSecretsManager } from './aws/secrets-manager.ts';
import type { AwsService } from './aws/service.ts';
import { unknownOperation } from './aws/service.ts';
import { listen } from './loopback.ts';

/** Starts AWS on loopback: every service behind one address, told apart by `X-Amz-Target` as AWS's JSON protocols do. */
export const startAws = async (port = 0) => {
  const server = await listen(port);
  const services = { secretsManager: createSecretsManager() };
  const byTarget = new Map<string, AwsService>(Object.values(services).map((service) => [service.target, service]));
  const counts = new Map<string, number>();

  server.answer(async (arrival) => {
    const target = String(arrival.headers['x-amz-target'] ?? '');
    counts.set(target, (counts.get(target) ?? 0) + 1);
    const [name = '', operation = ''] = target.split('.', 2);
    const reply = await (byTarget.get(name)?.answer(operation, arrival) ?? unknownOperation());
    return reply === 'reset' ? reply : { ...reply, headers: { 'x-amzn-RequestId': randomUUID(), ...reply.headers } };
  });

  return {
    endpoint: server.url,
    /** How often a target such as `secretsmanager.GetSecretValue` was called. */
    calls: (target: string): number => counts.get(target) ?? 0,
    close: server.close,
    ...services,
  };
};
