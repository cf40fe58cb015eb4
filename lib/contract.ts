/** Constants that callers, AWS and several parts of the gateway share. */

/** Sources of our own events; the bus reserves the first and every source that begins with it. */
export const eventSources = {
  /** Source of each outcome. */
  outcome: 'pingone.provisioner',
  /** Source of a message for a request accepted over HTTP; no event on the bus has it. */
  accepted: 'pingone.provisioner.accepted',
  /** Source of a message that a created resource waits for a deployment; no event on the bus has it. */
  pendingDeployment: 'pingone.provisioner.pending-deployment',
} as const;

/** Whether an event source is reserved for AWS or for us. */
export const isReservedSource = (source: string): boolean => /^(?:aws\.|pingone\.provisioner)/i.test(source);

/** Our headers, and PingOne's for its audit log, in API Gateway's lower case. */
export const headerNames = {
  idempotencyKey: 'idempotency-key',
  outcome: 'provisioner-outcome',
  request: 'provisioner-request',
  warning: 'provisioner-warning',
  transactionID: 'x-ping-external-transaction-id',
  sessionID: 'x-ping-external-session-id',
} as const;

/** Maximum size of an SQS message with its attributes, a PutEvents request, and therefore a request body. */
export const maximumMessageBytes = 1_048_576;
