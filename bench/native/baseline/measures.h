// The program's measures: each prints one line of JSON to standard output. Called on the main thread.

#pragma once

#include <vector>

namespace rtworkq::bench {

using Numbers = std::vector<double>;
using Measure = void (*)(const Numbers&);

// On RTWorkQ's standard queue. The main thread starts the items and waits, as the JavaScript thread does.
void put(const Numbers& numbers);          // items, how many in flight
void put_reusing(const Numbers& numbers);  // the same, with one async result per item in flight
void trips(const Numbers& numbers);        // items, one after the other
void cancel(const Numbers& numbers);       // items
void bulk(const Numbers& numbers);         // items at once, how many times
void bulk_timed(const Numbers& numbers);   // the same; each callback reads the clock
void lateness(const Numbers& numbers);     // items per delay, pace, delays in milliseconds

// One thread per interval: how many, period in milliseconds, seconds.
void intervals_by_delay(const Numbers& numbers);  // NtDelayExecution
void intervals_by_timer(const Numbers& numbers);  // a high-resolution waitable timer

}  // namespace rtworkq::bench
