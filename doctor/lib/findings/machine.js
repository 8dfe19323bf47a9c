// What kind of machine it is.

function virtualMachine(view) {
  const { name } = view.fact('virtualMachine') ?? {};
  if (!name) return undefined;
  const text =
    `This is a virtual machine (${name}). Its host may take the processor away at any time, which shows as single late ticks that nothing in ` +
    'Windows explains. Look at the p99 and at the maximum, and measure where the program will run.';
  return { id: 'virtual-machine', severity: 'note', title: `A virtual machine: ${name}`, text };
}

function remoteSession(view) {
  if (view.fact('remoteSession') !== true) return undefined;
  const text =
    'This is a session of Remote Desktop. Encoding the picture takes processor time, and Windows may treat its programs as hidden.';
  return { id: 'remote-session', severity: 'note', title: 'A remote session', text };
}

function oneProcessor(view) {
  if (view.fact('processor')?.available !== 1) return undefined;
  const text = 'This process has one processor. Whatever else runs takes it away from the timers, and a busy one is all there is.';
  return { id: 'one-processor', severity: 'note', title: 'One processor', text };
}

function mmcss(view) {
  const answer = view.fact('mmcss');
  if (!view.windows || !answer || answer.answers) return undefined;
  const text =
    `A thread could not be registered with MMCSS: ${answer.reason}. Timers work without it; registerThreadWithMmcss, registerWithMmcss and ` +
    'registerPlatformWithMmcss do not. Where it is the service that has stopped, start it as an administrator.';
  return { id: 'mmcss', severity: 'advice', title: 'MMCSS does not answer', text, code: 'sc start MMCSS' };
}

function electron(view) {
  const version = view.fact('runtime')?.electron;
  if (!version) return undefined;
  const text =
    `This is Electron ${version}. What was measured is its main process as Node. Chromium slows the timers of hidden windows down, which ` +
    'nothing here measures.';
  const code = 'new BrowserWindow({ webPreferences: { backgroundThrottling: false } });';
  return { id: 'electron', severity: 'note', title: 'Timers of windows are another matter', text, code };
}

export const machineFindings = [mmcss, virtualMachine, remoteSession, oneProcessor, electron];
