import { Marked, type Tokens } from 'marked';
import { Markup } from '../web/markup.ts';
import { diagram } from './diagram.ts';
import { codeBlock } from './highlight.ts';

/** A heading with what is below it. */
export interface Section {
  readonly depth: number;
  readonly anchor: string;
  readonly text: string;
  /** Without markup, for the search. */
  readonly content: string;
}

interface Article {
  readonly title: string;
  readonly html: Markup;
  readonly sections: readonly Section[];
}

/** A Markdown file of this repository as HTML. */
export const articleOf = async (source: string): Promise<Article> => {
  const blocks = new Map<string, Markup>();
  const marked = new Marked({
    async: true,
    walkTokens: async (token) => {
      if (token.type === 'code') blocks.set(token.raw, await blockOf(token.text, token.lang));
    },
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens);
        const anchor = anchorOf(unescaped(html.replace(/<[^>]+>/g, '')));
        return `<h${depth} id="${anchor}" tabindex="-1">${html}</h${depth}>\n`;
      },
      code: ({ raw }: Tokens.Code) => blocks.get(raw)?.html ?? '',
      table(table: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[]) => cells.map((cell) => this.tablecell(cell)).join('');
        const rows = table.rows.map((cells) => `<tr>${row(cells)}</tr>`).join('\n');
        const head = `<thead><tr>${row(table.header).replaceAll('<th></th>', '<td></td>')}</tr></thead>`;
        return `<div class="table" tabindex="0"><table>${head}<tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  const html = await marked.parse(source);
  const sections = [...html.matchAll(parts)].map(([, depth = '', anchor = '', heading = '', content = '']) => ({
    depth: Number(depth),
    anchor,
    text: textOf(heading),
    content: textOf(content),
  }));
  return { title: sections[0]?.text ?? '', html: new Markup(html), sections };
};

const blockOf = async (text: string, info = ''): Promise<Markup> => {
  const [language = ''] = info.split(' ');
  return language === 'mermaid' ? diagram(text) : codeBlock(text, language);
};

/** A heading and everything up to the next one. */
const parts = /<h(\d) id="([^"]*)"[^>]*>(.*?)<\/h\1>(.*?)(?=<h\d |$)/gs;

const entities = new Map(Object.entries({ lt: '<', gt: '>', quot: '"', amp: '&' }));

const unescaped = (html: string): string =>
  html.replace(/&(?:(\w+)|#(\d+));/g, (entity, name, code) =>
    code === undefined ? (entities.get(name) ?? entity) : String.fromCodePoint(Number(code)),
  );

/** Inline tags leave no space behind, so that words and punctuation stay together. */
const textOf = (html: string): string =>
  unescaped(
    html
      .replace(/<svg.*?<\/svg>/gs, '')
      .replace(/<\/?(?:a|code|em|span|strong)\b[^>]*>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
