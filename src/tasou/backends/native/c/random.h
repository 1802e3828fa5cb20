/* Random numbers in the order in which NumPy's RandomState draws them. */

/* A whole number in 0 … limit: bits under the mask (limit rounded up to ones), drawn again while they exceed it. */
static int64_t draw_up_to(Random *random, uint64_t limit, uint64_t mask)
{
    uint64_t value;
    do
        value = (limit > 0xffffffff ? random->next_uint64(random->state) : random->next_uint32(random->state)) & mask;
    while (value > limit);
    return (int64_t)value;
}

/* index := a shuffled 0 … n-1 (Fisher and Yates, from the end), as RandomState.shuffle(arange(n)) leaves it. Without an
 * index only the random stream goes on. */
static void shuffled_range(Random *random, int64_t n, int64_t *index)
{
    uint64_t mask = 1;
    while (mask < (uint64_t)n)
        mask = 2 * mask + 1;
    for (int64_t i = 0; index && i < n; i++)
        index[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        while (mask / 2 >= (uint64_t)i)
            mask /= 2;
        const int64_t j = draw_up_to(random, (uint64_t)i, mask);
        if (index) {
            const int64_t kept = index[j];
            index[j] = index[i];
            index[i] = kept;
        }
    }
}

/* order := order[shuffled range]; spare holds 2 n numbers. */
static void reshuffle(Random *random, int64_t n, int64_t *order, int64_t *spare)
{
    int64_t *index = spare, *old = spare + n;
    shuffled_range(random, n, index);
    memcpy(old, order, (size_t)n * sizeof *old);
    for (int64_t i = 0; i < n; i++)
        order[i] = old[index[i]];
}
