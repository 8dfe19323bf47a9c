// Whether rtworkq works here, and how meaningful this machine's figures are.

import { labelOf } from '../words.js';

const VERSION_1703 = 15_063;

function unsupported({ supported, platform, fact, unknown }) {
  if (supported) return undefined;
  if (platform !== undefined && platform !== 'win32') {
    const title = "Only Node's own timers were measured";
    const text =
      `This is ${platform}. rtworkq works only on Windows, and most causes of late timers that the doctor knows exist only there. ` +
      "Here rtworkq/timers are Node's own timers.";
    return { id: 'not-windows', severity: 'problem', title, text };
  }
  const text = fact('rtworkq')?.reason ?? unknown.find(([name]) => name === 'rtworkq')?.[1].unknown ?? 'The reason is unknown.';
  return { id: 'unsupported', severity: 'problem', title: 'rtworkq does not work here', text };
}

function wine({ wine: version }) {
  if (!version) return undefined;
  const text = `This is Wine ${version}, which uses the timers of its host system. No figure here says how late timers are on Windows.`;
  return { id: 'wine', severity: 'note', title: 'Wine, not Windows', text };
}

function oldWindows({ windows, build }) {
  if (!windows || !(build < VERSION_1703)) return undefined;
  const text =
    `Windows build ${build} is older than Windows 10, version 1703 (${VERSION_1703}). OBS Studio found RTWorkQ unusable before that ` +
    'version. Test your program on this Windows.';
  return { id: 'old-windows', severity: 'advice', title: 'Old RTWorkQ', text };
}

function missingExports({ fact }) {
  const missing = fact('exports')?.missing ?? [];
  if (missing.length === 0) return undefined;
  const text = `This RTWorkQ.dll does not have ${missing.join(', ')}. Calls that need them fail with E_NOTIMPL; the rest works.`;
  return { id: 'missing-functions', severity: 'note', title: 'Missing functions', text };
}

function notMeasured({ measurements }) {
  const failed = measurements.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return undefined;
  const reasons = [...new Map(failed.map(({ contender, error }) => [contender, error]))];
  const text = reasons.map(([contender, error]) => `${contender}: ${error}`).join('. ');
  return { id: 'not-measured', severity: 'problem', title: 'Some timers could not be measured', text };
}

/** Unknown facts, grouped by reason. */
function notKnown({ platform, unknown }) {
  if (platform !== 'win32' || unknown.length === 0) return undefined;
  const reasons = [...new Set(unknown.map(([, { unknown: reason }]) => reason))];
  const of = (reason) => unknown.filter(([, each]) => each.unknown === reason).map(([name]) => labelOf(name));
  const text = reasons.map((reason) => `${of(reason).join(', ')}: ${reason}`).join('; ');
  return { id: 'unknown', severity: 'note', title: 'Some facts are unknown', text: `${text}.` };
}

export const supportFindings = [unsupported, wine, oldWindows, missingExports, notMeasured, notKnown];
