// Lets programs in test/fixtures make functions of the stand-in RTWorkQ.dll fail, and count the calls of its functions.

import { putWorkItem, type RtwqError } from 'rtworkq';

/** Turns a fault on, until this is called without one. */
export const setFault = (fault?: string): void => {
  if (fault) process.env['RTWORKQ_FAULT'] = fault;
  else delete process.env['RTWORKQ_FAULT'];
};

/** How often a function has been called. */
export const callsOf = (name: string): number => Number(process.env[`RTWORKQ_CALLS_${name}`] ?? 0);

/** What a call throws or rejects with while a function fails, and the status of a work item afterwards. */
export async function failing(fault: string, call: () => unknown): Promise<object> {
  setFault(fault);
  let error: RtwqError | undefined;
  try {
    await call();
  } catch (thrown) {
    error = thrown as RtwqError;
  }
  setFault();
  const { code, hresult, syscall, message, stack } = error ?? ({} as RtwqError);
  const again = (await putWorkItem()).status;
  return { code, hresult, syscall, message, caller: /faults\.js/.test(stack?.split('\n')[1] ?? ''), again };
}
