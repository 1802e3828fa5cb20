/* How many threads are worth it: measured while the work goes on, because it depends on what else the machine does. Steps
 * by one thread and by all are timed against each other, and looked at again every so often; a barrier among threads that
 * have to wait for a processor costs whole time slices. It changes nothing but the time: the bits are the same. */

#define TRIAL 1e-3     /* seconds that a trial lasts at least, and three steps */
#define TRUSTED 20     /* trials that the winner is left alone for; doubled whenever it wins again, */
#define LONGEST 0.5    /* but not longer than so many seconds */
#define WORTH 0.93     /* of the time by one thread: what all together must stay below */

typedef struct {
    double each[2];  /* seconds a step, by one thread and by all, when last measured */
    double spent;    /* in the present trial or rest */
    double rest;     /* seconds until the next trial */
    int64_t steps;   /* made in it */
    int64_t all;     /* whether all threads are at work */
    int64_t trial;   /* whether this is one: of the other number than the last winner */
    int64_t wins;    /* of the present winner, one after the other */
} Pace;

static int64_t pace_threads(const Pace *pace, int64_t threads)
{
    return pace->each[1] == 0 || pace->all ? threads : 1; /* the first trial: all */
}

static void pace_begin(Pace *pace, int64_t all, int64_t trial)
{
    pace->all = all;
    pace->trial = trial;
    pace->spent = 0;
    pace->steps = 0;
}

/* After a trial: the faster number goes on. */
static void pace_decide(Pace *pace)
{
    const int64_t all = pace->each[1] < WORTH * pace->each[0], before = pace->trial ? !pace->all : pace->all;
    const double trial = TRIAL > 3 * pace->each[!all] ? TRIAL : 3 * pace->each[!all];
    pace->wins = all == before ? pace->wins + 1 : 0;
    pace->rest = TRUSTED * trial * (double)(1 << (pace->wins < 10 ? pace->wins : 10));
    pace->rest = pace->rest < LONGEST ? pace->rest : LONGEST > TRUSTED * trial ? LONGEST : TRUSTED * trial;
    pace_begin(pace, all, 0);
}

/* A step took so long. */
static void pace_note(Pace *pace, double seconds)
{
    if (pace->each[1] == 0)
        pace->all = pace->trial = 1;
    pace->spent += seconds;
    pace->steps++;
    if (pace->spent < TRIAL || pace->steps < 3)
        return;
    const double each = pace->spent / (double)pace->steps;
    if (!pace->trial) {
        const int slow = pace->all && each > pace->each[0]; /* something else wants the processors */
        pace->each[pace->all] += 0.3 * (each - pace->each[pace->all]);
        pace->rest -= pace->spent;
        const int again = pace->rest <= 0 || slow;
        pace_begin(pace, again ? !pace->all : pace->all, again);
        return;
    }
    pace->each[pace->all] = each;
    if (pace->each[0] == 0)
        pace_begin(pace, 0, 1);
    else
        pace_decide(pace);
}
