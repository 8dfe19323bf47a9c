// The rows. Each tests one thing on the main thread and prints the answers. A process runs one row.

#pragma once

namespace rtworkq::facts {

// RTWorkQ.
void keys();
void cancelled_waits();
void wait_order();
void queue_threads();
void private_queues();
void many_waits();
void mmcss_registration();
void async_results();

// Time.
void clock_cost();
void machine_sleep();
void timer_tick();
void late_timers();
void late_work_items();
void late_timeouts();

// Waits and threads without RTWorkQ.
void cancelled_pool_waits();
void conserved_semaphore();
void conserved_event();
void conserved_timer();
void wait_all_twice();
void abandoned_mutex();
void rights();
void many_threads();
void switch_to_thread();

}  // namespace rtworkq::facts
