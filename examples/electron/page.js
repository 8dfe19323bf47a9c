// The page of main.mjs. preload.cjs provides `clock`.

'use strict';

window.clock.pause(60_000); // still pending when the page reloads
window.clock.pause(20).then(() => window.clock.tell());
