import { createHash } from 'node:crypto';

/** Marked strings that must not leak. Each names its source. */
export interface Canaries {
  /** A short text that is recognized whole, in part, and encoded. */
  mark(source: string): string;
  /** Registers a string that cannot contain a mark. */
  add(source: string, value: string): void;
  /** Registers a hash: the plain hash of a weak secret can be guessed. */
  addHash(source: string, hash: string): void;
  /** The sources of all canaries in a text, in any form. */
  in(text: string): readonly string[];
}

/** Twice in every mark, so that most parts of one hold it too; nothing else has these letters in a row. */
const token = 'qzjxvwk';

/** Of strings without a mark every part of twice this length is found. */
const partLength = 12;

export const createCanaries = (): Canaries => {
  const sources: string[] = [];
  const parts = new Map<string, string>();
  const hashes = new Map<string, string>();
  const codes = encoded(token);

  const marksIn = (text: string) =>
    [...text.matchAll(new RegExp(`${token}([\\da-z]{0,3})`, 'g'))].map(
      ([, label = '']) => sources[Number.parseInt(label, 36)] ?? 'a part of a mark',
    );

  return {
    mark: (source) => {
      const label = `${token}${(sources.push(source) - 1).toString(36).padStart(3, '0')}`;
      return `${label}${label}`;
    },
    add: (source, value) => {
      for (const form of [value, encodeURIComponent(value)]) {
        for (let at = 0; at + partLength <= form.length; at += partLength)
          parts.set(form.slice(at, at + partLength).toLowerCase(), source);
      }
      for (const code of encoded(value)) parts.set(code, `${source}, encoded`);
      hashes.set(sha256(value), `hash of ${source}`);
    },
    addHash: (source, hash) => {
      hashes.set(hash, source);
    },
    in: (text) => {
      const lower = text.toLowerCase();
      const found = new Set(marksIn(lower));
      if (codes.some((code) => lower.includes(code))) found.add('an encoded mark');
      for (const [part, source] of parts) if (lower.includes(part)) found.add(source);
      for (const [hash] of lower.matchAll(/[\da-f]{64}/g)) found.add(hashes.get(hash) ?? '');
      found.delete('');
      return [...found];
    },
  };
};

export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** The forms of a string in base64, at each of its three alignments, and in hex; in lower case. */
const encoded = (value: string): string[] => {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
  );
  const base64url = base64.map((code) => code.replaceAll('+', '-').replaceAll('/', '_'));
  return [...base64, ...base64url, bytes.toString('hex')].map((code) => code.toLowerCase());
};
