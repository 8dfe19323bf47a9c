// A HANDLE from koffi, which calls any function of Windows without an addon: here one that becomes signaled when
// something changes in a folder. What koffi's own `.async` waits for takes one of the four threads with which Node reads
// files; this wait takes none.
//
//   npm install koffi
//   node koffi-handle.mjs

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { scheduleWorkItem, waitFor } from 'rtworkq';

const kernel32 = koffi.load('kernel32.dll');
// A HANDLE is a number as wide as a pointer.
const findFirst = kernel32.func('intptr_t __stdcall FindFirstChangeNotificationW(str16 path, bool below, uint32_t filter)');
const findNext = kernel32.func('bool __stdcall FindNextChangeNotification(intptr_t handle)');
const findClose = kernel32.func('bool __stdcall FindCloseChangeNotification(intptr_t handle)');
const FILE_NOTIFY_CHANGE_FILE_NAME = 1;
const INVALID_HANDLE_VALUE = -1;

const folder = mkdtempSync(join(tmpdir(), 'koffi-handle-'));
const handle = findFirst(folder, false, FILE_NOTIFY_CHANGE_FILE_NAME);
if (handle === INVALID_HANDLE_VALUE) throw new Error(`${folder} cannot be watched`);

// For this example: files that come one after the other.
const files = ['one.txt', 'two.txt'];
async function writeNext() {
  await scheduleWorkItem(20);
  writeFileSync(join(folder, files.shift() ?? ''), '');
}

try {
  while (files.length > 0) {
    const written = writeNext();
    await waitFor(BigInt(handle)); // rtworkq takes HANDLEs as bigints, and waits for a duplicate
    await written;
    console.log('a file has come or gone');
    if (!findNext(handle)) throw new Error('it cannot be watched any more');
  }
} finally {
  findClose(handle); // It stays yours: nobody else closes it.
  rmSync(folder, { recursive: true });
}
