import { execFileSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { createContext, runInContext } from 'node:vm';

/** node servicenow-task.ts < { script, properties, task }: runs a script as ServiceNow does, and prints the task after. */
const { script, properties, task } = JSON.parse(await text(process.stdin));

/** ServiceNow's scripts wait for an answer, so a process of its own sends. Without an answer the status is 0. */
const send = `
  const { url, ...init } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  fetch(url, init)
    .then(async (response) => ({ status: response.status, headers: [...response.headers], body: await response.text() }))
    .catch(() => ({ status: 0, headers: [], body: '' }))
    .then((answer) => console.log(JSON.stringify(answer)));
`;

class RESTMessageV2 {
  readonly #request = { url: '', method: 'GET', headers: Object.create(null), body: '' };

  setHttpMethod(method: string): void {
    this.#request.method = method;
  }

  setEndpoint(url: string): void {
    this.#request.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#request.headers[name] = value;
  }

  setRequestBody(body: string): void {
    this.#request.body = body;
  }

  execute() {
    const input = JSON.stringify(this.#request);
    const { status, headers, body } = JSON.parse(execFileSync(process.execPath, ['-e', send], { input }).toString());
    const values = new Map<string, string>(headers);
    return {
      getStatusCode: (): number => status,
      getHeader: (name: string) => values.get(name.toLowerCase()) ?? null,
      getBody: (): string => body,
    };
  }
}

let saved = { ...task };
const current = {
  ...task,
  getUniqueValue: (): string => task.sys_id,
  getValue: (name: string) => task[name] ?? null,
  setValue: (name: string, value: string) => {
    task[name] = value;
  },
  update: () => {
    saved = { ...task, ...(current.work_notes !== undefined && { work_notes: current.work_notes }) };
  },
};

const gs = { getProperty: (name: string) => properties[name] };
runInContext(script, createContext({ sn_ws: { RESTMessageV2 }, gs, current }));
console.log(JSON.stringify(saved));
