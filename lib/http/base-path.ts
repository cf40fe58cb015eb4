import { valueAt } from '../validation/members.ts';

/**
 * The base path of the caller's kind (`/iam`), as the route has it that took the request; empty for the first kind. The
 * requested path may begin with a stage's name, too.
 */
export const basePathOf = (event: unknown): string =>
  /^\S+ (\/[^/]+)\/v1\//.exec(String(valueAt(event, 'routeKey')))?.[1] ?? '';
