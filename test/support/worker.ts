// Starts Workers that run test/fixtures/worker.ts.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fixture } from './child';
import { LIMIT } from './time';

export interface WorkerTask {
  how: string;
  key?: bigint;
  count?: number;
  name?: string;
  shared?: SharedArrayBuffer;
}

/** Disposable, so that a failing test ends its Worker too: a running Worker keeps the process alive. */
export function startWorker(task: WorkerTask): Worker & AsyncDisposable {
  const worker = new Worker(fixture('worker'), { workerData: task });
  worker.once('error', (error) => {
    throw error;
  });
  // Workers in Node 22.12 have no Symbol.asyncDispose.
  return Object.assign(worker, { [Symbol.asyncDispose]: () => worker.terminate().then(() => undefined) });
}

/** The first message of a Worker. */
export const firstMessage = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0];

/** Runs a Worker to its end and resolves to its first message. */
export async function runWorker(task: WorkerTask): Promise<unknown> {
  await using worker = startWorker(task);
  const exit = once(worker, 'exit');
  const message = await firstMessage(worker);
  await exit;
  return message;
}

/** Runs JavaScript in a Worker until its event loop ends, as in a process, and resolves to its output. */
export async function evaluate(code: string): Promise<{ code: number; stdout: string; error: string }> {
  const worker = new Worker(fixture('evaluate'), { workerData: code, stdout: true });
  let [stdout, error] = ['', ''];
  worker.stdout.on('data', (data) => (stdout += data));
  worker.on('error', (thrown) => (error = String(thrown)));
  const timer = setTimeout(() => worker.terminate(), LIMIT);
  const [exit] = await once(worker, 'exit');
  clearTimeout(timer);
  return { code: exit, stdout: stdout.trim(), error };
}
