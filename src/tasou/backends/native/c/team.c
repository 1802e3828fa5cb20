/* The team: threads that wait for work, spinning for microseconds, then asleep.
 *
 * A call of team_share opens a round. Each thread has a run of parts of its own, the same in every round, so that what it
 * wrote is still in its cache; where it is done it takes parts of the others. Whoever takes a part does so by one atomic
 * step on a `ticket`, which holds the round's number and the parts left of a run: a thread that comes late, because the
 * machine was busy with something else, finds the round over and takes nothing, and nobody ever waits for a thread that
 * has not taken a part. */

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0602 /* Windows 8 */
#include <windows.h>
#endif
#include <time.h>

#include "team.h"

double seconds_now(void)
{
#ifdef _WIN32
    FILETIME t; /* tenths of microseconds since 1601 */
    GetSystemTimePreciseAsFileTime(&t);
    return 1e-7 * ((double)t.dwHighDateTime * 4294967296.0 + (double)t.dwLowDateTime) - 11644473600.0;
#else
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
#endif
}

#if defined(TASOU_NO_THREADS)

int64_t team_enter(int64_t threads)
{
    (void)threads;
    return 1;
}

void team_leave(void)
{
}

void team_share(int64_t threads, int64_t parts, Task *task, void *work)
{
    (void)threads;
    for (int64_t part = 0; part < parts; part++)
        task(work, part, 0);
}

#else

#include <string.h>

#ifdef _WIN32
typedef SRWLOCK Lock;
typedef CONDITION_VARIABLE Signal;
static const SRWLOCK unlocked = SRWLOCK_INIT;
static const CONDITION_VARIABLE unsignalled = CONDITION_VARIABLE_INIT;
#define lock(l) AcquireSRWLockExclusive(l)
#define unlock(l) ReleaseSRWLockExclusive(l)
#define await(s, l) SleepConditionVariableSRW(s, l, INFINITE, 0)
#define wake(s) WakeAllConditionVariable(s)
#define process_number() ((int64_t)1) /* Windows does not fork */
#else
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
typedef pthread_mutex_t Lock;
typedef pthread_cond_t Signal;
static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
static const pthread_cond_t unsignalled = PTHREAD_COND_INITIALIZER;
#define lock(l) pthread_mutex_lock(l)
#define unlock(l) pthread_mutex_unlock(l)
#define await(s, l) pthread_cond_wait(s, l)
#define wake(s) pthread_cond_broadcast(s)
#define process_number() ((int64_t)getpid())
#endif

#define MOST_THREADS 128
#define SPIN 100e-6 /* seconds of spinning before a thread goes to sleep: waking it costs about half as much */

#if defined(__x86_64__) || defined(__i386__)
#define pause_briefly() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define pause_briefly() __asm__ volatile("yield")
#else
#define pause_briefly() ((void)0)
#endif

#define get(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define set(x, value) __atomic_store_n(&(x), value, __ATOMIC_SEQ_CST)
#define plus(x, n) __atomic_add_fetch(&(x), n, __ATOMIC_SEQ_CST)

#define PARTS ((uint64_t)1 << 24) /* of a round, at most; the rest of a ticket numbers the round */

/* round * PARTS + parts left; each in a cache line of its own */
typedef struct {
    uint64_t left;
    char rest[120];
} Ticket;

static struct {
    Ticket ticket[MOST_THREADS]; /* of each thread's run of parts */
    uint64_t round;
    int64_t done; /* parts of the round */
    int64_t parts, wanted; /* of the round; threads that may help */
    Task *task;
    void *work;
    int64_t members; /* threads that were started */
    int64_t asleep, awaited; /* members asleep; whether the caller is */
    Lock lock;
    Signal begun, ended;
} team;
static int64_t taken; /* whether somebody has the team */

/* Whether the condition has come true while spinning. */
#define SPUN(condition) \
    ({ \
        const double until_ = seconds_now() + SPIN; \
        int came_ = 0, looks_ = 0; /* the clock may be set back: looks are counted, too */ \
        do \
            for (int i_ = 0; i_ < 64 && !(came_ = (condition)); i_++) \
                pause_briefly(); \
        while (!came_ && seconds_now() < until_ && ++looks_ < 1000); \
        came_; \
    })

