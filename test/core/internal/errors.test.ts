import { describe, expect, test } from '@jest/globals';
import { cancelWorkItem, RtwqError, scheduleWorkItem } from 'rtworkq';

function thrownBy(call: () => unknown): RtwqError {
  try {
    call();
  } catch (error) {
    return error as RtwqError;
  }
  throw new Error('nothing was thrown');
}

describe('RtwqError', () => {
  test('names the function, the HRESULT and its number', () => {
    const error = thrownBy(() => cancelWorkItem(5n));
    expect(error).toBeInstanceOf(RtwqError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'RtwqError', code: 'RTWQ_E_NOT_FOUND', hresult: 0xc00d36d5, syscall: 'RtwqCancelWorkItem' });
    expect(error.message).toMatch(/^RtwqCancelWorkItem failed with RTWQ_E_NOT_FOUND \(0xC00D36D5\): .*key 0x5\b/);
  });

  test('has a stack that starts at the caller', () => {
    const error = thrownBy(() => cancelWorkItem(5n));
    expect(String(error.stack).split('\n')[1]).toContain('errors.test');
  });

  test.each([
    [0x80004001, 'E_NOTIMPL'],
    [0x80070057, 'E_INVALIDARG'],
    [0xc00d3e85, 'RTWQ_E_SHUTDOWN'],
    [0xc00d36ff, 'RTWQ_E_INVALID_WORKQUEUE'],
  ])('has the code of the HRESULT %d, signed or unsigned: %s', (hresult, code) => {
    for (const number of [hresult, hresult | 0]) {
      const error = new RtwqError(number, 'RtwqSetDeadline');
      expect(error).toMatchObject({ code, hresult, syscall: 'RtwqSetDeadline' });
      // The system's text, or rtworkq's own if the system has none.
      expect(error.message).toMatch(/\(0x[0-9A-F]{8}\): \S/);
      expect(error.message).not.toContain('No further information');
    }
  });

  test('has a code with the number if the HRESULT has no name', () => {
    expect(new RtwqError(0x8badf00d, 'RtwqStartup').code).toBe('HRESULT_0x8BADF00D');
  });
});

test('an AbortError has a stack', async () => {
  const item = scheduleWorkItem(600_000);
  item.cancel();
  await expect(item.completed).rejects.toHaveProperty('stack', expect.stringContaining('AbortError: The operation was aborted'));
});
