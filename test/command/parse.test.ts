import { describe, expect, it } from 'vitest';
import { BadCommand } from '../../infra/command/command.ts';
import { isExpected, sentenceOf } from '../../infra/command/failure.ts';
import { flagsReadByNpm } from '../../infra/command/npm-flags.ts';
import { parse } from '../../infra/command/parse.ts';
import { wholeNumber } from '../../infra/command/whole-number.ts';
import { GatewayError } from '../../lib/problems.ts';

const command = {
  call: 'npm run bake',
  verbs: {
    bread: { args: ['FLOUR', 'SALT?'], help: 'bakes bread' },
    cake: { args: ['EGGS…'], flags: ['sweet'], help: 'bakes a cake' },
  },
  flags: {
    sweet: { type: 'boolean', help: 'with sugar' },
    oven: { type: 'string', argument: 'NAME', choices: ['gas', 'electric'], help: 'where' },
    for: { type: 'string', argument: 'WHO', multiple: true, help: 'for whom' },
  },
} as const;

describe('a command line', () => {
  it('is read as verb, arguments and flags', () => {
    expect(parse(command, ['bread', '--oven', 'gas', 'rye', '--for=a', '--for', 'b', '--sweet'])).toEqual({
      verb: 'bread',
      args: ['rye'],
      values: { oven: 'gas', for: ['a', 'b'], sweet: true },
    });
    expect(parse(command, ['bread', 'rye', 'much']).args).toEqual(['rye', 'much']);
    expect(parse(command, ['cake', '1', '2', '3']).args).toEqual(['1', '2', '3']);
    expect(parse(command, ['cake']).args).toEqual([]);
    expect(parse(command, ['bread', '--', '--rye']).args).toEqual(['--rye']);
    expect(parse(command, ['bread', 'rye', '--for=--me']).values).toEqual({ for: ['--me'] });
  });

  it.each([
    [['bread'], 'bread needs FLOUR; --help explains it'],
    [['bread', 'a', 'b', 'c'], 'bread takes FLOUR [SALT]; "c" is not expected'],
    [['bred', 'a'], 'the command is bread or cake, not "bred"; did you mean bread?'],
    [['constructor'], 'the command is bread or cake, not "constructor"'],
    [['bread', 'a', '--ofen', 'gas'], '--ofen is not a flag; did you mean --oven?'],
    [['bread', 'a', '--toString'], '--toString is not a flag; --help lists the flags'],
    [['bread', 'a', '-o'], '-o is not a flag; --help lists the flags'],
    [['bread', 'a', '--oven'], '--oven needs a value: --oven NAME'],
    [
      ['bread', 'a', '--oven', '--sweet'],
      '--oven needs a value, and --sweet follows it; write --oven=--sweet if you mean that',
    ],
    [['bread', 'a', '--for', '-5'], '--for needs a value, and -5 follows it; write --for=-5 if you mean that'],
    [['bread', 'a', '--oven', 'gsa'], '--oven is gas or electric, not "gsa"; did you mean gas?'],
    [['bread', 'a', '--sweet=yes'], '--sweet takes no value, not "yes"'],
    [['cake', '--oven', 'gas'], 'cake takes no --oven; --help lists the flags'],
  ])('that is invalid is explained: %j', (args, sentence) => {
    expect(() => parse(command, args)).toThrow(new BadCommand(sentence));
  });
});

describe('flags without -- before them', () => {
  it('are reported as taken by npm', () => {
    expect(flagsReadByNpm(command, ['bread'], { npm_config_oven: 'gas', npm_config_sweet: 'true' })).toEqual([
      'npm read --sweet as its own setting: write npm run bake -- --sweet.',
      'npm read --oven as its own setting: write npm run bake -- --oven gas.',
    ]);
    expect(flagsReadByNpm(command, ['--oven=gas'], { npm_config_oven: 'gas' })).toEqual([]);
    const asks = { call: 'npm run bake', flags: { yes: { type: 'boolean', help: 'go on' } } } as const;
    expect(flagsReadByNpm(asks, [], { npm_config_yes: 'true' })).toEqual([]);
  });
});

describe('a whole number', () => {
  it.each(['', ' 1', '1.5', '1e3', '-1', '501', '0x1'])('is not "%s"', (text) => {
    const message = `--rate is a whole number from 0 to 500, not "${text}"`;
    expect(() => wholeNumber('--rate', text, 0, 500)).toThrow(new BadCommand(message));
  });

  it('is one from the least to the most', () => {
    expect(['0', '500'].map((text) => wholeNumber('--rate', text, 0, 500))).toEqual([0, 500]);
  });
});

describe('an expected error', () => {
  class Refused extends GatewayError {
    override readonly name = 'Refused';
  }
  const ofAws = Object.assign(new Error('no such stack\nat all'), {
    name: 'ValidationError',
    $metadata: { httpStatusCode: 400 },
  });

  it.each([
    [new Refused('it is refused'), 'it is refused.'],
    [new Refused('is it?'), 'is it?'],
    [new Refused('it failed', { cause: new Error('for a reason.') }), 'it failed (for a reason.).'],
    [new Refused('it failed', { cause: ofAws }), 'it failed (AWS answered 400: ValidationError, no such stack).'],
    [new BadCommand('it is wrong', { cause: ofAws }), 'it is wrong.'],
    [
      Object.assign(new Error('EEXIST: file already exists'), { syscall: 'mkdir', path: '/dev/null' }),
      'EEXIST: file already exists.',
    ],
    [ofAws, 'AWS answered 400: ValidationError, no such stack.'],
  ])('is one sentence: %s', (error, sentence) => {
    expect(isExpected(error)).toBe(true);
    expect(sentenceOf(error)).toBe(sentence);
  });

  it('is no defect', () => {
    expect(isExpected(new TypeError('undefined is not a function'))).toBe(false);
  });
});
