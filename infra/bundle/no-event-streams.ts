/**
 * Replaces the AWS SDK's event streams in a bundle; no call of ours uses them. They are 20 kB with what they
 * cost elsewhere: esbuild joins no modules that an `import()` can reach, and theirs reaches half of the SDK.
 */
export {};
