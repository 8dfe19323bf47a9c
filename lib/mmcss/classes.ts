// The classes of the Multimedia Class Scheduler Service.

import { requireAddon } from '../internal/binding';
import { type Caller, rtwqError } from '../internal/errors';
import { validateText } from '../internal/validation';

/**
 * Lists the MMCSS classes of this machine, from the registry.
 *
 * Windows has `'Audio'`, `'Capture'`, `'Distribution'`, `'Games'`, `'Playback'`, `'Pro Audio'`, `'Window Manager'` and
 * `'DisplayPostProcessing'`; there may be others. The list is empty if the registry has none; any name is then accepted as a class.
 *
 * @example
 * ```ts
 * if (listMmcssClasses().includes('Pro Audio')) registerThreadWithMmcss('Pro Audio');
 * ```
 */
export function listMmcssClasses(): string[] {
  return requireAddon(listMmcssClasses).listMmcssClasses();
}

/** Checks the name of an MMCSS class against the registry, ignoring case. Accepts any name if the registry has no classes. */
export function validateUsageClass(value: unknown, syscall: string, caller: Caller): string {
  const name = validateText(value, 'usageClass', caller);
  const classes = requireAddon(caller).listMmcssClasses();
  const known = classes.some((each) => each.toLowerCase() === name.toLowerCase());
  if (known || classes.length === 0) return name;
  const detail = `There is no MMCSS class ${JSON.stringify(name)}. This Windows has: ${classes.join(', ')}.`;
  throw rtwqError('ERROR_INVALID_TASK_NAME', syscall, caller, detail);
}
