/** Settings of an SDK client for AWS on loopback; one attempt, so that each call is visible. */
export const settingsFor = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  maxAttempts: 1,
});
