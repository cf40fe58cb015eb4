import { BadCommand } from './command.ts';

/** The value of a flag as a whole number. @throws BadCommand */
export const wholeNumber = (flag: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number => {
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw new BadCommand(`${flag} is a whole number ${range}, not "${text}"`);
};
