const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a parsed JSON value is an object (and no array). */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of bytes in UTF-8, or undefined where they are not. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** The value of a JSON text, or undefined where it is none. */
export const parseJson = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A value that is a string. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
