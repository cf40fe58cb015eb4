import { tokenize } from '@speed-highlight/core';
import { type Markup, markup } from '../web/markup.ts';

/** By the language of a block or the extension of a file. The library has no HCL, whose assignments are as TOML's. */
const languages = new Map(
  Object.entries({ hcl: 'toml', js: 'js', json: 'json', python: 'py', sh: 'bash', ts: 'ts', yaml: 'yaml' }),
);

/** Code with its parts marked, in a block that a keyboard can scroll. */
export const codeBlock = async (code: string, language: string): Promise<Markup> => {
  const known = languages.get(language);
  const parts: Markup[] = [];
  if (known === undefined) parts.push(markup`${code}`);
  else await tokenize(code, known, (text, type) => parts.push(marked(text, type)));
  return markup`<pre tabindex="0"><code>${parts}</code></pre>\n`;
};

const marked = (text: string, type: string | undefined): Markup =>
  type === undefined ? markup`${text}` : markup`<span class="code-${type}">${text}</span>`;
