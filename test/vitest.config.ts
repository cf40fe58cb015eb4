import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, which start first so that all workers end together; then by size, as Vitest has it. */
const slowest = [
  'faults/https',
  'provision/races',
  'faults/event-bus',
  'neighbours/requests',
  'local/start/start',
  'guides/snippets',
  'queue/handler',
  'documents/openapi/contract',
  'canary/leaks',
  'aws/incidents',
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

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Vitest leaves one core idle otherwise.
    maxWorkers: '100%',
    // No module here keeps state, so that files may share what they import.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    // With --coverage: whoever may do what is decided there, so nothing of it goes untested.
    coverage: { include: ['lib/grants/**/*.ts'], reporter: ['text'], thresholds: { 100: true } },
  },
});
