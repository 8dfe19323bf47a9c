// What test/fixtures/contexts.ts prints if each callback and its error have the context of their own user.

const USERS = ['first', 'none', 'second'];

/** The kinds of callbacks, and how often each throws in the test of stores. */
const KINDS: Record<string, number> = { setTimeout: 1, setInterval: 2, refresh: 1, addPeriodicCallback: 2 };

/** `what` is the fixture's argument; `supported` is whether RTWorkQ is there. */
export function expectedContexts(what: 'stores' | 'domains', supported: boolean): Record<string, [message: string, seenIn: string][]> {
  const kinds = Object.entries(KINDS).filter(([name]) => supported || name !== 'addPeriodicCallback');
  return Object.fromEntries(
    kinds.map(([name, times]) => {
      const each = (user: string): [string, string][] => new Array(what === 'stores' ? times : 1).fill([`${user} in ${user}`, user]);
      return [name, USERS.flatMap(each)];
    }),
  );
}
