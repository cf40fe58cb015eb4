import type { Flag } from '../command/command.ts';

/** The flags that select a deployment. */
export const place = {
  stage: {
    type: 'string',
    argument: 'STAGE',
    help: 'a deployed stage, by its name or its file, with the credentials of\nits role for this task',
  },
  local: { type: 'boolean', help: 'the local run in place of a stage' },
  url: {
    type: 'string',
    argument: 'URL',
    default: 'http://127.0.0.1:3001',
    help: "the local run's AWS, with --local",
  },
} as const satisfies Readonly<Record<string, Flag>>;
