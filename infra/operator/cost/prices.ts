/**
 * AWS's list prices in us-east-1 (N. Virginia), in USD, without free tiers. Written down from memory and last looked over
 * in November 2026, not read from AWS: check them on each service's pricing page (https://aws.amazon.com/lambda/pricing/,
 * and so on) or with the AWS Price List API. Other regions cost up to a third more.
 */
export const prices = {
  perMillion: {
    httpApiRequests: 1,
    lambdaRequests: 0.2,
    dynamoWrites: 0.625,
    dynamoReads: 0.125,
    events: 1,
    sqsRequests: 0.4,
    tracesRecorded: 5,
  },
  /** Of arm64. */
  lambdaGigabyteSecond: 0.000_013_333_4,
  logGigabyte: 0.5,
  archiveGigabyte: 0.1,
  perMonth: {
    /** Of each metric that an alarm watches. */
    alarmMetric: 0.1,
    /** Where it counts something all month; else by the hour. */
    customMetric: 0.3,
    dashboard: 3,
    secret: 0.4,
    key: 1,
  },
} as const;
