/**
 * Replaces `node:fs/promises` for the AWS SDK in a bundle, which reads its configuration files with it. Lambda has no
 * such files, and loading `node:fs/promises` for them would slow the cold start.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`there is no ${path} on Lambda`), { code: 'ENOENT' });
};