/* The first part of a thread's run. */
static int64_t run_begins(int64_t parts, int64_t threads, int64_t thread)
{
    return parts * thread / threads;
}

/* Take parts of somebody's run in the round that is open, until none is left. */
static void help(int64_t whose, int64_t thread)
{
    for (;;) {
        uint64_t ticket = get(team.ticket[whose].left);
        const int64_t parts = get(team.parts), wanted = get(team.wanted);
        Task *const task = get(team.task);
        void *const work = get(team.work);
        const int64_t left = (int64_t)(ticket % PARTS);
        if (left == 0 || thread >= wanted)
            return;
        /* that the ticket is still the same says that what was read belongs to its round */
        if (!__atomic_compare_exchange_n(&team.ticket[whose].left, &ticket, ticket - 1, 0, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST))
            continue;
        task(work, run_begins(parts, wanted, whose + 1) - left, thread);
        if (plus(team.done, 1) == parts && get(team.awaited)) {
            lock(&team.lock);
            wake(&team.ended);
            unlock(&team.lock);
        }
    }
}

/* One's own run first, then those of the others. */
static void help_all(int64_t thread)
{
    const int64_t wanted = get(team.wanted);
    for (int64_t i = 0; i < wanted; i++)
        help((thread + i) % wanted, thread);
}

static void work_for_ever(int64_t thread)
{
    for (uint64_t seen = 0;;) {
        if (!SPUN(get(team.round) != seen)) {
            lock(&team.lock);
            plus(team.asleep, 1);
            while (get(team.round) == seen)
                await(&team.begun, &team.lock);
            plus(team.asleep, -1);
            unlock(&team.lock);
        }
        seen = get(team.round);
        help_all(thread);
    }
}

#ifdef _WIN32
static DWORD WINAPI run(void *number)
{
    work_for_ever((int64_t)(intptr_t)number);
    return 0;
}

static int start(int64_t number)
{
    HANDLE thread = CreateThread(NULL, 0, run, (void *)(intptr_t)number, 0, NULL);
    return thread != NULL && CloseHandle(thread);
}
#else
static void *run(void *number)
{
    work_for_ever((int64_t)(intptr_t)number);
    return NULL;
}

/* Signals are for Python's own threads. */
static int start(int64_t number)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int started = pthread_create(&thread, NULL, run, (void *)(intptr_t)number) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started && pthread_detach(thread) == 0;
}
#endif

int64_t team_enter(int64_t threads)
{
    static int64_t owner; /* the process whose threads these are: after a fork there are none */
    const int64_t process = process_number();
    if (get(owner) != process) {
        memset(&team, 0, sizeof team);
        team.lock = unlocked;
        team.begun = team.ended = unsignalled;
        set(taken, 0);
        set(owner, process);
    }
    if (threads <= 1 || __atomic_exchange_n(&taken, 1, __ATOMIC_SEQ_CST))
        return 1;
    threads = threads < MOST_THREADS ? threads : MOST_THREADS;
    while (team.members + 1 < threads && start(team.members + 1))
        team.members++;
    if (team.members == 0)
        team_leave();
    return team.members + 1 < threads ? team.members + 1 : threads;
}

void team_leave(void)
{
    set(taken, 0);
}

void team_share(int64_t threads, int64_t parts, Task *task, void *work)
{
    if (threads <= 1 || parts <= 1 || parts >= (int64_t)PARTS) {
        for (int64_t part = 0; part < parts; part++)
            task(work, part, 0);
        return;
    }
    set(team.parts, parts);
    set(team.wanted, threads);
    set(team.task, task);
    set(team.work, work);
    set(team.done, 0);
    const uint64_t round = team.round + 1;
    for (int64_t i = 0; i < threads; i++) {
        const int64_t run = run_begins(parts, threads, i + 1) - run_begins(parts, threads, i);
        set(team.ticket[i].left, round * PARTS + (uint64_t)run);
    }
    set(team.round, round);
    if (get(team.asleep)) {
        lock(&team.lock);
        wake(&team.begun);
        unlock(&team.lock);
    }
    help_all(0);
    if (SPUN(get(team.done) == parts))
        return;
    lock(&team.lock);
    set(team.awaited, 1);
    while (get(team.done) < parts)
        await(&team.ended, &team.lock);
    set(team.awaited, 0);
    unlock(&team.lock);
}

#endif
