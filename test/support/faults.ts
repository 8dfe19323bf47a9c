// How programs of test/fixtures make functions of the stand-in RTWorkQ.dll fail, and count their calls.

import { putWorkItem, type RtwqError } from 'rtworkq';

/** Until it is called without. */
export const setFault = (fault?: string): void => {
  if (fault) process.env['RTWORKQ_FAULT'] = fault;
  else delete process.env['RTWORKQ_FAULT'];
};

/** How often a function has been called. */
export const callsOf = (name: string): number => Number(process.env[`RTWORKQ_CALLS_${name}`] ?? 0);

/** What a call throws or rejects with while a function fails, and that a work item works afterwards. */
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
