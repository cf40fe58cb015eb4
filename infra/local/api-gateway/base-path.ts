/** The base path of IAM callers in the local run; callers with tokens have none. */
export const iamBasePath = '/iam';

/** A path of the API without its base path: as the endpoints have it. */
export const withoutBasePath = (path: string): string =>
  path.startsWith(`${iamBasePath}/v1/`) ? path.slice(iamBasePath.length) : path;
