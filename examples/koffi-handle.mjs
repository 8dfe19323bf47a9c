// Waits for a HANDLE from koffi, which calls any Windows function without an addon. This handle becomes signaled when something
// changes in a folder. A wait with koffi's own `.async` would block one of the four threads that Node reads files with; this wait
// needs none.
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
if (handle === INVALID_HANDLE_VALUE) throw new Error(`cannot watch ${folder}`);

// For this example: creates one file after the other.
const files = ['one.txt', 'two.txt'];
async function writeNext() {
  await scheduleWorkItem(20);
  writeFileSync(join(folder, files.shift() ?? ''), '');
}

try {
  while (files.length > 0) {
    const written = writeNext();
    await waitFor(BigInt(handle)); // rtworkq accepts HANDLEs as bigints, and waits for a duplicate
    await written;
    console.log('a file was created, renamed or deleted');
    if (!findNext(handle)) throw new Error('cannot continue to watch');
  }
} finally {
  findClose(handle); // You still own the handle; rtworkq does not close it.
  rmSync(folder, { recursive: true });
}
