import * as z from 'zod/mini';

/** Each violation as `member.path CODE`, with zod's own code if the issue has no code of PingOne. */
export const faults = (schema: z.core.$ZodType, value: unknown): readonly string[] => {
  const { error } = z.safeParse(schema, value);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${pingOneCode(issue) ?? issue.code}`);
};

const pingOneCode = (issue: z.core.$ZodIssue) => (issue.code === 'custom' ? issue.params?.code : undefined);
