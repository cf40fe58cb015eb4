/** Quotes a text for a shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
