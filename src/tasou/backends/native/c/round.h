/* A round of a batch's rows, cut into shards: what each shard computes forward and back (step.h says in which order). */


#define MOST_SHARDS 8
#define SHARD_ROWS 32        /* at least: products of fewer are slow */
#define SHARD_WORK (1 << 18) /* multiplications of a product, at least */
#define ROUND_ROWS 4096
#define ROUND_WORK (1 << 29) /* multiplications of a round, at most: Ctrl-C is heard between rounds */

typedef struct {
    int64_t L, K, rows, shards, shard, ld, tile; /* layers, outputs, rows of a round, shards in it, rows of each, padded */
    real **masks;
    Dense *layers;
    real *x, *y, *weight, *spare; /* the last three by shard, feature-major */
    real *work;                   /* by thread */
    real *b_sums;                 /* by shard: ∂L/∂b */
    double *loss, *total;         /* by shard: the summed loss, and the weight of the rows */
} Step;

/* The nearest number of whole tiles, of which shards and cuts are made: at an edge, a kernel may sum in another order. */
static int64_t whole_tiles(int64_t rows, int64_t tile)
{
    return (rows + tile / 2) / tile * tile;
}

static int64_t shards_of(const Job *job, int64_t rows)
{
    int64_t shards = rows >= 4096 ? MOST_SHARDS : rows >= 1024 ? 4 : 2;
    while (shards > 1 && (rows / shards < SHARD_ROWS || rows / shards * job->n_weights < SHARD_WORK))
        shards /= 2;
    return shards;
}

static int64_t rows_of_round(const Job *job)
{
    const int64_t most = ROUND_WORK / (job->n_weights + 1) / SHARD_ROWS * SHARD_ROWS;
    const int64_t bound = most < 2 * SHARD_ROWS ? 2 * SHARD_ROWS : most < ROUND_ROWS ? most : ROUND_ROWS;
    return job->batch < bound ? job->batch : bound;
}

/* Where nothing is learnt (predict.h), `threads` shards of a round each, of `batch` rows. */
static Step step_of(const Job *job, Arena *arena)
{
    const int learns = job->grad != NULL;
    const int64_t K = job->sizes[job->layers], one = learns ? rows_of_round(job) : job->batch;
    Step s = {.L = job->layers, .K = K, .shards = learns ? shards_of(job, one) : job->threads, .tile = job->tile};
    s.shard = learns && s.shards > 1 ? whole_tiles(one / s.shards, s.tile) : one;
    s.rows = learns ? one : job->threads * job->batch;
    const int64_t rest = one - (s.shards - 1) * s.shard; /* the last shard may be the longest */
    s.ld = padded(learns && rest > s.shard ? rest : s.shard);
    s.masks = take_masks(arena, job);
    s.layers = take_layers(arena, job, s.rows, s.shards, s.ld, s.masks);
    s.x = take_reals(arena, s.rows * job->sizes[0]);
    s.y = take_reals(arena, s.shards * K * s.ld);
    s.spare = take_reals(arena, s.shards * K * s.ld);
    s.weight = take_reals(arena, s.shards * s.ld);
    s.work = take_reals(arena, job->threads * MOST_ARRAYS * K * BLOCK);
    s.b_sums = take_reals(arena, s.shards * job->n_biases);
    s.loss = take(arena, 2 * (size_t)s.shards * sizeof *s.loss);
    s.total = s.loss ? s.loss + s.shards : NULL;
    return s;
}

/* Rows of the data that are walked together: `rows` from `from`, which stand at `at` in their batch. */
typedef struct {
    const Job *job;
    const Step *step;
    int64_t from, rows, at;
    const real *x; /* of the row `first` of the memory, and those behind it */
    int64_t first;
} Round;

/* Rows of a round. */
typedef struct {
    int64_t i, at, rows;
} Shard;

static int64_t shards_in(const Round *r)
{
    const int64_t shards = (r->rows + r->step->shard - 1) / r->step->shard;
    return shards < r->step->shards ? shards : r->step->shards;
}

/* The last one has what is left. */
static Shard shard_of(const Round *r, int64_t i)
{
    const int64_t at = i * r->step->shard, left = r->rows - at;
    return (Shard){i, at, i + 1 == r->step->shards || left < r->step->shard ? left : r->step->shard};
}

/* A hidden layer for the rows of a round from `at` on, and the last layer for a shard. */
static Dense hidden(const Round *r, int64_t l, int64_t at)
{
    return behind(r->step->layers[l], at * r->step->layers[l].out);
}

