import type { Environments } from '../lib/config.ts';
import { notOfferedHandler } from '../lib/http/not-offered.ts';

// Without a schema, which would be most of this function's code.
const { OFFERED: offered = '', DOCS_URL: docsUrl = '' }: Partial<Environments['not-offered']> = process.env;

export const handler = notOfferedHandler({ offered, docsUrl });
