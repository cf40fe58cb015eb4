/**
 * What a bundle has in place of the AWS SDK's event streams, which no call of ours has. They are 20 kB with what they
 * cost elsewhere: esbuild joins no modules that an `import()` can reach, and theirs reaches half of the SDK.
 */
export {};
