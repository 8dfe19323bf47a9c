// The preload script of main.mjs: what it hands over is all that the page has of rtworkq.

'use strict';

const { contextBridge, ipcRenderer } = require('electron');
const { scheduleWorkItem } = require('rtworkq');

contextBridge.exposeInMainWorld('clock', {
  // A work item is a promise of a class of its own, which cannot cross. `completed` is one like any other.
  pause: (milliseconds) => scheduleWorkItem(milliseconds).completed,
  tell: () => ipcRenderer.send('paused'),
});
