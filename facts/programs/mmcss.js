// The MMCSS classes on this machine, and whether this thread can join one.

const { isSupported, listMmcssClasses, registerThreadWithMmcss } = require('rtworkq');
const { say, sayEnd } = require('../lib/say.js');

const attempt = (action) => {
  try {
    return action();
  } catch (error) {
    return error.code ?? error.message;
  }
};

say(
  'classes',
  attempt(() => listMmcssClasses().join(', ') || 'none'),
);
if (isSupported()) {
  say(
    'registerThreadWithMmcss("Pro Audio")',
    attempt(() => {
      const task = registerThreadWithMmcss('Pro Audio');
      task.unregister();
      return 'joined and left';
    }),
  );
}
sayEnd();
