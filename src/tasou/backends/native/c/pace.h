/* How many threads are worth it: measured while the work goes on, because it depends on what else the machine does; a
 * barrier among threads that have to wait for a processor costs whole time slices. It changes nothing but the time: the
 * bits are the same.
 *
 * A step by one thread takes `alone` seconds of a processor, of which the thread gets its `share`: alone / share is what all
 * together have to beat. They are tried, and stay as long as they win; a trial that loses is broken off, and the next
 * one has to wait until what was lost is a twentieth of the time. */

#define WINDOW 1e-3       /* seconds after which a number of threads is judged, and two steps, */
#define LONG_WINDOW 40e-3 /* or part of a long one; */
#define BUSY_WINDOW 10e-3 /* where others want the processors, too */
#define WORTH 0.95        /* of the time by one thread: what all together must stay below */
#define LOSS_IN 20        /* of so much time, at most one part is lost by trials */
#define FIRST_REST 5e-3   /* seconds before another trial; doubled after each that fails, */
#define LONGEST_REST 0.5  /* but not longer than so many seconds */
#define REFRESHED 1.0     /* seconds after which one thread is measured again */

typedef struct {
    int64_t all;          /* whether all threads are at work */
    double steps;         /* in the present window; of one that paused, the parts */
    double wall, cpu;     /* seconds of it, and those of the processor */
    double alone;         /* seconds of a processor that a step takes by one thread; 0: not yet known */
    double walls, cpus;   /* of one thread, the older the less they count: its share of a processor */
    double rest;          /* seconds until the next trial, or until one thread is measured again */
    double balance;       /* seconds that all together have won, up to a window */
    int64_t trial, slow;  /* whether this is one; whether the last window was lost */
    int64_t failed;       /* trials, one after the other */
} Pace;

/* A step that is being measured. */
typedef struct {
    double wall, cpu;
} Beat;

static double clock_of(int which)
{
#ifdef _WIN32
    (void)which; /* the time of a thread is told in steps of 16 ms there */
    return seconds_now();
#else
    struct timespec t;
    clock_gettime(which ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
#endif
}

static int64_t pace_threads(const Pace *pace, int64_t threads)
{
    return threads > 1 && pace->all ? threads : 1;
}

static Beat pace_begin(const Pace *pace, int64_t threads)
{
    return threads > 1 ? (Beat){clock_of(0), pace->all ? 0 : clock_of(1)} : (Beat){0, 0};
}

static double by_one(const Pace *pace)
{
    return pace->cpus > 0 ? pace->alone * pace->walls / pace->cpus : pace->alone;
}

static void pace_turn(Pace *pace, int64_t all, int64_t trial, double rest)
{
    pace->all = all;
    pace->trial = trial;
    pace->rest = rest;
    pace->steps = pace->slow = 0;
    pace->wall = pace->cpu = pace->balance = 0;
}

/* All together are not worth it: for how long, the more of them failed before and the more was lost. */
static void pace_give_up(Pace *pace)
{
    const double first = FIRST_REST * (double)((int64_t)1 << (pace->failed < 10 ? pace->failed : 10));
    const double owed = -LOSS_IN * pace->balance, rest = first < LONGEST_REST ? first : LONGEST_REST;
    pace->failed++;
    pace_turn(pace, 0, 0, owed > rest ? owed : rest);
}

static void note_alone(Pace *pace)
{
    const double each = pace->cpu / pace->steps, kept = 1 / (1 + pace->wall / (5 * BUSY_WINDOW));
    pace->alone = pace->alone == 0 ? each : pace->alone + 0.3 * (each - pace->alone);
    pace->walls = kept * pace->walls + pace->wall;
    pace->cpus = kept * pace->cpus + pace->cpu;
    pace->rest -= pace->wall;
    const double rest = pace->rest;
    pace_turn(pace, 0, 0, rest);
    if (rest <= 0)
        pace_turn(pace, 1, 1, REFRESHED);
}

/* A window of all threads: a trial must be won; afterwards one may be lost, but not two. */
static void note_all(Pace *pace)
{
    const int lost = pace->wall > WORTH * by_one(pace) * pace->steps;
    pace->rest -= pace->wall;
    if (lost && (pace->trial || pace->slow)) {
        pace_give_up(pace);
        return;
    }
    if (!lost)
        pace->trial = pace->failed = 0;
    pace->slow = lost;
    pace->steps = 0;
    pace->wall = 0;
    if (pace->rest <= 0)
        pace_turn(pace, 0, 0, 0);
}

/* So much of a step is done. */
static void pace_end(Pace *pace, int64_t threads, Beat begun, double part)
{
    if (threads <= 1 || part <= 0)
        return;
    const double wall = clock_of(0) - begun.wall, cpu = pace->all ? 0 : clock_of(1) - begun.cpu;
    if (wall <= 0)
        return; /* the clock was set */
    pace->wall += wall;
    pace->cpu += cpu;
    pace->steps += part;
    const int busy = pace->cpus < 0.9 * pace->walls;
    const double window = busy && pace->all ? BUSY_WINDOW : WINDOW;
    const int judged = pace->wall >= (pace->steps >= 2 ? window : LONG_WINDOW);
    if (!pace->all) {
        if (judged)
            note_alone(pace);
        return;
    }
    pace->balance += by_one(pace) * part - wall;
    pace->balance = pace->balance < WINDOW ? pace->balance : WINDOW;
    if (pace->trial && pace->balance < -2 * WINDOW)
        pace_give_up(pace);
    else if (judged)
        note_all(pace);
}
