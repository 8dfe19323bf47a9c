// The kind of machine.

function virtualMachine(view) {
  const { name } = view.fact('virtualMachine') ?? {};
  if (!name) return undefined;
  const text =
    `This is a virtual machine (${name}). Its host can take the processor away at any time. You then see isolated late ticks that nothing ` +
    'inside Windows explains. Look at the p99 and the maximum, and measure where the program will run.';
  return { id: 'virtual-machine', severity: 'note', title: `Virtual machine: ${name}`, text };
}

function remoteSession(view) {
  if (view.fact('remoteSession') !== true) return undefined;
  const text =
    'This is a Remote Desktop session. Encoding the picture takes processor time, and Windows may treat the programs in it as hidden.';
  return { id: 'remote-session', severity: 'note', title: 'Remote session', text };
}

function oneProcessor(view) {
  if (view.fact('processor')?.available !== 1) return undefined;
  const text =
    'This process has only one processor. Anything else that runs delays the timers: while that processor is busy, there is no other one to ' +
    'run on.';
  return { id: 'one-processor', severity: 'note', title: 'Only one processor', text };
}

function mmcss(view) {
  const answer = view.fact('mmcss');
  if (!view.windows || !answer || answer.answers) return undefined;
  const text =
    `A thread could not be registered with MMCSS (${answer.reason}). Timers work without it; registerThreadWithMmcss, registerWithMmcss and ` +
    'registerPlatformWithMmcss do not. If the service is stopped, start it as an administrator.';
  return { id: 'mmcss', severity: 'advice', title: 'MMCSS does not respond', text, code: 'sc start MMCSS' };
}

function electron(view) {
  const version = view.fact('runtime')?.electron;
  if (!version) return undefined;
  const text =
    `This is Electron ${version}. The doctor measured its main process, running as Node. Chromium slows down the timers of hidden windows; ` +
    'the doctor does not measure those.';
  const code = 'new BrowserWindow({ webPreferences: { backgroundThrottling: false } });';
  return { id: 'electron', severity: 'note', title: 'Timers in windows were not measured', text, code };
}

export const machineFindings = [mmcss, virtualMachine, remoteSession, oneProcessor, electron];
