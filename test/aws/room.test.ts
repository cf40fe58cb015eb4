import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { pageAt } from '../guides/markdown.ts';
import { settingsOf } from './examples.ts';
import { synthesise } from './synthesise.ts';

/** The given number of endpoints: the registered ones, and copies of the first under other names. */
const endpointsLike = (count: number): readonly Endpoint[] => {
  const [first] = endpoints;
  if (!first) throw new Error('there is no endpoint');
  const copies = Array.from({ length: count - endpoints.length }, (_, nth) => ({
    ...first,
    name: `create-made-up-resource-${nth}`,
    path: `/environments/{environmentID}/madeUpResources${nth}` as const,
    event: `MadeUpResource${nth}Requested` as const,
  }));
  return [...endpoints, ...copies];
};

/** CloudFormation takes 500 resources in a stack. */
const most = 460;
/** What one more route of a function takes at most: the route and an integration; its permission covers all routes. */
const perRoute = 2;

describe.each(['dev', 'prod'])('the stage %s', (name) => {
  const of = (count: number) => synthesise(name, settingsOf(name), { endpoints: endpointsLike(count) }).service;
  const all = of(endpoints.length);
  const more = of(endpoints.length + 1);
  const twelve = of(12);

  it('needs 28 resources or fewer for each further endpoint, the number in the deployment guide', () => {
    const added = more.resources.length - all.resources.length;
    expect(added).toBeLessThanOrEqual(28);
    expect(pageAt('infra/aws/DEPLOYMENT.md').text).toContain(`: ${added} resources`);
  });

  it(`has fewer than ${most} resources with twelve endpoints, and room for one more route for each`, () => {
    expect(twelve.resources.length + 12 * perRoute).toBeLessThan(most);
  });

  it('gives each function at most one invoke permission', () => {
    const invoked = twelve
      .ofType('AWS::Lambda::Permission')
      .map(({ properties }) => JSON.stringify(properties.FunctionName));
    expect(invoked.length).toBe(new Set(invoked).size);
  });

  it("stays within CloudWatch's limit of metrics per alarm, and defines no alarm twice", () => {
    const alarms = twelve.ofType('AWS::CloudWatch::Alarm');
    for (const { properties } of alarms) {
      const metrics = (properties.Metrics ?? []).filter(({ MetricStat }: { MetricStat?: object }) => MetricStat);
      expect(metrics.length).toBeLessThanOrEqual(10);
      expect(properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
    const watched = alarms.map(({ properties: { AlarmDescription } }) => AlarmDescription);
    expect(new Set(watched).size).toBe(watched.length);
  });

  it('has no policy, pattern or dashboard that is too long for AWS', () => {
    const length = (value: unknown) => JSON.stringify(value).length;
    for (const { properties } of twelve.ofType('AWS::Events::EventBus'))
      expect(length(properties.Policy)).toBeLessThan(10_240);
    for (const { properties } of twelve.ofType('AWS::IAM::Policy'))
      expect(length(properties.PolicyDocument)).toBeLessThan(10_240);
    for (const { properties } of twelve.ofType('AWS::Logs::MetricFilter')) {
      expect(properties.FilterPattern.length).toBeLessThanOrEqual(1024);
      expect(Object.keys(properties.MetricTransformations[0].Dimensions ?? []).length).toBeLessThanOrEqual(3);
    }
    const filters = twelve
      .ofType('AWS::Logs::MetricFilter')
      .map(({ properties }) => JSON.stringify(properties.LogGroupName));
    for (const group of new Set(filters))
      expect(filters.filter((each) => each === group).length).toBeLessThanOrEqual(100);
  });
});
