// What Windows does to save power.

import { constants } from 'node:os';

const POWER_SAVER = 'a1841308-3541-4fab-bc81-f71556f20b4a';
const { PRIORITY_BELOW_NORMAL } = constants.priority;

function slowedDown(view) {
  if (view.fact('powerThrottling')?.executionSpeed !== true) return undefined;
  const text =
    'Windows runs this process slower to save power (EcoQoS, the efficiency mode of the Task Manager). What is measured here is measured ' +
    'under that.';
  const code = 'setPowerThrottling({ executionSpeed: false });';
  return { id: 'eco-qos', severity: 'problem', title: 'Windows slows this process down', text, code };
}

function ignoresResolution(view) {
  if (view.fact('powerThrottling')?.timerResolution !== true) return undefined;
  const text =
    'This process is told to have its requests for a faster tick passed over (PROCESS_POWER_THROTTLING_IGNORE_TIMER_RESOLUTION).';
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'ignores-resolution', severity: 'problem', title: 'Requests for a faster tick are passed over', text, code };
}

function lowPriority(view) {
  if (!view.windows || !(view.fact('priority') >= PRIORITY_BELOW_NORMAL)) return undefined;
  const text =
    'This process runs below the normal priority, so that any other program gets the processor first. Programs inherit that from the one ' +
    'that starts them.';
  const code = "require('node:os').setPriority(0);";
  return { id: 'low-priority', severity: 'problem', title: 'A low priority', text, code };
}

function battery(view) {
  const power = view.fact('power');
  if (power?.source !== 'battery') return undefined;
  const left = power.percent === undefined ? '' : `, at ${power.percent} %`;
  if (power.saver) {
    const text = `The machine runs on its battery${left}, and the battery saver is on: Windows slows programs down that nobody sees.`;
    const code = 'setPowerThrottling({ executionSpeed: false });';
    return { id: 'battery-saver', severity: 'advice', title: 'The battery saver is on', text, code };
  }
  const text = `The machine runs on its battery${left}. The processor is slower then, and wakes later. Compare with figures on mains.`;
  return { id: 'battery', severity: 'note', title: 'On battery', text };
}

function powerSaver(view) {
  const plan = view.fact('powerPlan');
  if (plan?.id !== POWER_SAVER) return undefined;
  const text = `The power plan "${plan.name ?? 'Power saver'}" keeps the processor slow, and has it sleep deeply. SCHEME_BALANCED is the usual one.`;
  return {
    id: 'power-plan',
    severity: 'advice',
    title: 'A power plan that saves power',
    text,
    code: 'powercfg /setactive SCHEME_BALANCED',
  };
}

export const powerFindings = [slowedDown, ignoresResolution, lowPriority, battery, powerSaver];
