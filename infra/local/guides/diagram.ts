import { renderMermaidSVG } from 'beautiful-mermaid';
import { Markup, markup } from '../web/markup.ts';

/** A mermaid diagram as SVG. `guides.css` has its styles, since the page allows none of its own. */
export const diagram = (source: string): Markup => {
  const svg = renderMermaidSVG(source, { transparent: true, padding: 8, nodeSpacing: 28, layerSpacing: 32 });
  const bare = svg.replace(/<style>.*?<\/style>/s, '').replace(/ style="[^"]*"/g, '');
  return markup`<div class="diagram" role="img" aria-label="Diagram: ${described(source)}" tabindex="0">${new Markup(bare)}</div>`;
};

/** The texts of a diagram's parts, or the names of its states. */
const described = (source: string): string => {
  const texts = [...source.matchAll(/(\w+)[[({]+([^\])}]+)[\])}]+/g)].map(([, , text = '']) => text);
  const states = [...source.matchAll(/^ +(\w+) --> /gm)].map(([, state = '']) => state);
  return [...new Set(texts.length > 0 ? texts : states)].join(', ');
};
