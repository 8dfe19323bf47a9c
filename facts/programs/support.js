// The result of supportStatus(): whether the package is supported, and the DLL that it uses.

const { supportStatus } = require('rtworkq');
const { say, sayEnd } = require('../lib/say.js');

const status = supportStatus();
say('supported', String(status.supported));
if (status.supported) {
  say('DLL', status.dll.path);
  say('version', status.dll.version);
  say('Wine', status.wine ?? 'none');
} else {
  say('code', status.code);
  say('reason', status.reason);
}
sayEnd();
