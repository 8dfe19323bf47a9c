// What the program can be asked for: each answers with one line of JSON on standard output. Called on the main thread.

#pragma once

#include <vector>

namespace rtworkq::bench {

using Numbers = std::vector<double>;
using Measure = void (*)(const Numbers&);

// On RTWorkQ's standard queue; the main thread plays JavaScript's part: it starts items and waits.
void put(const Numbers& numbers);          // items, how many of them in flight
void put_reusing(const Numbers& numbers);  // the same, with as many results as are in flight
void trips(const Numbers& numbers);        // items, one after the other
void cancel(const Numbers& numbers);       // items
void bulk(const Numbers& numbers);         // items at once, how many times
void bulk_timed(const Numbers& numbers);   // the same, where each callback reads the clock
void lateness(const Numbers& numbers);     // items of each delay, pace, delays in milliseconds

// Threads that keep an interval: how many, period in milliseconds, seconds.
void intervals_by_delay(const Numbers& numbers);  // NtDelayExecution
void intervals_by_timer(const Numbers& numbers);  // a waitable timer of high resolution
void intervals_by_wait(const Numbers& numbers);   // the same under RtwqPutWaitingWorkItem

}  // namespace rtworkq::bench
