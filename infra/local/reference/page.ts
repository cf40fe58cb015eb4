import * as z from 'zod/mini';
import { errorsGuide } from '../guides/guides.ts';
import { frame } from '../web/frame.ts';
import { markup, withCode } from '../web/markup.ts';
import { openApiDocument } from './document.ts';
import { operationSection } from './operation.ts';

interface ReferenceOptions {
  readonly apiPath: string;
  readonly isSandbox: boolean;
}

/** The reference of the HTTP API: each operation with its members, answers and errors, ready to execute. */
export const referencePage = async (document: unknown, { apiPath, isSandbox }: ReferenceOptions): Promise<string> => {
  const { info, tags, paths, components } = z.parse(openApiDocument, document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: `${new URL(apiPath).pathname}${path}`,
      operation,
      components,
      isSandbox,
    })),
  );
  const groups = tags.map(({ name }) => ({
    name,
    members: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return frame({
    title: 'Reference',
    current: 'Reference',
    files: 'reference',
    side: markup`<details class="menu" id="guide-menu" open><summary>Operations</summary>
<nav aria-label="Operations">${groups.map(
      ({ name, members }) =>
        markup`<p>${name}</p>${members.map(({ operation }) => markup`<a href="#${operation.operationId}">${operation.summary}</a>`)}`,
    )}<p>More</p><a href="${errorsGuide}">Errors</a><a href="/openapi.json">OpenAPI document</a></nav>
</details>`,
    content: markup`<h1>${info.title} ${info.version}</h1>
<p>${withCode(info.description)}</p>
<p>${
      isSandbox
        ? 'Execute calls the gateway on this machine with a token of its local issuer. It creates in the sandbox.'
        : markup`<strong>Execute creates in your PingOne tenant.</strong> It calls the gateway on this machine with a token of its local issuer.`
    }</p>
${await Promise.all(groups.flatMap(({ members }) => members.map(operationSection)))}`,
  });
};
