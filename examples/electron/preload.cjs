// The preload script of main.mjs. The page can use only what this script exposes.

'use strict';

const { contextBridge, ipcRenderer } = require('electron');
const { scheduleWorkItem } = require('rtworkq');

contextBridge.exposeInMainWorld('clock', {
  // A work item is an object of its own class, so it cannot cross the context bridge. `completed` is a plain promise.
  pause: (milliseconds) => scheduleWorkItem(milliseconds).completed,
  tell: () => ipcRenderer.send('paused'),
});
