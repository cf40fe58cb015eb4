import { gaugePerMillion } from './gauge.ts';
import { monthly } from './monthly.ts';
import { type Cost, moreByEvent, perMillion } from './per-million.ts';
import { resourcesIn } from './template.ts';

/** A part of the bill, in numbers and in words. */
interface Bill {
  readonly name: string;
  readonly usd: number;
  readonly parts: readonly Cost[];
  readonly text: string;
}

/** The cost of a deployment, from the templates that `cdk synth` wrote. @throws NoTemplate */
export const costsOf = (directory: string): readonly Bill[] => {
  const resources = resourcesIn(directory);
  const creates = sumOf('a million HTTP creates', perMillion(resources));
  const months = sumOf('a month, at most', monthly(resources));
  const counting = gaugePerMillion(resources);
  return [
    { ...creates, text: `A million HTTP creates: ${words(creates)}; over the bus ${dollars(moreByEvent())} more.` },
    { ...months, text: `A month, at most: ${words(months)}.` },
    {
      name: 'counting open requests, a month, for each million creates in the ledger',
      usd: counting,
      parts: [],
      text: `Counting open requests, a month: ${dollars(counting)} for each million creates in the ledger.`,
    },
  ];
};

const sumOf = (name: string, parts: readonly Cost[]) => ({
  name,
  usd: parts.reduce((so, cost) => so + cost.usd, 0),
  parts,
});

const words = ({ parts, usd }: Pick<Bill, 'parts' | 'usd'>): string =>
  `${parts.map((cost) => `${cost.of} ${dollars(cost.usd)}`).join(', ')}: **${dollars(usd)}**`;

const dollars = (amount: number): string => amount.toFixed(2);
