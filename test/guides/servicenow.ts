import { MessageChannel, Worker } from 'node:worker_threads';

type Task = Readonly<Record<string, string>>;

interface Message {
  readonly request?: { readonly url: string };
  readonly saved?: Task;
}

/** Runs a script of ServiceNow on a task, and returns the task as it is saved then. */
export const runTask = (script: string, properties: Readonly<Record<string, string>>, task: Task): Promise<Task> => {
  const { port1, port2 } = new MessageChannel();
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./servicenow-task.ts', import.meta.url), {
    workerData: { script, properties, task, answers: port2, arrived },
    transferList: [port2],
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', async ({ request, saved }: Message) => {
      if (saved) {
        await worker.terminate();
        resolve(saved);
      }
      if (!request) return;
      port1.postMessage(await answerTo(request));
      Atomics.store(arrived, 0, 1);
      Atomics.notify(arrived, 0);
    });
  });
};

/** Without an answer the status is 0. */
const answerTo = async ({ url, ...init }: { readonly url: string }) => {
  try {
    const response = await fetch(url, init);
    return { status: response.status, headers: [...response.headers], body: await response.text() };
  } catch {
    return { status: 0, headers: [], body: '' };
  }
};
