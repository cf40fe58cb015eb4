/**
 * Whether a server may read a path segment as a dot segment (`%2e%2e`, `..;v=1`) or as several segments (`a%2fb`, `a\b`).
 * Servers differ in how often they decode, so the segment is decoded until nothing changes; one that needs more than
 * `maxRounds` is ambiguous.
 */
export const isAmbiguous = (segment: string): boolean => {
  const text = decoded(segment);
  return text === undefined || /[/\\]/.test(text) || dotSegment.test(text);
};

/** One or two dots, then only a suffix that a server may cut off: parameter, query, fragment, space or control character. */
const dotSegment = /^\.{1,2}(?:[;?#\s\p{Cc}]|$)/u;

const maxRounds = 5;

/** Undefined if the segment was encoded too often, or not in UTF-8: `%c0%ae` is an overlong dot to some servers. */
const decoded = (segment: string): string | undefined => {
  let text = segment.normalize('NFKC');
  for (let round = 0; round < maxRounds; round++) {
    const next = decodedOnce(text)?.normalize('NFKC');
    if (next === undefined || next === text) return next;
    text = next;
  }
  return undefined;
};

const decodedOnce = (text: string): string | undefined => {
  try {
    return text
      .replace(/(?:%[\da-f]{2})+/gi, decodeURIComponent)
      .replace(/%u([\da-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  } catch {
    return undefined;
  }
};
