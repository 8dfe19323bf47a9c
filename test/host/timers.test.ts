// Off Windows the timers go by Node's own timer, and do all that they do there: the same tests. And heap and queue.

import '../core/timers/callbacks.test';
import '../core/timers/exact.test';
import '../core/timers/heap.test';
import '../core/timers/promises.test';
