import { writeFile } from 'node:fs/promises';
import { BadCommand, defineCommand } from '../../../infra/command/command.ts';
import { runCommand } from '../../../infra/command/run-command.ts';
import { figuresOf, isKept } from './figures.ts';
import { measure } from './measure.ts';
import { print } from './report.ts';

interface BenchOptions {
  readonly json: string | undefined;
  readonly gate: boolean;
  readonly margin: number;
  readonly long: boolean;
}

const bench = async ({ json, gate, margin, long }: BenchOptions): Promise<void> => {
  const measured = await measure({
    coldRounds: 40,
    coldFarRounds: 20,
    eventRounds: 13,
    warmRounds: 10,
    warmProcesses: 2,
    heapRequests: { 'ours, ledger off': 100_000, ours: long ? 100_000 : 1_000 },
  });
  const figures = figuresOf(measured);
  print(measured, figures);
  if (json !== undefined) {
    const sizes = measured.sizes.map((size) => ({ ...size, packages: Object.fromEntries(size.packages) }));
    await writeFile(json, JSON.stringify({ node: process.version, figures, ...measured, sizes }, undefined, 2));
  }
  const missed = figures.filter((figure) => !isKept(figure, margin));
  if (gate && missed.length > 0) {
    console.error(`Missed: ${missed.map(({ name }) => name).join('; ')}.`);
    process.exitCode = 1;
  }
};

await runCommand(
  defineCommand({
    call: 'npm run bench',
    summary: 'Measures what a request costs over HTTP, and compares it with other implementations.',
    flags: {
      json: { type: 'string', argument: 'FILE', help: 'write the figures to this file' },
      gate: {
        type: 'boolean',
        default: false,
        help: 'fail if a figure exceeds its target, or what is reached of it, by more than the margin',
      },
      margin: {
        type: 'string',
        argument: 'SHARE',
        default: '0.3',
        help: 'tolerated share above a target: 0.3 is 30 %',
      },
      long: {
        type: 'boolean',
        default: false,
        help: 'measure the heap over 100,000 requests with the ledger; takes half an hour',
      },
    },
    fails: 'a figure was missed, with --gate',
    run: async ({ values: { json, gate, long, ...flags } }) => {
      const margin = Number(flags.margin);
      if (!(margin >= 0)) throw new BadCommand(`--margin is a number from 0, not "${flags.margin}"`);
      await bench({ json, gate, margin, long });
    },
  }),
);
