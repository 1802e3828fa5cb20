/* Threads that share work: one team for the whole process, asleep while nothing is to be done. */

#ifndef TASOU_TEAM
#define TASOU_TEAM

#include <stdint.h>

/* Seconds since 1970, as Python's time.time() tells them. */
double seconds_now(void);

/* One part of the work, done by one of the threads (the caller is number 0). */
typedef void Task(void *work, int64_t part, int64_t thread);

/* How many threads the caller gets, itself counted, up to so many: 1 if somebody else has the team, or there are no
 * threads here. Whoever got more than one gives them back by team_leave. */
int64_t team_enter(int64_t threads);
void team_leave(void);

/* Do all parts, each by whichever thread comes first; returns when all are done. */
void team_share(int64_t threads, int64_t parts, Task *task, void *work);

#endif
