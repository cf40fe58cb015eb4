import * as z from 'zod/mini';

/** Each fault as `member.path CODE`, with zod's own code where the issue has none of PingOne's. */
export const faults = (schema: z.core.$ZodType, value: unknown): readonly string[] => {
  const { error } = z.safeParse(schema, value);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${pingOneCode(issue) ?? issue.code}`);
};

const pingOneCode = (issue: z.core.$ZodIssue) => (issue.code === 'custom' ? issue.params?.code : undefined);
