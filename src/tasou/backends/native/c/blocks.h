/* One step of a small network, without BLAS: BLOCK samples at a time go forward and back, feature-major ([unit][BLOCK]),
 * so that every layer of the block stays in the first cache and each operation is done for many samples at once. The
 * sums over samples are kept as vectors of partial sums and added up in a fixed order at the end of the batch: the same
 * bits on every run and on every machine. */

/* A vector as wide as the widest registers; the compiler splits it where they are narrower. */
typedef real FN(vec) __attribute__((vector_size(64), may_alias));
#define LANES ((int64_t)(64 / sizeof(real)))
#define VECS (BLOCK / LANES)

typedef struct {
    FN(Layer) *layers;
    FN(vec) *sums; /* partial sums of the gradient, one vector per parameter, weights first */
    int64_t L, K, n_weights, n_biases;
    int64_t kept; /* blocks of data there is room for: all, where every step takes the same ones, else one */
    real *x, *y, *weight, *spare, *work;
} FN(BlockWorkspace);

/* Numbers of data that may be kept feature-major, so that they need not be turned in every step. */
#define MOST_KEPT (1 << 20)

static int64_t FN(blocks_kept)(const Plan *plan)
{
    const int64_t width = plan->sizes[0] + plan->sizes[plan->layers];
    const int all = !plan->order && plan->batch >= plan->n && padded(plan->n) * width <= MOST_KEPT;
    return all ? padded(plan->n) / BLOCK : 1;
}

static FN(BlockWorkspace) FN(block_workspace)(const Plan *plan, char **at)
{
    FN(BlockWorkspace) w = {.L = plan->layers, .K = plan->sizes[plan->layers], .n_weights = FN(count_weights)(plan),
                            .n_biases = FN(count_biases)(plan), .kept = FN(blocks_kept)(plan)};
    const int counting = *at == NULL;
    FN(Layer) *layers = (FN(Layer) *)*at;
    *at += ((size_t)w.L * sizeof *layers + 63) / 64 * 64;
    int64_t W = 0, b = w.n_weights;
    for (int64_t l = 0; l < w.L; l++) {
        const int64_t in = plan->sizes[l], out = plan->sizes[l + 1];
        real *z = FN(take)(at, out * BLOCK), *a = FN(take)(at, out * BLOCK);
        real *mask = plan->dropout[l] > 0 ? FN(take)(at, plan->batch * out) : NULL;
        if (!counting)
            layers[l] = (FN(Layer)){(real *)plan->theta + W, (real *)plan->theta + b, (real *)plan->grad + W,
                                    (real *)plan->grad + b, z, a, mask, in, out};
        W += in * out;
        b += out;
    }
    w.layers = layers;
    w.sums = (FN(vec) *)FN(take)(at, (w.n_weights + w.n_biases) * LANES);
    w.x = FN(take)(at, plan->sizes[0] * w.kept * BLOCK);
    w.y = FN(take)(at, w.K * w.kept * BLOCK);
    w.weight = FN(take)(at, w.kept * BLOCK);
    w.spare = FN(take)(at, w.K * BLOCK);
    w.work = FN(take)(at, 4 * w.K * BLOCK);
    return w;
}

