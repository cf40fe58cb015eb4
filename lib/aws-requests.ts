/** How the AWS clients send; times in milliseconds. A wrong certificate is refused whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
export const requestHandler = {
  connectionTimeout: 1000,
  requestTimeout: 3000,
  httpsAgent: { rejectUnauthorized: true },
};
