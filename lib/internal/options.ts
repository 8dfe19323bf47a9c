// The only code that reads users' options.

import { argumentTypeError, argumentValueError, type Caller } from './errors';

// Without Object.prototype, to which programs may have added what looks like an option.
const EMPTY = Object.freeze(Object.create(null) as object);

const LONGEST_SHOWN = 50;

/** Reads the options of one function; throws for unknown ones. */
export type OptionsReader<Options, Read> = (options: Options | undefined, caller: Caller) => Read;

/** Returns the names that `pick` reads. */
function namesOf<Options extends object>(pick: (options: Options) => unknown): string[] {
  const names: string[] = [];
  const listing: ProxyHandler<object> = {
    get(_, name) {
      names.push(String(name));
      return undefined;
    },
  };
  pick(new Proxy({}, listing) as Options);
  return names;
}

/**
 * Makes the reader of an options bag. `pick` reads each property, including inherited ones, once, and does nothing else. `refused`
 * has what to say about names for which "unknown" would not help.
 *
 * No other code reads users' options. Getters and proxies may do anything, so look up queues and handles afterwards.
 */
export function optionsReader<Options extends object, Read>(
  pick: (options: Options) => Read,
  refused: Readonly<Record<string, string>> = {},
): OptionsReader<Options, Read> {
  const known = namesOf(pick);
  const defaults = pick(EMPTY as Options);
  return (options, caller) => {
    if (options === undefined) return defaults;
    if (typeof options !== 'object' || options === null) throw argumentTypeError('options', 'of type object', options, caller);
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      if (Object.hasOwn(refused, name)) throw argumentValueError('options', refused[name] as string, options, caller);
      const shown = name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}...` : name;
      throw argumentValueError('options', `has an unknown property '${shown}'; the valid ones are ${known.join(', ')}`, options, caller);
    }
    return pick(options);
  };
}
