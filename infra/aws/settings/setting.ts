import * as z from 'zod/mini';
import { endpoints } from '../../../lib/endpoints/index.ts';

/** What settings of several kinds have in common. */
export const text = z.string().check(z.minLength(1));
export const account = z.string().check(z.regex(/^\d{12}$/, 'must be an AWS account id: 12 digits'));
export const host = text.check(
  z.regex(/^[a-z\d.-]+(\/[\w./-]+)?$/, 'must be a host name (and path), without https://'),
);
export const principalArn = z
  .string()
  .check(
    z.regex(
      /^arn:[\w-]+:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/,
      'must be the ARN of one IAM user or role, no pattern',
    ),
  );
export const endpointName = z.enum(endpoints.map(({ name }) => name));

export const isUnrepeated = (values: readonly string[]): boolean => new Set(values).size === values.length;
