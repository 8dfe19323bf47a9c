// node run-with-faults.mjs <script.js>: runs a script in the Windows Node where RTWorkQ.dll is the one with faults.

import { faultyWine } from '../../scripts/lib/faulty-wine.mjs';
import { runMain } from '../../scripts/lib/log.mjs';
import { forWindows, reportEnd, runInWindows } from '../../scripts/lib/windows.mjs';

await runMain(async () => reportEnd(await runInWindows({ args: [forWindows(process.argv[2])], wineEnv: await faultyWine() })));
