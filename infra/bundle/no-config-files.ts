/**
 * What the AWS SDK gets in a bundle in place of `node:fs/promises`, with which it reads its configuration files. Lambda
 * has none, and a cold start would load Node's promises of files to look for two files in vain.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`there is no ${path} on Lambda`), { code: 'ENOENT' });
};
