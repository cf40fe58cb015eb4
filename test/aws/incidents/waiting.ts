import { endpoints } from '../../../lib/endpoints/index.ts';
import { startBus } from '../../harness/bus.ts';
import { startSystem } from '../../harness/system.ts';
import type { Line } from '../filter-pattern.ts';
import type { Minute } from './incident.ts';
import { lambdaLine, type Trouble } from './lines.ts';

/** One message that waits this many minutes: its lines in the minutes of its attempts. */
export const waiting = async (minutes: number, trouble: Trouble): Promise<(minute: number) => Minute> => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const system = await startSystem(trouble);
  const bus = startBus(system, endpoint);
  await bus.put({ version: '1', ...endpoint.example.parameters, body: endpoint.example.body });
  await system.pass(minutes * 60_000);
  const lines = system.logged.map((line) => lambdaLine(Object(line)));
  await bus.close();
  await system.close();
  return (minute) => ({ lines: lines.filter((line) => minuteOf(line) === minute) });
};

const minuteOf = ({ message }: Line): number => Math.floor(Object(Object(message).attempt).waitingMs / 60_000);
