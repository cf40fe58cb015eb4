import { isRecord, parseJson } from '../loopback/json.ts';

/** Whether a function's line reports an error. No other line is shown between the request lines. */
export const isError = (line: string, stream: 'stdout' | 'stderr'): boolean => {
  if (stream === 'stderr') return true;
  const entry = parseJson(line);
  return isRecord(entry) && /^(error|fatal)$/i.test(String(entry.level));
};
