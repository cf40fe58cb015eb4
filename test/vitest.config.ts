import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Vitest leaves one core idle otherwise.
    maxWorkers: '100%',
    // No module here keeps state, so that files may share what they import.
    isolate: false,
    // With --coverage: whoever may do what is decided there, so nothing of it goes untested.
    coverage: { include: ['lib/grants/**'], reporter: ['text'], thresholds: { 100: true } },
  },
});
