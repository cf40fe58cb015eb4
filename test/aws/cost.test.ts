import { describe, expect, it } from 'vitest';
import { costsOf } from '../../infra/operator/cost/cost.ts';
import { NoTemplate } from '../../infra/operator/cost/template.ts';
import { pageAt } from '../guides/markdown.ts';
import { settingsOf } from './examples.ts';
import { synthesise } from './synthesise.ts';

describe('the cost of a stage', () => {
  const { directory, service } = synthesise('dev');
  const costs = costsOf(directory);

  it('equals the figures in the guide', () => {
    expect(costs).toHaveLength(3);
    const { text } = pageAt('test/bench/PERFORMANCE.md');
    for (const cost of costs) expect(text).toContain(cost.text);
  });

  it('counts each metric that an alarm watches', () => {
    const watched = service
      .ofType('AWS::CloudWatch::Alarm')
      .map(
        ({ properties: { Metrics = [{ MetricStat: true }] } }) =>
          Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat).length,
      );
    const metrics = watched.reduce((total, count) => total + count, 0);
    expect(costs[1]?.text).toContain(`alarms ${(metrics / 10).toFixed(2)},`);
  });

  it('grows with customer keys', () => {
    const [, month] = costsOf(synthesise('dev', { ...settingsOf('dev'), customerKey: true }).directory);
    expect([costs[1]?.text, month?.text]).toEqual([
      expect.stringContaining('keys 0.00'),
      expect.stringContaining('keys 2.00'),
    ]);
  });

  it('needs a template', () => {
    expect(() => costsOf('/nonsense')).toThrow(NoTemplate);
  });
});
