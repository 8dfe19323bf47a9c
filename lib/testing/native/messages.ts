// Windows' texts for some HRESULTs, in English.

import { HRESULTS, type KnownCode } from '../../internal/hresults';

const TEXTS: Partial<Record<KnownCode, string>> = {
  E_NOTIMPL: 'Not implemented',
  E_POINTER: 'Invalid pointer',
  E_ABORT: 'Operation aborted',
  E_FAIL: 'Unspecified error',
  E_UNEXPECTED: 'Catastrophic failure',
  E_ACCESSDENIED: 'Access is denied.',
  E_HANDLE: 'The handle is invalid.',
  E_OUTOFMEMORY: 'Not enough memory resources are available to complete this operation.',
  E_INVALIDARG: 'The parameter is incorrect.',
  ERROR_FILE_NOT_FOUND: 'The system cannot find the file specified.',
  ERROR_PATH_NOT_FOUND: 'The system cannot find the path specified.',
  ERROR_NOT_SUPPORTED: 'The request is not supported.',
  ERROR_BUSY: 'The requested resource is in use.',
  ERROR_TOO_MANY_POSTS: 'Too many posts were made to a semaphore.',
};

const byNumber = new Map(Object.entries(TEXTS).map(([code, text]) => [HRESULTS[code as KnownCode][0], text]));

export const systemMessage = (hresult: number): string => byNumber.get(hresult) ?? '';
