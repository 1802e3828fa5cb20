/* Random numbers in the order in which NumPy draws them: by its own functions, or, where they come from a Mersenne
 * Twister (every RandomState does), by the recurrence written out here, many numbers at once (Matsumoto and Nishimura,
 * 1998: MT19937). It works on NumPy's own state, so that NumPy goes on where this stops. */

#define TWIST_AHEAD 397

/* One row of the recurrence: the top bit of one word, the rest of the next, shifted and mixed into a third. */
#define TWISTED(key, i, next, ahead) \
    ((key)[ahead] ^ ((((key)[i] & 0x80000000u) | ((key)[next] & 0x7fffffffu)) >> 1) ^ (-((key)[next] & 1u) & 0x9908b0dfu))

/* The words as they are drawn: each bit of the state spread over many. */
KERNEL void temper(const uint32_t *key, uint32_t *words)
{
    EACH (i, TWISTER) {
        uint32_t y = key[i];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c5680u;
        y ^= y << 15 & 0xefc60000u;
        words[i] = y ^ y >> 18;
    }
}

/* The next 624 words. Each loop reads what it has not yet written, or wrote 227 rows before. */
KERNEL void twist(uint32_t *key)
{
    const int far = TWISTER - TWIST_AHEAD;
    for (int i = 0; i < far; i++)
        key[i] = TWISTED(key, i, i + 1, i + TWIST_AHEAD);
    for (int i = far; i < TWISTER - 1; i++)
        key[i] = TWISTED(key, i, i + 1, i - far);
    key[TWISTER - 1] = TWISTED(key, TWISTER - 1, 0, TWIST_AHEAD - 1);
}

/* Make the next words, if all are drawn; how many of them are drawn. */
static int refilled(const Job *job)
{
    Twister *t = job->twister;
    if (t->at >= TWISTER) {
        twist(t->key);
        temper(t->key, job->tempered);
        t->at = 0;
    }
    return t->at;
}

static uint32_t next_word(const Job *job)
{
    const int at = refilled(job);
    job->twister->at = at + 1;
    return job->tempered[at];
}

/* In [0, 1): 53 bits, from two words. */
static double uniform(const Job *job)
{
    if (!job->twister)
        return job->random->next_double(job->random->state);
    const uint32_t high = next_word(job) >> 5, low = next_word(job) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

/* i rounded up to ones in all bits, from a mask that is that or more. */
static uint64_t ones_above(uint64_t i, uint64_t mask)
{
    while (mask / 2 >= i)
        mask /= 2;
    return mask;
}

/* places[i], for i = n-1 … 1, a whole number in 0 … i: bits under the mask (i rounded up to ones), drawn again while they
 * exceed i. What is drawn is written before it is known to be good: no branch that nobody can foresee. */
static void draw_places(const Job *job, int64_t n, int64_t *places)
{
    const Random *random = job->random;
    uint64_t i = (uint64_t)n - 1, mask = ~(uint64_t)0;
    while (i > 0xffffffff || (i > 0 && !job->twister)) {
        mask = ones_above(i, mask);
        const int wide = i > 0xffffffff;
        const uint64_t drawn = (wide ? random->next_uint64(random->state) : random->next_uint32(random->state)) & mask;
        places[i] = (int64_t)drawn;
        i -= drawn <= i;
    }
    if (job->twister && n - 1 > (int64_t)0xffffffff)
        temper(job->twister->key, job->tempered); /* NumPy may have gone on to other words */
    while (i > 0) {
        const uint32_t *words = job->tempered;
        int at = refilled(job);
        for (; at < TWISTER && i > 0; at++) {
            mask = ones_above(i, mask);
            const uint64_t drawn = words[at] & mask;
            places[i] = (int64_t)drawn;
            i -= drawn <= i;
        }
        job->twister->at = at;
    }
}

/* order := order[index], index a shuffled 0 … n-1 (Fisher and Yates, from the end) as RandomState.shuffle(arange(n))
 * leaves it. Spare holds 2 n numbers. */
static void reshuffle(const Job *job, int64_t n, int64_t *order, int64_t *spare)
{
    int64_t *index = spare, *places = spare + n, *old = places;
    draw_places(job, n, places);
    for (int64_t i = 0; i < n; i++)
        index[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        const int64_t kept = index[places[i]];
        index[places[i]] = index[i];
        index[i] = kept;
    }
    memcpy(old, order, (size_t)n * sizeof *old);
    for (int64_t i = 0; i < n; i++)
        order[i] = old[index[i]];
}
