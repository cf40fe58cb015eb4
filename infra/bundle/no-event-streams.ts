/**
 * Replaces the AWS SDK's event streams in a bundle; the gateway's calls do not use them. They add 20 kB:
 * esbuild joins no modules that an `import()` can reach, and theirs reaches half of the SDK.
 */
export {};
