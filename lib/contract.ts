/** Facts that callers, AWS and several parts of the gateway share. */

/** Sources of our own events; the bus lets nobody else use what begins with the first. */
export const eventSources = {
  /** Of each outcome. */
  outcome: 'pingone.provisioner',
  /** Of a message for a request that was accepted over HTTP: no event of the bus has it. */
  accepted: 'pingone.provisioner.accepted',
} as const;

/** Whether a sender may not use an event source: it is AWS's or ours. */
export const isReservedSource = (source: string): boolean => /^(?:aws\.|pingone\.provisioner)/i.test(source);

/** Our headers, and PingOne's for its audit log, as API Gateway writes their names. */
export const headerNames = {
  idempotencyKey: 'idempotency-key',
  outcome: 'provisioner-outcome',
  request: 'provisioner-request',
  transactionID: 'x-ping-external-transaction-id',
  sessionID: 'x-ping-external-session-id',
} as const;

/** The largest SQS message with its attributes, PutEvents request, and so request body. */
export const maximumMessageBytes = 1_048_576;
