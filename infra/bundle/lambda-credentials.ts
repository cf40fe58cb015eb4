/**
 * Replaces the AWS SDK's search for credentials in a bundle: Lambda sets them in the environment. The search
 * through files, containers, instances and single sign-on is 140 kB of code that every cold start would load.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
