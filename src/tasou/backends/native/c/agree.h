/* Whether this BLAS computes the same numbers for some rows of a product as for all of them: then one thread may do at once
 * what several do in parts (step.h). It depends on the shapes and on the kernels it chooses for them, not on the numbers. */

/* Numbers in (-1/2, 1/2) whose sums are rounded. */
static void fill(real *x, int64_t n)
{
    uint32_t state = 1;
    for (int64_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        x[i] = (real)(state >> 8) / (real)16777216 - (real)0.5;
    }
}

static int same(const real *x, const real *y, int64_t n)
{
    return memcmp(x, y, (size_t)n * sizeof *x) == 0;
}

/* One hidden layer, for `rows` rows: z and ∂L/∂a by shard, ∂L/∂W by rows of W. The spare memory holds 3 in · out and
 * 2 rows (in + out) numbers. */
static int layer_agrees(const Job *job, const Step *step, int64_t i, int64_t rows, real *spare)
{
    const Round r = {.job = job, .step = step, .rows = rows};
    Dense l = step->layers[i];
    const int64_t weights = l.in * l.out;
    real *W = spare, *whole_W = W + weights, *parts_W = whole_W + weights;
    real *a = parts_W + weights, *parts_a = a + rows * l.in, *z = parts_a + rows * l.in, *parts_z = z + rows * l.out;
    fill(W, weights);
    fill(a, rows * l.in);
    l.W = W;
    l.z = z;
    product(job, &l, a, rows);
    for (int64_t n = 0; n < shards_in(&r); n++) {
        const Shard s = shard_of(&r, n);
        l.z = parts_z + s.at * l.out;
        product(job, &l, a + s.at * l.in, s.rows);
    }
    if (!same(z, parts_z, rows * l.out))
        return 0;
    gradients(job, &l, z, a, rows, 0, whole_W);
    for (int64_t cut = 0; cut < step->shards; cut++) {
        const Dense some = some_of(step, i, units_of(step, job->n_weights, i, cut));
        if (some.out > 0)
            gradients(job, &some, z + (some.delta - l.delta), a, rows, 0, parts_W + (some.W_at - l.W_at));
    }
    if (!same(whole_W, parts_W, weights))
        return 0;
    pass_back(job, &l, z, a, rows);
    for (int64_t n = 0; n < shards_in(&r); n++) {
        const Shard s = shard_of(&r, n);
        pass_back(job, &l, z + s.at * l.out, parts_a + s.at * l.in, s.rows);
    }
    return same(a, parts_a, rows * l.in);
}

/* Whether a hidden layer agrees for rounds of `rows` rows. */
EXPORT int64_t EXPORTED(agree)(const Job *job, int64_t layer, int64_t rows, real *spare)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    return memory.by_blas.shards == 1 || layer_agrees(job, &memory.by_blas, layer, rows, spare);
}

/* How many rows are walked together. */
EXPORT int64_t EXPORTED(rows_of_round)(const Job *job)
{
    return rows_of_round(job);
}
