import { type Markup, markup } from './markup.ts';

export interface Frame {
  readonly title: string;
  readonly current: 'Reference' | 'Guides';
  /** The name of the style sheet and of the script in `pages/`. */
  readonly files: string;
  /** Links beside the content. */
  readonly side: Markup;
  readonly content: Markup;
}

const pages = { Live: '/', Reference: '/docs', Guides: '/guides/README.md' };

/** A page with the navigation of all pages. */
export const frame = ({ title, current, files, side, content }: Frame): string => {
  const links = Object.entries(pages).map(
    ([name, path]) => markup`<a href="${path}"${name === current && markup` aria-current="page"`}>${name}</a>`,
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · PingOne Provisioner</title>
<link rel="icon" href="/local/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/local/base.css">
<link rel="stylesheet" href="/local/document.css">
<link rel="stylesheet" href="/local/${files}.css">
<script src="/local/${files}.js" type="module"></script>
</head>
<body>
<a class="skip" href="#page-content">Skip to the content</a>
<header class="bar">
<a class="brand" href="/"><img src="/local/icon.svg" alt="" width="20" height="20">PingOne Provisioner</a>
<nav aria-label="Pages">${links}</nav>
</header>
<div class="page">
<aside class="side">${side}</aside>
<main class="content" id="page-content" tabindex="-1">${content}</main>
</div>
</body>
</html>
`.html;
};
