/** The form in which equal names are equal: PingOne may trim a name. */
export const strictText = (text: string): string => text.trim().normalize('NFC');

/** A name without differences that PingOne may ignore: case, width, ligatures and white space. */
export const looseText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
