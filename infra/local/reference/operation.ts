import { codeBlock } from '../guides/highlight.ts';
import { type Markup, markup, withCode } from '../web/markup.ts';
import {
  type Content,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  parameterOf,
  schemaOf,
} from './document.ts';
import { memberTable } from './members.ts';

export interface OperationOptions extends Pick<OpenApiDocument, 'components'> {
  readonly method: string;
  /** With `/v1`. */
  readonly path: string;
  readonly operation: Operation;
  /** Whether the example's ids exist in PingOne. */
  readonly isSandbox: boolean;
}

/** An operation: the request on the left, its answer on the right, and everything else below. */
export const operationSection = async ({
  method,
  path,
  operation,
  components,
  isSandbox,
}: OperationOptions): Promise<Markup> => {
  const { operationId, summary, description, requestBody, responses } = operation;
  const parameters = operation.parameters.map((parameter) => parameterOf(parameter, components));
  const others = parameters.filter(isOther).map((parameter) => field(operationId, parameter, false));
  const body = requestBody?.content['application/json'];
  const succeeded = Object.entries(responses).filter(([status]) => status < '3');
  const failed = Object.entries(responses).filter(([status]) => status >= '3');
  const answers = await Promise.all(
    succeeded.map(([status, { description: text, content }], index) =>
      answer(status, text, Object.values(content), index === 0),
    ),
  );
  const errors = await Promise.all(
    failed.map(([status, { description: text, content }]) => failure(status, text, Object.values(content))),
  );
  return markup`<section id="${operationId}" aria-labelledby="${operationId}-title" tabindex="-1">
<h2 id="${operationId}-title">${summary}</h2>
<p class="route"><strong>${method}</strong> <code>${path}</code></p>
<p>${withCode(description)}</p>
<div class="exchange">
<form class="request" data-method="${method}" data-path="${path}" aria-label="Request: ${summary}">
<h3>Request</h3>
${parameters.filter(isInPath).map((parameter) => field(operationId, parameter, isSandbox))}
${parameters.filter(isKey).map((parameter) => field(operationId, parameter, false))}
${parameters.some(isPreference) && markup`<label class="check"><input type="checkbox" name="Prefer" value="respond-async"><span>Do not wait for the outcome (<code>respond-async</code>)</span></label>`}
${body && markup`<label>Body <textarea name="body" rows="${linesOf(body) + 1}" spellcheck="false">${pretty(body.example)}</textarea></label>`}
${others.length > 0 && markup`<details><summary>More headers</summary>${others}</details>`}
<p><button type="submit" class="primary">Execute</button></p>
</form>
<div class="response">
<h3>Response</h3>
<div class="answer" role="status">${answers}</div>
</div>
</div>
${body && markup`<details class="part"><summary>Members of the body</summary>${memberTable(schemaOf(body.schema, components))}</details>`}
<details class="part"><summary>Errors</summary>
<ul class="errors">${errors}</ul>
</details>
</section>`;
};

const isInPath = (parameter: Parameter): boolean => parameter.in === 'path';
const isKey = ({ name }: Parameter): boolean => name === 'Idempotency-Key';
const isPreference = ({ name }: Parameter): boolean => name === 'Prefer';
const isOther = (parameter: Parameter): boolean =>
  !isInPath(parameter) && !isKey(parameter) && !isPreference(parameter);

const field = (operationId: string, { name, description, required, example, ...of }: Parameter, isFilled: boolean) => {
  const note = `${operationId}-${name}`;
  return markup`<label>${name} <input name="${name}" data-in="${of.in}"${required && markup` required`} value="${isFilled && example}" aria-describedby="${note}" autocomplete="off" spellcheck="false"></label>
<small id="${note}">${withCode(description)}</small>`;
};

const answer = async (status: string, text: string, contents: readonly Content[], isOpen: boolean): Promise<Markup> =>
  markup`<details${isOpen && markup` open`}><summary><strong>${status}</strong> ${withCode(text)}</summary>${await examples(contents)}</details>`;

/** The description of a failure has a line for each code. */
const failure = async (status: string, text: string, contents: readonly Content[]): Promise<Markup> => {
  const lines = text.split('\n').map((line) => markup`<span>${withCode(line.replace(/^- /, ''))}</span>`);
  return markup`<li><details><summary><strong>${status}</strong> <span>${lines}</span></summary>${await examples(contents)}</details></li>`;
};

const examples = (contents: readonly Content[]): Promise<readonly Markup[]> =>
  Promise.all(contents.map((content) => codeBlock(pretty(exampleOf(content)), 'json')));

const exampleOf = ({ example, examples }: Content): unknown => example ?? Object.values(examples)[0]?.value;

const pretty = (value: unknown): string => JSON.stringify(value, null, 2) ?? '';

const linesOf = ({ example }: Content): number => pretty(example).split('\n').length;
