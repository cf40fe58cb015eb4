/** A name as two equal names have it: PingOne may trim it. */
export const strictText = (text: string): string => text.trim().normalize('NFC');

/** A name without what PingOne may take for no difference: case, width, ligatures and white space. */
export const looseText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
