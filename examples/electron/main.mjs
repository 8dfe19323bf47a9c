// rtworkq in each process of Electron that can load addons: the main process, a utility process, and a preload script
// without sandbox, whose page is loaded anew while something is pending. It needs no rebuild for Electron.
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
  console.log('main: a work item has fired');

  // What has to be on time is best in a process of its own: the main process is busy with the windows.
  const metronome = utilityProcess.fork(pathOf('utility.mjs'));
  for await (const [beat] of on(metronome, 'message')) {
    console.log(`utility process: beat ${beat}`);
    if (beat >= 3) break;
  }
  metronome.kill();
  await once(metronome, 'exit');

  // A preload script in a sandbox cannot load addons. One that stays in it asks the main process, by ipcRenderer.invoke().
  const window = new BrowserWindow({ webPreferences: { preload: pathOf('preload.cjs'), sandbox: false } });
  await Promise.all([window.loadFile(pathOf('page.html')), once(ipcMain, 'paused')]);
  console.log('page: a work item has fired');

  // The environment of the old page ends, and what is pending in it is cancelled; the new page begins from nothing.
  window.reload();
  await once(ipcMain, 'paused');
  console.log('page, loaded anew: a work item has fired');
  app.quit();
}

app
  .whenReady()
  .then(start)
  .catch((error) => {
    console.error(error);
    app.exit(1);
  });
