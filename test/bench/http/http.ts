import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { figuresOf, isEarned } from './figures.ts';
import { measure } from './measure.ts';
import { print } from './report.ts';

const { values } = parseArgs({
  options: {
    /** Where the figures are written to. */
    json: { type: 'string' },
    /** Exits with 1 where a figure is missed by more than the margin. */
    gate: { type: 'boolean', default: false },
    /** With eight processes at a time on two cores a ratio of times was seen a third above that of a quiet machine. */
    margin: { type: 'string', default: '0.4' },
    /** Watches the heap over 100,000 requests with the ledger too, which takes half an hour. */
    long: { type: 'boolean', default: false },
  },
});

const measured = await measure({
  coldRounds: 40,
  warmRounds: 7,
  warmProcesses: 3,
  heapRequests: { 'ours, ledger off': 100_000, ours: values.long ? 100_000 : 1_000 },
});
const figures = figuresOf(measured);
print(measured, figures);
if (values.json !== undefined) {
  const sizes = measured.sizes.map((size) => ({ ...size, packages: Object.fromEntries(size.packages) }));
  await writeFile(values.json, JSON.stringify({ node: process.version, figures, ...measured, sizes }, undefined, 2));
}
const missed = figures.filter((figure) => !isEarned(figure, Number(values.margin)));
if (values.gate && missed.length > 0) {
  console.error(`Missed: ${missed.map(({ name }) => name).join('; ')}.`);
  process.exitCode = 1;
}
