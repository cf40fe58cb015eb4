/**
 * Replaces `node:fs/promises` for the AWS SDK in a bundle, which reads its configuration files with it. Lambda
 * has none, and a cold start would load Node's promises of files to look for two files that do not exist.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`there is no ${path} on Lambda`), { code: 'ENOENT' });
};
