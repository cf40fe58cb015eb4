/** Headers of one connection (RFC 9110 7.6.1), and the length, which Node.js sets itself. */
export const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);
