import { gaugePerMillion } from './gauge.ts';
import { monthly } from './monthly.ts';
import { type Cost, moreByEvent, perMillion } from './per-million.ts';
import { resourcesIn } from './template.ts';

/** The cost of a deployment, from the templates that `cdk synth` wrote. Throws NoTemplate. */
export const costsOf = (directory: string): readonly string[] => {
  const resources = resourcesIn(directory);
  return [
    `A million HTTP creates: ${sum(perMillion(resources))}; over the bus ${usd(moreByEvent())} more.`,
    `A month, at most: ${sum(monthly(resources))}.`,
    `Counting open requests, a month: ${usd(gaugePerMillion(resources))} for each million creates in the ledger.`,
  ];
};

const sum = (costs: readonly Cost[]): string => {
  const total = costs.reduce((so, cost) => so + cost.usd, 0);
  return `${costs.map((cost) => `${cost.of} ${usd(cost.usd)}`).join(', ')}: **${usd(total)}**`;
};

const usd = (amount: number): string => amount.toFixed(2);
