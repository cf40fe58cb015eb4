import type { ExplainedProblem } from '../../documents/problem-help.ts';

/** The reference page: the endpoints, by swagger-ui from `/openapi.json`, and the meaning of each problem. */
export const docsPage = (problems: readonly ExplainedProblem[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Reference · PingOne Provisioner</title>
<link rel="icon" href="/local/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/local/base.css">
<link rel="stylesheet" href="/local/docs.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/local/docs.js" type="module"></script>
</head>
<body>
<a class="skip" href="#endpoints">Skip to the endpoints</a>
<header class="bar">
<a class="brand" href="/"><img src="/local/icon.svg" alt="" width="24" height="24">PingOne Provisioner</a>
<nav aria-label="Pages"><a href="/">Live</a><a href="/docs" aria-current="page">Reference</a><a href="#errors">Errors</a><a href="/docs/readme.md">Guide</a></nav>
</header>
<div class="page">
<p class="token" id="token" role="status">Getting a token for “Try it out” …</p>
<section id="endpoints" aria-label="Endpoints" tabindex="-1"><noscript>The endpoints need JavaScript; <a href="/openapi.json">the document</a> does not.</noscript></section>
<section id="errors" aria-labelledby="errors-title">
<h2 id="errors-title">Errors</h2>
<p class="about">Every error of the gateway is a problem document (RFC 9457) that has the members of PingOne’s errors too. Its <code>type</code> leads here.
API Gateway answers 401, 403 and 404 in its own way (<code>{"message":"Unauthorized"}</code>), before the gateway is asked.</p>
<ul class="codes" aria-label="All codes">${problems.map(({ code }) => `<li><a href="#${code}">${code}</a></li>`).join('')}</ul>
${problems.map(article).join('\n')}
</section>
</div>
<div id="explained" class="explained" role="status" aria-live="polite"></div>
</body>
</html>
`;

const article = ({ code, title, statuses, cause, remedy }: ExplainedProblem): string =>
  `<article id="${code}" class="problem" tabindex="-1" aria-labelledby="${code}-title">
<h3 id="${code}-title"><span class="status">${statuses}</span> <code>${code}</code></h3>
<p class="title">${text(title)}</p>
<dl><dt>Cause</dt><dd>${text(cause)}</dd><dt>Remedy</dt><dd>${text(remedy)}</dd></dl>
</article>`;

/** Text with code in backticks, as HTML. */
const text = (plain: string): string => escaped(plain).replace(/`(.+?)`/g, '<code>$1</code>');

const escaped = (plain: string): string => plain.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
