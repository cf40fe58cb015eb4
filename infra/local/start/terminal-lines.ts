import type { Gateway, GatewayOptions } from '../gateway/gateway.ts';
import { refusalIn } from '../live/webhook.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import { busLine } from './bus-line.ts';
import { type Line, textOf, wrapped } from './line.ts';
import { principalHint } from './principal-hint.ts';
import { isCall, requestLine } from './request-line.ts';

/** Prints a line for each request, and a hint for a wrong one. `running` returns the gateway once it runs. */
export const terminalLines = (
  running: () => Gateway | undefined,
): Pick<GatewayOptions, 'onRequest' | 'onBus' | 'onLog'> => {
  const width = process.stdout.columns ?? 120;
  const print = (line: Line) => console.log(textOf(line, new Date(), width));
  return {
    onRequest: (request) => {
      if (isCall(request)) print(requestLine(request, String(running()?.url)));
    },
    onBus: (row) => print(busLine(row)),
    onLog: (line, stream) => {
      if (isError(line, stream)) console.error(line);
      const grants = running()?.grants;
      const refusal = refusalIn(line);
      const refused = refusal && `The webhook was refused: ${refusal.reason}. Its sender gets no reason.`;
      const hint = refused ?? (grants && principalHint(line, grants));
      // The line of its request comes first, although that is answered after this was logged.
      if (hint !== undefined) setTimeout(() => console.log(wrapped(hint, width).join('\n')), 50);
    },
  };
};

/** Whether a log line of a function reports an error; other lines are not shown. */
const isError = (line: string, stream: 'stdout' | 'stderr'): boolean => {
  const entry = parseJson(line);
  return stream === 'stderr' || (isRecord(entry) && /^(error|fatal)$/i.test(String(entry.level)));
};
