// npm test -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--all-nodes] [pattern ...]
//
// Sets everything up, then: lint, the tests of this machine (test/host), the tests of the Windows Node (test/core and
// test/lifetime). In Wine, the full run has Wine check its heap at the same time. Without options: everything in the
// default Windows Node, and test/core in the others, with Wine's RTWorkQ.dll and then with the stand-in; with patterns
// only the former, with Wine's. On Windows: everything in the Node that runs this.

import { parseOrExplain } from './lib/arguments.mjs';
import { buildAddon, buildLibrary, buildTestAddons, buildTests } from './lib/build.mjs';
import { nameOf, runHostTests, runWindowsTests } from './lib/jest.mjs';
import { lint } from './lib/lint.mjs';
import { runMain, say, step } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { pins } from './lib/paths.mjs';
import { checkDll, WINE_DLLS } from './lib/stand-in-wine.mjs';
import { forWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE = 'npm test -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--all-nodes] [pattern of test files ...]';
const OPTIONS = {
  node: { type: 'string' },
  arch: { type: 'string' },
  dll: { type: 'string' },
  'all-nodes': { type: 'boolean', default: false },
};
const onWindows = process.platform === 'win32';

/** The RTWorkQ.dlls to test with: on Windows only its own, which has no name here. */
function dlls({ dll }, patterns) {
  if (onWindows) return [undefined];
  if (dll) return [dll];
  return patterns.length > 0 ? ['wine'] : WINE_DLLS;
}

/** The Windows Nodes to test in, and whether fully. */
function targets({ node, arch, 'all-nodes': all }, patterns) {
  const first = resolveTarget({ node, arch });
  if (onWindows || node || arch || (patterns.length > 0 && !all)) return [{ target: first, full: true }];
  const others = Object.keys(pins.windowsNode.builds)
    .map((name) => resolveTarget({ node: name.split('-')[0], arch: name.split('-')[1] }))
    .filter(({ name }) => name !== first.name);
  return [{ target: first, full: true }, ...others.map((target) => ({ target, full: all }))];
}

/** What Wine's heap check found: a use after free, a double free, a block written past its end. */
const heapComplaints = (log) => log.split('\n').filter((line) => /(err|warn):heap/.test(line));

async function testWindows({ target, full, dll }, addons, patterns) {
  const checkHeap = full && !onWindows;
  const name = nameOf(target, dll);
  const counts = await step(`Test in Windows Node ${name}: ${full ? 'everything' : 'the core'}`, () =>
    runWindowsTests({
      target,
      dll,
      patterns: patterns.length > 0 ? patterns : full ? [] : ['core'],
      env: Object.fromEntries(Object.entries(addons).map(([name, file]) => [name, forWindows(file)])),
      wineDebug: checkHeap ? 'heap' : undefined,
    }),
  );
  if (!checkHeap) return [counts];
  const complaints = heapComplaints(counts.log);
  for (const line of complaints) say(line);
  const clean = complaints.length === 0;
  return [counts, { name: `Wine's heap check, ${name}`, passed: Number(clean), failed: Number(!clean), skipped: 0 }];
}

function report(results) {
  say('');
  console.table(Object.fromEntries(results.map(({ name, passed, failed, skipped }) => [name, { passed, failed, skipped }])));
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  return total('failed') === 0 ? 0 : 1;
}

await runMain(async () => {
  const { values, positionals: patterns } = parseOrExplain({ options: OPTIONS, allowPositionals: true }, USAGE);
  checkDll(values.dll, USAGE);
  const runs = dlls(values, patterns).flatMap((dll) => targets(values, patterns).map((each) => ({ ...each, dll })));
  await ensurePackages();
  await buildLibrary();
  const addons = {};
  for (const arch of new Set(runs.map(({ target }) => target.arch))) {
    await buildAddon(arch);
    addons[arch] = await buildTestAddons(arch);
  }
  await buildTests();

  const results = [];
  if (patterns.length === 0) {
    for (const { name, ok, skipped } of await lint()) {
      results.push({ name, passed: Number(ok && !skipped), failed: Number(!ok), skipped: Number(skipped) });
    }
    results.push(await step('Test on this machine', runHostTests));
  }
  for (const each of runs) results.push(...(await testWindows(each, addons[each.target.arch], patterns)));
  return report(results);
});
