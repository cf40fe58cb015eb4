/** Whether the `Prefer` header has `respond-async` (RFC 7240). */
export const prefersAsync = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  (headers.prefer ?? '').split(',').some((preference) => /^respond-async\s*(?:;|$)/i.test(preference.trim()));
