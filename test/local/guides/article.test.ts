import { describe, expect, it } from 'vitest';
import { articleOf } from '../../../infra/local/guides/article.ts';

const source = `# A \`code\` title, with "quotes"

Text with <a id="here"></a>an anchor.

## Part & parcel

| | b |
|---|--:|
| \`<c>\` | 1 |

\`\`\`sh name
echo "<hello>" # comment
\`\`\`

\`\`\`mermaid
flowchart LR
  one[First] --> two[(Second)]
\`\`\`
`;

describe('an article', async () => {
  const { title, html, sections } = await articleOf(source);

  it('has the anchors that GitHub gives its headings', () => {
    expect(title).toBe('A code title, with "quotes"');
    expect(sections.map(({ depth, anchor }) => [depth, anchor])).toEqual([
      [1, 'a-code-title-with-quotes'],
      [2, 'part--parcel'],
    ]);
    expect(html.html).toContain('<h2 id="part--parcel" tabindex="-1">Part &amp; parcel</h2>');
    expect(html.html).toContain('<a id="here"></a>');
  });

  it('has its texts without markup, for the search', () => {
    expect(sections.map(({ text, content }) => [text, content])).toEqual([
      ['A code title, with "quotes"', 'Text with an anchor.'],
      ['Part & parcel', 'b <c> 1 echo "<hello>" # comment'],
    ]);
  });

  it('marks code, and escapes it', () => {
    expect(html.html).toMatch(/<pre tabindex="0"><code>.*<span class="code-str">&#34;&#60;hello&#62;&#34;<\/span>/);
    expect(html.html).toContain('<span class="code-cmnt"># comment');
  });

  it('draws diagrams without styles of their own, and names their parts', () => {
    expect(html.html).toContain('role="img" aria-label="Diagram: First, Second"');
    expect(html.html).toContain('<svg');
    expect(html.html).not.toMatch(/<style| style="|@import|https?:\/\/(?!www\.w3\.org)/);
  });

  it('has scrollable tables, without empty headers', () => {
    expect(html.html).toContain('<div class="table" tabindex="0"><table><thead><tr><td></td>');
  });
});
