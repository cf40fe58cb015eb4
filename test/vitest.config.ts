import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, which start first so that all workers end together; then by size, as Vitest has it. */
const slowest = [
  'documents/openapi/contract',
  'queue/deployments',
  'http/clients-of-pingone',
  'neighbours/requests',
  'http/deploy',
  'explore/explore',
  'documents/openapi/reads',
  'deploy/pending-deployments',
  'provision/races',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = slowest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index === -1 ? slowest.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** Tests that start programs as a user does, or storms: `npm run test:journeys`. */
export const journeys = [
  'test/aws/deployed-functions.test.ts',
  'test/canary/*.test.ts',
  'test/clients/*.test.ts',
  'test/command/scripts.test.ts',
  'test/faults/*.test.ts',
  'test/guides/snippets.test.ts',
  'test/local/start/{start,webhook-command}.test.ts',
  'test/node-24.test.ts',
  'test/operator/{process,send}.test.ts',
];

/** Runs files of tests. */
export const configFor = (include: string[], exclude: string[]) =>
  defineConfig({
    test: {
      root: new URL('..', import.meta.url).pathname,
      include,
      exclude,
      testTimeout: 30_000,
      // Node.js runs TypeScript itself.
      experimental: { viteModuleRunner: false },
      // Of two cores Vitest takes one.
      maxWorkers: '100%',
      // No module here keeps state, so that files may share what they import.
      isolate: false,
      sequence: { sequencer: SlowestFirst },
      // With --coverage: authorization is decided there, so nothing of it goes untested.
      coverage: { include: ['lib/grants/**/*.ts'], reporter: ['text'], thresholds: { 100: true } },
    },
  });

export default configFor(['test/**/*.test.ts'], journeys);
