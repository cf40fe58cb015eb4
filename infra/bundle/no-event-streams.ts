/**
 * Replaces the AWS SDK's event streams in a bundle; no call of ours uses them. They add 20 kB:
 * esbuild joins no modules that an `import()` can reach, and theirs reaches half of the SDK.
 */
export {};
