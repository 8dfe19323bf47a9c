// The options that users hand over: the one reader of them.

import { argumentTypeError, argumentValueError, type Caller } from './errors';

// Without Object.prototype, where programs may have put what looks like an option.
const NOTHING = Object.freeze(Object.create(null) as object);

const LONGEST_SHOWN = 50;

/** Reads the options of one function; what it does not know is refused. */
export type OptionsReader<Options, Read> = (options: Options | undefined, caller: Caller) => Read;

/** The names that are taken out. */
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
 * Makes the reader of an options bag, each property once, also inherited ones: `pick` takes them out, and does nothing else.
 * No other code reads what users hand over. Getters and proxies may do anything, so queues and handles are looked up
 * afterwards.
 */
export function optionsReader<Options extends object, Read>(pick: (options: Options) => Read): OptionsReader<Options, Read> {
  const known = namesOf(pick);
  const nothing = pick(NOTHING as Options);
  return (options, caller) => {
    if (options === undefined) return nothing;
    if (typeof options !== 'object' || options === null) throw argumentTypeError('options', 'of type object', options, caller);
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      const shown = name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}...` : name;
      throw argumentValueError('options', `has an unknown property '${shown}'; the valid ones are ${known.join(', ')}`, options, caller);
    }
    return pick(options);
  };
}
