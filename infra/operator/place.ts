import { type Flag, option } from '../command/command.ts';

/** The flags that select a deployment. */
export const place = {
  stage: option('STAGE', 'a deployed stage, by its name or its file, with the credentials of\nits role for this task'),
  local: { type: 'boolean', help: 'the local run in place of a stage' },
  url: option('URL', "the local run's AWS, with --local", { default: 'http://127.0.0.1:3001' }),
} as const satisfies Readonly<Record<string, Flag>>;
