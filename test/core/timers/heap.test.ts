// The data structures that keep timers in order, compared with sorted lists.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { internal } from '../../support/internals';

const { Heap } = internal('timers/heap');
const { Queue } = internal('timers/queue');

interface Item {
  readonly key: number;
  readonly turn: number;
}

type Step = { push: number } | { pop: number } | { keep: number };

// Few keys, so that many are equal.
const key = fc.oneof(fc.nat({ max: 5 }), fc.constantFrom(-1, 0.5, 1e300), fc.double({ noNaN: true }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ push: key }) },
  { weight: 3, arbitrary: fc.record({ pop: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ keep: fc.integer({ min: 1, max: 4 }) }) },
);

// Without a size, arrays have ten elements at most.
const LONG = { maxLength: 300, size: 'max' } as const;

describe('Heap', () => {
  test('pops the smallest key first, and equal keys in the order in which they were pushed', () => {
    fc.assert(
      fc.property(fc.array(step, LONG), (steps: Step[]) => {
        const heap = new Heap<Item>();
        let model: Item[] = [];
        let turn = 0;
        const check = (): void => {
          expect(heap.size).toBe(model.length);
          expect(heap.first).toBe(model[0]);
          expect(heap.least).toBe(model[0]?.key ?? Number.POSITIVE_INFINITY);
        };
        const pop = (): void => {
          expect(heap.pop()).toBe(model.shift());
          check();
        };
        for (const each of steps) {
          if ('push' in each) {
            const item = { key: each.push, turn: turn++ };
            heap.push(item.key, item);
            model = [...model, item].sort((one, other) => one.key - other.key || one.turn - other.turn);
          } else if ('pop' in each) {
            for (let count = 0; count < each.pop; count++) pop();
          } else {
            const wanted = (item: Item): boolean => item.turn % each.keep === 0;
            heap.keep(wanted);
            model = model.filter(wanted);
          }
          check();
        }
        while (model.length > 0) pop();
        pop();
      }),
      { numRuns: 100 },
    );
  });

  test('keep() asks for each item once', () => {
    const heap = new Heap<number>();
    for (let item = 0; item < 100; item++) heap.push(item % 7, item);
    const asked: number[] = [];
    heap.keep((item) => {
      asked.push(item);
      return false;
    });
    expect(asked.sort((one, other) => one - other)).toEqual(Array.from({ length: 100 }, (_, item) => item));
    expect([heap.size, heap.pop(), heap.least]).toEqual([0, undefined, Number.POSITIVE_INFINITY]);
  });
});

test('Queue is first in, first out', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat()), LONG), (steps) => {
      const queue = new Queue<number>();
      const model: number[] = [];
      for (const item of steps) {
        if (item === null) {
          expect(queue.shift()).toBe(model.shift());
        } else {
          queue.push(item);
          model.push(item);
        }
        expect([queue.size, queue.first, queue.last]).toEqual([model.length, model[0], model.at(-1)]);
      }
    }),
  );
});
