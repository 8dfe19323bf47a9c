// The page of main.mjs. `clock` is what preload.cjs has handed over.

'use strict';

window.clock.pause(60_000); // pending when the page is loaded anew
window.clock.pause(20).then(() => window.clock.tell());
