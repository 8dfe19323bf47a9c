// What Windows does to save power.

import { constants } from 'node:os';

const POWER_SAVER = 'a1841308-3541-4fab-bc81-f71556f20b4a';
const { PRIORITY_BELOW_NORMAL } = constants.priority;

function slowedDown(view) {
  if (view.fact('powerThrottling')?.executionSpeed !== true) return undefined;
  const text =
    "Windows runs this process more slowly to save power (EcoQoS, or Efficiency mode in Task Manager). All of the doctor's figures were " +
    'measured in that state.';
  const code = 'setPowerThrottling({ executionSpeed: false });';
  return { id: 'eco-qos', severity: 'problem', title: 'Windows slows this process down', text, code };
}

function ignoresResolution(view) {
  if (view.fact('powerThrottling')?.timerResolution !== true) return undefined;
  const text =
    'Windows ignores the requests of this process for a finer tick, because PROCESS_POWER_THROTTLING_IGNORE_TIMER_RESOLUTION is set for it.';
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'ignores-resolution', severity: 'problem', title: 'Requests for a finer tick are ignored', text, code };
}

function lowPriority(view) {
  if (!view.windows || !(view.fact('priority') >= PRIORITY_BELOW_NORMAL)) return undefined;
  const text =
    'This process runs below normal priority, so any other program gets the processor first. A program inherits its priority from the ' +
    'program that starts it.';
  const code = "require('node:os').setPriority(0);";
  return { id: 'low-priority', severity: 'problem', title: 'Low priority', text, code };
}

function battery(view) {
  const power = view.fact('power');
  if (power?.source !== 'battery') return undefined;
  const left = power.percent === undefined ? '' : `, at ${power.percent} %`;
  if (power.saver) {
    const text = `The machine runs on battery${left}, and the battery saver is on: Windows slows down programs that are not visible.`;
    const code = 'setPowerThrottling({ executionSpeed: false });';
    return { id: 'battery-saver', severity: 'advice', title: 'The battery saver is on', text, code };
  }
  const text = `The machine runs on battery${left}. The processor is then slower and takes longer to wake up. Compare with figures on mains power.`;
  return { id: 'battery', severity: 'note', title: 'On battery', text };
}

function powerSaver(view) {
  const plan = view.fact('powerPlan');
  if (plan?.id !== POWER_SAVER) return undefined;
  const text = `The power plan "${plan.name ?? 'Power saver'}" keeps the processor slow and lets it sleep deeply. The usual plan is SCHEME_BALANCED.`;
  return {
    id: 'power-plan',
    severity: 'advice',
    title: 'The power plan saves power',
    text,
    code: 'powercfg /setactive SCHEME_BALANCED',
  };
}

export const powerFindings = [slowedDown, ignoresResolution, lowPriority, battery, powerSaver];
