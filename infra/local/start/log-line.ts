import { isRecord, parseJson } from '../loopback/json.ts';

/** Whether a line that a function wrote tells of an error: those alone are shown between the request lines. */
export const isError = (line: string, stream: 'stdout' | 'stderr'): boolean => {
  if (stream === 'stderr') return true;
  const entry = parseJson(line);
  return isRecord(entry) && /^(error|fatal)$/i.test(String(entry.level));
};