/* `units` rows of z = b + W a at once, half a block at a time: enough sums to keep in registers. */
INLINE void FN(some_units)(int units, int64_t n_in, const real *W, int64_t row_step, int64_t step, const real *b,
                           const FN(vec) *a, FN(vec) *z)
{
    for (int64_t v = 0; v < VECS; v += 2) {
        FN(vec) sum[4][2];
        for (int u = 0; u < units; u++)
            sum[u][0] = sum[u][1] = (FN(vec)){0} + (b ? b[u] : (real)0);
        for (int64_t i = 0; i < n_in; i++) {
            const FN(vec) a0 = a[i * VECS + v], a1 = a[i * VECS + v + 1];
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
KERNEL void FN(block_product)(int64_t n_out, int64_t n_in, const real *W, int64_t row_step, int64_t step, const real *b,
                              const FN(vec) *a, FN(vec) *z)
{
    int64_t u = 0;
    for (; u + 4 <= n_out; u += 4)
        FN(some_units)(4, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
    if (u + 2 <= n_out) {
        FN(some_units)(2, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
        u += 2;
    }
    if (u < n_out)
        FN(some_units)(1, n_in, W + u * row_step, row_step, step, b ? b + u : NULL, a, z + u * VECS);
}

/* Add δ[j]ᵀ a[i] and Σ δ[j] of the block to the partial sums of ∂L/∂W[j, i] and ∂L/∂b[j]. */
KERNEL void FN(block_gradients)(int64_t n_out, int64_t n_in, const FN(vec) *delta, const FN(vec) *a, FN(vec) *W_sums,
                                FN(vec) *b_sums)
{
    for (int64_t j = 0; j < n_out; j++, delta += VECS, W_sums += n_in) {
        FN(vec) d[VECS], total = b_sums[j];
        for (int v = 0; v < VECS; v++) {
            d[v] = delta[v];
            total += d[v];
        }
        b_sums[j] = total;
        for (int64_t i = 0; i < n_in; i++) {
            FN(vec) even = d[0] * a[i * VECS], odd = d[1] * a[i * VECS + 1];
            for (int v = 2; v < VECS; v += 2) {
                even += d[v] * a[i * VECS + v];
                odd += d[v + 1] * a[i * VECS + v + 1];
            }
            W_sums[i] += even + odd;
        }
    }
}

/* The partial sums added up, halves on halves. */
KERNEL void FN(add_up)(int64_t n, const FN(vec) *sums, real *grad)
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

/* The factors of dropout for the whole batch, drawn in the order of the rows, as the other paths draw them. */
static void FN(draw_masks)(const Plan *plan, const FN(BlockWorkspace) *w, int64_t rows)
{
    for (int64_t l = 0; l < w->L; l++)
        if (w->layers[l].mask)
            FN(draw_mask)(plan, plan->dropout[l], rows * w->layers[l].out, w->layers[l].mask);
}

/* y *= the block's part of the mask, whose rows are samples. */
static void FN(mask_block)(const FN(Layer) *layer, int64_t at, int64_t rows, real *y)
{
    for (int64_t s = 0; s < rows; s++)
        for (int64_t u = 0; u < layer->out; u++)
            y[u * BLOCK + s] *= layer->mask[(at + s) * layer->out + u];
}

static real *FN(block_forward)(const Plan *plan, const FN(BlockWorkspace) *w, real *x, int64_t at, int64_t rows)
{
    real *a = x;
    for (int64_t l = 0; l < w->L; l++) {
        const FN(Layer) *layer = w->layers + l;
        FN(block_product)(layer->out, layer->in, layer->W, layer->in, 1, layer->b, (FN(vec) *)a, (FN(vec) *)layer->z);
        a = FN(activated)(plan, l, &(FN(Layer)){.z = layer->z, .a = layer->a, .out = BLOCK}, layer->out, NULL);
        if (layer->mask)
            FN(mask_block)(layer, at, rows, a);
    }
    return a;
}

static void FN(block_backward)(const Plan *plan, const FN(BlockWorkspace) *w, real *x, int64_t at, int64_t rows,
                               real *delta)
{
    FN(vec) *W_sums = w->sums + w->n_weights, *b_sums = W_sums + w->n_biases;
    for (int64_t l = w->L - 1; l >= 0; l--) {
        const FN(Layer) *layer = w->layers + l;
        if (layer->mask)
            FN(mask_block)(layer, at, rows, delta);
        if (plan->activation[l] >= 0)
            FN(multiply)(layer->out * BLOCK, layer->z, delta);
        real *before = l == 0 ? x : plan->activation[l - 1] < 0 ? w->layers[l - 1].z : w->layers[l - 1].a;
        W_sums -= layer->in * layer->out;
        b_sums -= layer->out;
        FN(block_gradients)(layer->out, layer->in, (FN(vec) *)delta, (FN(vec) *)before, W_sums, b_sums);
        if (l > 0)
            FN(block_product)(layer->in, layer->out, layer->W, 1, layer->in, NULL, (FN(vec) *)delta, (FN(vec) *)before);
        delta = before;
    }
}

/* A block of data. */
typedef struct {
    real *x, *y, *weight;
} FN(Block);

static FN(Block) FN(block)(const Plan *plan, const FN(BlockWorkspace) *w, int64_t at)
{
    const int64_t first = w->kept > 1 ? at : 0;
    return (FN(Block)){w->x + first * plan->sizes[0], w->y + first * w->K, w->weight + first};
}

/* Samples from … from + rows as a block; where it is not full, zeros of weight 0 stand in. */
static void FN(gather_block)(const Plan *plan, FN(Block) to, int64_t from, int64_t rows)
{
    const int64_t d = plan->sizes[0], K = plan->sizes[plan->layers];
    if (rows < BLOCK) {
        memset(to.x, 0, (size_t)d * BLOCK * sizeof(real));
        memset(to.y, 0, (size_t)K * BLOCK * sizeof(real));
        memset(to.weight, 0, BLOCK * sizeof(real));
    }
    FN(gather_columns)(plan->X, plan->X_row, plan->X_column, d, plan->order, from, rows, BLOCK, to.x);
    FN(gather_columns)(plan->Y, K, 1, K, plan->order, from, rows, BLOCK, to.y);
    if (plan->weight)
        FN(gather_columns)(plan->weight, 1, 1, 1, plan->order, from, rows, BLOCK, to.weight);
    else
        for (int64_t s = 0; s < rows; s++)
            to.weight[s] = 1;
}

/* Turn the whole data into blocks, once for all steps, where there is room. */
static void FN(keep_blocks)(const Plan *plan, const FN(BlockWorkspace) *w)
{
    for (int64_t at = 0; w->kept > 1 && at < plan->n; at += BLOCK)
        FN(gather_block)(plan, FN(block)(plan, w, at), at, plan->n - at < BLOCK ? plan->n - at : BLOCK);
}

/* The summed loss of a batch, its gradient in plan->grad, and the weight of its rows. */
static double FN(step_in_blocks)(const Plan *plan, const FN(BlockWorkspace) *w, int64_t from, int64_t rows, double *total)
{
    double loss = 0;
    *total = 0;
    memset(w->sums, 0, (size_t)(w->n_weights + w->n_biases) * sizeof *w->sums);
    FN(draw_masks)(plan, w, rows);
    for (int64_t at = 0; at < rows; at += BLOCK) {
        const int64_t n = rows - at < BLOCK ? rows - at : BLOCK;
        const FN(Block) data = FN(block)(plan, w, from + at);
        if (w->kept == 1)
            FN(gather_block)(plan, data, from + at, n);
        const real *weight = plan->weight || n < BLOCK ? data.weight : NULL;
        const real *raw = FN(block_forward)(plan, w, data.x, at, n);
        real *delta = w->layers[w->L - 1].a;
        *total += plan->weight ? FN(sum)(n, weight) : (double)n;
        loss += FN(loss_and_delta)(plan, BLOCK, BLOCK, raw, data.y, weight, delta, w->spare, w->work);
        FN(block_backward)(plan, w, data.x, at, n, delta);
    }
    FN(add_up)(w->n_weights + w->n_biases, w->sums, plan->grad);
    return loss;
}
