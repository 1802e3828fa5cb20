/* One step of a small network, without BLAS: BLOCK samples at a time go forward and back, feature-major ([unit][BLOCK]),
 * so that every layer of the block stays in the first cache and each operation is done for many samples at once. The
 * sums over samples are kept as vectors of partial sums and added up in a fixed order at the end of the batch: the same
 * bits on every run and on every machine. */

/* A vector as wide as the widest registers; the compiler splits it where they are narrower. */
typedef real vec __attribute__((vector_size(64), may_alias));
#define LANES ((int64_t)(64 / sizeof(real)))
#define VECS (BLOCK / LANES)

typedef struct {
    Dense *layers;
    real **masks;
    vec *sums; /* partial sums of the gradient, one vector per parameter, weights first */
    int64_t L, K;
    int64_t kept; /* blocks of data there is room for: all, where every step takes the same ones, else one */
    real *x, *y, *weight, *spare, *work;
} BlockStep;

/* Numbers of data that may be kept feature-major, so that they need not be turned in every step. */
#define MOST_KEPT (1 << 20)

static int64_t blocks_kept(const Job *job)
{
    const int64_t width = job->sizes[0] + job->sizes[job->layers];
    const int all = !job->order && job->batch >= job->n && padded(job->n) * width <= MOST_KEPT;
    return all ? padded(job->n) / BLOCK : 1;
}

static BlockStep block_step_of(const Job *job, Arena *arena)
{
    const int64_t K = job->sizes[job->layers], kept = blocks_kept(job);
    real **masks = take_masks(arena, job);
    return (BlockStep){
        .L = job->layers,
        .K = K,
        .kept = kept,
        .masks = masks,
        .layers = take_layers(arena, job, BLOCK, 1, BLOCK, masks),
        .sums = take(arena, (size_t)(job->n_weights + job->n_biases) * sizeof(vec)),
        .x = take_reals(arena, job->sizes[0] * kept * BLOCK),
        .y = take_reals(arena, K * kept * BLOCK),
        .weight = take_reals(arena, kept * BLOCK),
        .spare = take_reals(arena, K * BLOCK),
        .work = take_reals(arena, MOST_ARRAYS * K * BLOCK),
    };
}

/* `units` rows of z = b + W a at once, half a block at a time: enough sums to keep in registers. */
INLINE void some_units(int units, int64_t n_in, const real *W, int64_t row_step, int64_t step, const real *b,
                           const vec *a, vec *z)
{
    for (int64_t v = 0; v < VECS; v += 2) {
        vec sum[4][2];
        for (int u = 0; u < units; u++)
            sum[u][0] = sum[u][1] = (vec){0} + (b ? b[u] : (real)0);
        for (int64_t i = 0; i < n_in; i++) {
            const vec a0 = a[i * VECS + v], a1 = a[i * VECS + v + 1];
            for (int u = 0; u < units; u++) {
                const real weight = W[u * row_step + i * step];
                sum[u][0] += weight * a0;
                sum[u][1] += weight * a1;
            }
        }
        for (int u = 0; u < units; u++) {
            z[u * VECS + v] = sum[u][0];
            z[u * VECS + v + 1] = sum[u][1];
        }
    }
}

