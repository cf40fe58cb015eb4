import { isRecord, parseJson } from '../loopback/json.ts';
import type { Sighting, State } from './step.ts';

/** What a line that a function logged says of a request. */
export const logSighting = (line: string): Sighting | undefined => {
  const entry = parseJson(line);
  if (!isRecord(entry) || !isRecord(entry.message)) return undefined;
  const { requestId, message } = entry;
  const within = typeof requestId === 'string' ? [requestId] : [];
  if (isRecord(message.attempt)) return attempted(message.attempt, within);
  const alarm = message.alarm ?? message.left;
  if (typeof alarm !== 'string') return undefined;
  const ids = typeof message.request === 'string' ? [message.request] : [];
  return { ids, within, step: { part: 'function', text: `Logs: ${alarm}`, tone: 'bad' } };
};

const ended: Readonly<Record<string, State>> = { created: 'created', adopted: 'adopted', replayed: 'replayed' };

const attempted = (attempt: Readonly<Record<string, unknown>>, within: readonly string[]): Sighting => {
  const { outcome, code, grant, dimension, sends, ms, tookOver } = attempt;
  const ids = [attempt.request, attempt.arrival].filter((id) => typeof id === 'string');
  const said = [
    `Logs the attempt: ${outcome}`,
    ...(code === undefined ? [] : [String(code)]),
    ...(dimension === undefined ? [] : [`at the dimension ${dimension}`]),
    ...(grant === undefined ? [] : [`by the grant “${grant}”`]),
    ...(outcome === 'denied' || outcome === 'accepted'
      ? []
      : [`${sends} ${sends === 1 ? 'send' : 'sends'}`, `${ms} ms`]),
    ...(tookOver === true ? ['an earlier attempt had died'] : []),
  ];
  const state = ended[String(outcome)];
  return {
    ids,
    within,
    step: {
      part: 'function',
      text: said.join(', '),
      tone: outcome === 'denied' ? 'bad' : 'plain',
      stage: outcome === 'denied' ? 'checked' : undefined,
      facts: {
        ...(state && { state }),
        ...(typeof grant === 'string' && { grant }),
        ...(typeof code === 'string' && { code }),
      },
    },
  };
};