static Dense last_layer(const Round *r, Shard s)
{
    return behind(r->step->layers[r->step->L - 1], s.i * r->step->K * r->step->ld);
}

/* What layer l reads, from row `at` on. */
static const real *before(const Round *r, int64_t l, int64_t at)
{
    return l == 0 ? r->x + (at - r->first) * r->job->sizes[0] : hidden(r, l - 1, at).values;
}

/* --- forward ------------------------------------------------------------------------------------------------------ */

/* Rows of X: in place where they lie together. */
static int lie_together(const Job *job)
{
    return !job->order && job->X_column == 1 && job->X_row == job->sizes[0];
}

static Round round_of(const Job *job, const Step *step, int64_t batch, int64_t at, int64_t rows)
{
    const int64_t left = rows - at, from = batch + at;
    const real *x = lie_together(job) ? (const real *)job->X + from * job->X_row : step->x;
    return (Round){job, step, from, left < step->rows ? left : step->rows, at, x, 0};
}

/* The rows of a shard: x, y feature-major, the weights. */
static void gather(const Round *r, Shard s)
{
    const Job *job = r->job;
    const Step *w = r->step;
    const int64_t from = r->from + s.at;
    gather_columns(job->Y, w->K, 1, w->K, job->order, from, s.rows, w->ld, w->y + s.i * w->K * w->ld);
    if (job->weight)
        gather_columns(job->weight, 1, 1, 1, job->order, from, s.rows, w->ld, w->weight + s.i * w->ld);
    if (!lie_together(job))
        gather_rows(job, from, s.rows, w->x + s.at * job->sizes[0]);
}

/* a[l] = f(z[l]), z[l] = W[l] a[l-1] + b[l], of a hidden layer. */
static void forward_layer(const Round *r, int64_t i, int64_t at, int64_t rows)
{
    const Dense l = hidden(r, i, at);
    product(r->job, &l, before(r, i, at), rows);
    activate(&l, rows, l.out, l.b);
    if (l.mask)
        multiply(rows * l.out, l.mask + (r->at + at) * l.out, l.values);
}

/* The last layer's values before the output function. */
static const real *forward_last(const Round *r, Shard s)
{
    const Dense l = last_layer(r, s);
    product(r->job, &l, before(r, r->step->L - 1, s.at), s.rows);
    add_to_columns(l.out, s.rows, l.step, l.b, l.z);
    activate(&l, l.out, l.step, NULL);
    return l.values;
}

/* --- backward ----------------------------------------------------------------------------------------------------- */

/* δ[l] = ∂L/∂a[l] ⊙ f'(z[l]) of a shard, in its place, and ∂L/∂b[l] = Σ δ[l]. */
static void local_error(const Round *r, Shard s, const Dense *l, real *delta)
{
    const real *slope = l->activation < 0 ? NULL : l->z;
    real *b_sums = r->step->b_sums + s.i * r->job->n_biases + l->b_at - r->job->n_weights;
    if (l->mask)
        multiply(s.rows * l->out, l->mask + (r->at + s.at) * l->out, delta);
    if (l->turned == PLAIN) {
        slope_and_sums(s.rows, l->out, slope, delta, b_sums);
        return;
    }
    if (slope)
        multiply(l->out * l->step, slope, delta);
    for (int64_t k = 0; k < l->out; k++)
        b_sums[k] += (real)sum(s.rows, delta + k * l->step);
}

/* The summed loss of a shard and δ[L], in the place of a. */
static void last_error(const Round *r, Shard s, int64_t thread)
{
    const Step *w = r->step;
    const int64_t at = s.i * w->K * w->ld;
    const real *weight = r->job->weight ? w->weight + s.i * w->ld : NULL;
    const Dense l = last_layer(r, s);
    const real *raw = forward_last(r, s);
    w->total[s.i] += weight ? sum(s.rows, weight) : (double)s.rows;
    w->loss[s.i] += loss_and_delta(r->job, s.rows, w->ld, raw, w->y + at, weight, l.a, w->spare + at,
                                   w->work + thread * MOST_ARRAYS * w->K * BLOCK);
    local_error(r, s, &l, l.a);
}

/* ∂L/∂W[L], shard after shard. */
static void last_gradients(const Round *r)
{
    for (int64_t i = 0; i < shards_in(r); i++) {
        const Shard s = shard_of(r, i);
        const Dense l = last_layer(r, s);
        gradients(r->job, &l, l.a, before(r, r->step->L - 1, s.at), s.rows, r->at > 0 || i > 0,
                  (real *)r->job->grad + l.W_at);
    }
}