/* z[u] = b[u] + Σ W[u, i] a[i] for all units u; W's rows are row_step apart, the numbers in a row step. */
KERNEL void block_product(int64_t n_out, int64_t n_in, const real *W, int64_t row_step, int64_t step, const real *b,
                              const vec *a, vec *z)
{
    int64_t u = 0;
    for (; u + 4 <= n_out; u += 4)
        some_units(4, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
    if (u + 2 <= n_out) {
        some_units(2, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
        u += 2;
    }
    if (u < n_out)
        some_units(1, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
}

/* Add δ[j]ᵀ a[i] and Σ δ[j] of the block to the partial sums of ∂L/∂W[j, i] and ∂L/∂b[j]. */
KERNEL void block_gradients(int64_t n_out, int64_t n_in, const vec *delta, const vec *a, vec *W_sums,
                                vec *b_sums)
{
    for (int64_t j = 0; j < n_out; j++, delta += VECS, W_sums += n_in) {
        vec d[VECS], total = b_sums[j];
        for (int v = 0; v < VECS; v++) {
            d[v] = delta[v];
            total += d[v];
        }
        b_sums[j] = total;
        for (int64_t i = 0; i < n_in; i++) {
            vec even = d[0] * a[i * VECS], odd = d[1] * a[i * VECS + 1];
            for (int v = 2; v < VECS; v += 2) {
                even += d[v] * a[i * VECS + v];
                odd += d[v + 1] * a[i * VECS + v + 1];
            }
            W_sums[i] += even + odd;
        }
    }
}

/* The partial sums added up, halves on halves. */
KERNEL void add_up(int64_t n, const vec *sums, real *grad)
{
    for (int64_t i = 0; i < n; i++) {
        real lanes[64 / sizeof(real)];
        memcpy(lanes, sums + i, sizeof lanes);
        for (int64_t width = LANES / 2; width; width /= 2)
            for (int64_t j = 0; j < width; j++)
                lanes[j] += lanes[j + width];
        grad[i] = lanes[0];
    }
}

/* y *= the block's part of the mask, whose rows are samples. */
static void mask_block(const Dense *l, int64_t at, int64_t rows, real *y)
{
    for (int64_t s = 0; s < rows; s++)
        for (int64_t u = 0; u < l->out; u++)
            y[u * BLOCK + s] *= l->mask[(at + s) * l->out + u];
}

static const real *block_forward(const BlockStep *w, const real *x, int64_t at, int64_t rows)
{
    const real *a = x;
    for (const Dense *l = w->layers; l < w->layers + w->L; l++) {
        block_product(l->out, l->in, l->W, l->in, 1, l->b, (const vec *)a, (vec *)l->z);
        activate(l, l->out, BLOCK, NULL);
        if (l->mask)
            mask_block(l, at, rows, l->values);
        a = l->values;
    }
    return a;
}

static void block_backward(const Job *job, const BlockStep *w, const real *x, int64_t at, int64_t rows, real *delta)
{
    vec *W_sums = w->sums + job->n_weights, *b_sums = W_sums + job->n_biases;
    for (const Dense *l = w->layers + w->L - 1;; l--) {
        const int first = l == w->layers;
        if (l->mask)
            mask_block(l, at, rows, delta);
        if (l->activation >= 0)
            multiply(l->out * BLOCK, l->z, delta);
        W_sums -= l->in * l->out;
        b_sums -= l->out;
        block_gradients(l->out, l->in, (const vec *)delta, (const vec *)(first ? x : l[-1].values), W_sums, b_sums);
        if (first)
            return;
        block_product(l->in, l->out, l->W, 1, l->in, NULL, (const vec *)delta, (vec *)l[-1].values);
        delta = l[-1].values;
    }
}

/* A block of data. */
typedef struct {
    real *x, *y, *weight;
} Block;

static Block block_at(const Job *job, const BlockStep *w, int64_t at)
{
    const int64_t first = w->kept > 1 ? at : 0;
    return (Block){w->x + first * job->sizes[0], w->y + first * w->K, w->weight + first};
}

/* Samples from … from + rows as a block; where it is not full, zeros of weight 0 stand in. */
static void gather_block(const Job *job, Block to, int64_t from, int64_t rows)
{
    const int64_t d = job->sizes[0], K = job->sizes[job->layers];
    if (rows < BLOCK) {
        memset(to.x, 0, (size_t)d * BLOCK * sizeof(real));
        memset(to.y, 0, (size_t)K * BLOCK * sizeof(real));
        memset(to.weight, 0, BLOCK * sizeof(real));
    }
    gather_columns(job->X, job->X_row, job->X_column, d, job->order, from, rows, BLOCK, to.x);
    gather_columns(job->Y, K, 1, K, job->order, from, rows, BLOCK, to.y);
    if (job->weight)
        gather_columns(job->weight, 1, 1, 1, job->order, from, rows, BLOCK, to.weight);
    else
        for (int64_t s = 0; s < rows; s++)
            to.weight[s] = 1;
}

/* Turn the whole data into blocks, once for all steps, where there is room. */
static void keep_blocks(const Job *job, const BlockStep *w)
{
    for (int64_t at = 0; w->kept > 1 && at < job->n; at += BLOCK)
        gather_block(job, block_at(job, w, at), at, job->n - at < BLOCK ? job->n - at : BLOCK);
}

/* The summed loss of a batch, its gradient in job->grad, and the weight of its rows. */
static double step_in_blocks(const Job *job, const BlockStep *w, int64_t from, int64_t rows, double *total)
{
    double loss = 0;
    *total = 0;
    memset(w->sums, 0, (size_t)(job->n_weights + job->n_biases) * sizeof *w->sums);
    draw_masks(job, w->masks, rows);
    for (int64_t at = 0; at < rows; at += BLOCK) {
        const int64_t n = rows - at < BLOCK ? rows - at : BLOCK;
        const Block data = block_at(job, w, from + at);
        if (w->kept == 1)
            gather_block(job, data, from + at, n);
        const real *weight = job->weight || n < BLOCK ? data.weight : NULL;
        const real *raw = block_forward(w, data.x, at, n);
        real *delta = w->layers[w->L - 1].a;
        *total += job->weight ? sum(n, weight) : (double)n;
        loss += loss_and_delta(job, BLOCK, BLOCK, raw, data.y, weight, delta, w->spare, w->work);
        block_backward(job, w, data.x, at, n, delta);
    }
    add_up(job->n_weights + job->n_biases, w->sums, job->grad);
    return loss;
}
