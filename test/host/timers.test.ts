// Off Windows the timers run on Node's own timer and behave the same, so the same tests run here, with those of heap and queue.

import '../core/timers/callbacks.test';
import '../core/timers/contexts.test';
import '../core/timers/exact.test';
import '../core/timers/fakes.test';
import '../core/timers/heap.test';
import '../core/timers/many.test';
import '../core/timers/names.test';
import '../core/timers/promises.test';
import '../core/timers/wrapped.test';
