import { createHmac } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

/** A worker that runs a script as ServiceNow does: `runTask` in servicenow.ts starts it. */
const { script, properties, task, answers, arrived } = workerData;

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
    // ServiceNow's scripts wait for an answer.
    parentPort?.postMessage({ request: this.#request });
    Atomics.wait(arrived, 0, 0);
    Atomics.store(arrived, 0, 0);
    const { status, headers, body } = receiveMessageOnPort(answers)?.message ?? {};
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

/** It takes its key in base64, and answers in base64. */
class GlideCertificateEncryption {
  generateMac(key: string, algorithm: string, data: string): string {
    return createHmac(algorithm.replace('Hmac', ''), Buffer.from(key, 'base64')).update(data).digest('base64');
  }
}

const gs = { getProperty: (name: string) => properties[name] };
runInContext(script, createContext({ sn_ws: { RESTMessageV2 }, GlideCertificateEncryption, gs, current }));
parentPort?.postMessage({ saved });
