// Workers of test/fixtures/worker.ts.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fixture } from './child';

export interface WorkerTask {
  how: string;
  key?: bigint;
  count?: number;
  name?: string;
}

export function startWorker(task: WorkerTask): Worker {
  const worker = new Worker(fixture('worker'), { workerData: task });
  worker.once('error', (error) => {
    throw error;
  });
  return worker;
}

/** The first message of a Worker. */
export const firstMessage = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0];

/** Runs a Worker to its end and gives its first message. */
export async function runWorker(task: WorkerTask): Promise<unknown> {
  const worker = startWorker(task);
  const exit = once(worker, 'exit');
  const message = await firstMessage(worker);
  await exit;
  return message;
}
