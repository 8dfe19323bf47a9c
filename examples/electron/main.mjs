// Uses rtworkq in each Electron process that can load addons: the main process, a utility process, and a preload script without
// a sandbox, whose page reloads while a work item is pending. rtworkq needs no rebuild for Electron.
//
//   npm install rtworkq electron
//   npx electron main.mjs

import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, ipcMain, utilityProcess } from 'electron';
import { scheduleWorkItem } from 'rtworkq';

const pathOf = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

async function start() {
  await scheduleWorkItem(20);
  console.log('main: a work item fired');

  // Run time-critical code in its own process, because the main process is busy with the windows.
  const metronome = utilityProcess.fork(pathOf('utility.mjs'));
  for await (const [beat] of on(metronome, 'message')) {
    console.log(`utility process: beat ${beat}`);
    if (beat >= 3) break;
  }
  metronome.kill();
  await once(metronome, 'exit');

  // A sandboxed preload script cannot load addons. It can ask the main process instead, with ipcRenderer.invoke().
  const window = new BrowserWindow({ webPreferences: { preload: pathOf('preload.cjs'), sandbox: false } });
  await Promise.all([window.loadFile(pathOf('page.html')), once(ipcMain, 'paused')]);
  console.log('page: a work item fired');

  // The old page's environment ends, and its pending work items end with it. The new page starts fresh.
  window.reload();
  await once(ipcMain, 'paused');
  console.log('reloaded page: a work item fired');
  app.quit();
}

app
  .whenReady()
  .then(start)
  .catch((error) => {
    console.error(error);
    app.exit(1);
  });
