/**
 * What a bundle has in place of the AWS SDK's search for credentials: on Lambda they are in the environment. The search
 * through files, containers, instances and single sign-on is 140 kB of code that every cold start would load.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
