import { describe, expect, it } from 'vitest';
import { markup, withCode } from '../../../infra/local/web/markup.ts';

describe('markup', () => {
  it('escapes texts, in attributes too', () => {
    expect(markup`<p title="${'"\'&'}">${'<script>'}</p>`.html).toBe('<p title="&#34;&#39;&#38;">&#60;script&#62;</p>');
  });

  it('keeps markup, also in lists, and leaves out what is absent', () => {
    const items = ['a', '<b>'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}${undefined}${false}${0}</ul>`.html).toBe('<ul><li>a</li><li>&#60;b&#62;</li>0</ul>');
  });

  it('marks code and escapes it', () => {
    expect(withCode('a < b & `c > "d"`').html).toBe('a &#60; b &#38; <code>c &#62; &#34;d&#34;</code>');
  });
});
