/**
 * What a bundle has in place of `node:fs/promises`, with which only the AWS SDK reads its configuration files: Lambda
 * has none, and a cold start would load Node's promises of files and look for two files in vain.
 */
export const readFile = async (path: string): Promise<never> => {
  throw Object.assign(new Error(`a function reads no ${path}`), { code: 'ENOENT' });
};
