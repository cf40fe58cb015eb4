import { BadCommand } from './command.ts';

/** The whole number that a flag gives. @throws BadCommand */
export const wholeNumber = (flag: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new BadCommand(`${flag} is a whole number ${range}, not "${text}"`);
};
