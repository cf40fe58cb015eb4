import { stripVTControlCharacters, styleText } from 'node:util';
import type { Tone } from '../live/observation.ts';

/** The terminal's line for one request. */
export interface Line {
  readonly outcome: string;
  readonly tone: Tone;
  /** The HTTP status, or `bus`. */
  readonly via: string;
  readonly ms?: number | undefined;
  /** The name of the requested resource, else method and path. */
  readonly name: string;
  /** The problem's code, or the resource's id. */
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  /** The remedy. */
  readonly hint?: string | undefined;
}

const colours = { good: 'green', open: 'yellow', bad: 'red', plain: 'cyan' } as const;

/** Longer reasons are cut to two lines at 120 columns; the live page has the whole text. */
const longestReason = 220;

/** Below a line, under its outcome. */
const indent = ' '.repeat(9);

/** A line with its time, in columns and no wider than `width`; a reason that does not fit, and a hint, are on the lines below. */
export const textOf = (line: Line, at: Date, width: number): string => {
  const { outcome, tone, via, ms, name, code, reason, hint } = line;
  const head = [
    at.toTimeString().slice(0, 8),
    styleText(colours[tone], outcome.padEnd(13)),
    via.padEnd(3),
    styleText('dim', (ms === undefined ? '' : `${ms.toFixed(0)} ms`).padStart(8)),
    ` ${cut(name, 24).padEnd(24)}`,
    code ?? '',
  ].join(' ');
  const room = width - lengthOf(head) - 1;
  const fits = reason === undefined || reason.length <= room;
  return [
    `${head} ${fits ? (reason ?? '') : ''}`.trimEnd(),
    ...(fits ? [] : wrapped(cut(reason, longestReason), width)),
    ...(hint === undefined ? [] : wrapped(hint, width)),
  ].join('\n');
};

/** A text below a line, in lines of whole words. */
export const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ').map((each) => cut(each, width - indent.length))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
};

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** The length in a terminal, without control characters. */
const lengthOf = (text: string): number => stripVTControlCharacters(text).length;
