/* One step by BLAS, by one thread or by several, and the same bits.
 *
 * A batch is walked in rounds of so many rows, a round cut into shards; how many they are depends on the network and the
 * batch alone. By several threads, each takes a shard after the other through gather, forward, loss and back to δ[1]; then
 * each takes some rows of ∂L/∂W[l] = δ[l]ᵀ a[l-1] over all rows of the round. So no gradient is there twice, and whatever is
 * summed over rows outside a product (the loss, ∂L/∂b) is summed by shard, and over the shards in their order.
 *
 * One thread does the products of hidden layers for all shards at once, because that is faster, provided that this BLAS
 * computes the same numbers then: that is tried out before (agree.h). The last layer is computed by shard in any case. */

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

/* --- a round in stages: rows gathered, hidden layers forward, the loss with δ[L], hidden layers back ------------------ */

#define LONG_ROUND (1 << 28) /* multiplications of a forward pass: a longer round may pause between its stages */

/* The layer to which a stage comes back. */
static int64_t layer_back(const Round *r, int64_t stage)
{
    return 2 * r->step->L - 1 - stage;
}

/* By one thread: products of all shards at once; δ takes the place of a. */
static void stage_alone(const Round *r, int64_t stage)
{
    const int64_t L = r->step->L, back = stage > L, h = layer_back(r, stage);
    if (0 < stage && stage < L)
        forward_layer(r, stage - 1, 0, r->rows);
    if (back && h + 2 < L) {
        const Dense upper = hidden(r, h + 1, 0);
        pass_back(r->job, &upper, upper.values, hidden(r, h, 0).values, r->rows);
    }
    for (int64_t i = 0; (stage == 0 || stage >= L) && i < shards_in(r); i++) {
        const Shard s = shard_of(r, i);
        if (stage == 0)
            gather(r, s);
        if (stage == L)
            last_error(r, s, 0);
        if (!back)
            continue;
        const Dense last = last_layer(r, s), l = hidden(r, h, s.at);
        if (h + 2 == L)
            pass_back(r->job, &last, last.a, l.values, s.rows);
        local_error(r, s, &l, l.values);
    }
    if (stage == L)
        last_gradients(r);
    if (back) {
        const Dense l = hidden(r, h, 0);
        gradients(r->job, &l, l.values, before(r, h, 0), r->rows, r->at > 0, (real *)r->job->grad + l.W_at);
    }
}

/* By several, or in the same parts as by several: the stages of the shards; then the gradients, some rows of W at a time. */
typedef struct {
    const Round *round;
    int64_t from, to; /* stages */
} Stages;

static void stage_of_shard(const Round *r, Shard s, int64_t stage, int64_t thread)
{
    const int64_t L = r->step->L, h = layer_back(r, stage);
    if (stage == 0)
        gather(r, s);
    else if (stage < L)
        forward_layer(r, stage - 1, s.at, s.rows);
    else if (stage == L)
        last_error(r, s, thread);
    else {
        const Dense upper = h + 2 == L ? last_layer(r, s) : hidden(r, h + 1, s.at), lower = hidden(r, h, s.at);
        pass_back(r->job, &upper, upper.delta, lower.delta, s.rows);
        local_error(r, s, &lower, lower.delta);
    }
}

static void shard(void *stages, int64_t part, int64_t thread)
{
    const Stages *of = stages;
    const Shard s = shard_of(of->round, part);
    for (int64_t stage = of->from; stage < of->to; stage++)
        stage_of_shard(of->round, s, stage, thread);
}

/* The gradients of the weights are cut where θ is: as many runs of it as shards, which are equal amounts of work, and near
 * where the same thread will update it. Of a layer, a cut holds some rows of W[l]: units from … to; the last layer stays
 * whole. */
typedef struct {
    int64_t from, to;
} Units;

static Units units_of(const Step *step, int64_t n_weights, int64_t l, int64_t cut)
{
    const Dense *d = step->layers + l;
    int64_t ends[2];
    for (int i = 0; i < 2; i++) {
        const int64_t at = n_weights * (cut + i) / step->shards - d->W_at;
        const int64_t tiles = at <= 0 ? 0 : whole_tiles(at / d->in, step->tile);
        ends[i] = cut + i == step->shards || tiles > d->out ? d->out : tiles;
    }
    if (l + 1 < step->L)
        return (Units){ends[0], ends[1]};
    return (Units){cut + 1 < step->shards ? d->out : 0, d->out};
}

/* Those rows as a layer of their own. */
static Dense some_of(const Step *step, int64_t l, Units units)
{
    Dense some = step->layers[l];
    some.W_at += units.from * some.in;
    some.delta += units.from;
    some.out = units.to - units.from;
    return some;
}

static void some_gradients(void *round, int64_t cut, int64_t thread)
{
    const Round *r = round;
    (void)thread;
    for (int64_t l = 0; l < r->step->L; l++) {
        const Units units = units_of(r->step, r->job->n_weights, l, cut);
        const Dense some = some_of(r->step, l, units);
        if (some.out > 0 && l + 1 == r->step->L)
            last_gradients(r);
        else if (some.out > 0)
            gradients(r->job, &some, some.delta, before(r, l, 0), r->rows, r->at > 0, (real *)r->job->grad + some.W_at);
    }
}

/* A round, or what is left of it; whether it is done, or the time is over after some of its stages. */
static int walk_round(Job *job, const Round *r, int64_t threads)
{
    const int64_t shards_end = 2 * r->step->L, end = shards_end + job->together;
    const int pauses = r->rows * job->n_weights > LONG_ROUND;
    while (job->stage < end) {
        if (!job->together)
            stage_alone(r, job->stage++);
        else if (job->stage < shards_end) {
            Stages stages = {r, job->stage, pauses ? job->stage + 1 : shards_end};
            team_share(threads, shards_in(r), shard, &stages);
            job->stage = stages.to;
        } else {
            team_share(threads, r->step->shards, some_gradients, (void *)r);
            job->stage++;
        }
        if (pauses && job->stage < end && time_is_over(job))
            return 0;
    }
    job->stage = 0;
    return 1;
}

/* The gradient of a batch in job->grad; whether it is done, or the time is over after some of its rounds. */
static int step_by_blas(Job *job, const Step *step, int64_t from, int64_t rows, int64_t threads, double *loss,
                        double *total)
{
    real *grad_b = (real *)job->grad + job->n_weights;
    if (job->round == 0 && job->stage == 0) {
        draw_masks(job, step->masks, rows);
        memset(step->loss, 0, 2 * (size_t)step->shards * sizeof *step->loss);
        memset(step->b_sums, 0, (size_t)(step->shards * job->n_biases) * sizeof *step->b_sums);
    }
    while (job->round * step->rows < rows) {
        const Round r = round_of(job, step, from, job->round * step->rows, rows);
        if (job->stage == 0)
            job->together = step->shards > 1 && (threads > 1 || !job->agree);
        if (!walk_round(job, &r, threads))
            return 0;
        job->round++;
        if (time_is_over(job)) /* after the last one, too: an update may be long itself */
            return 0;
    }
    *loss = *total = 0;
    memset(grad_b, 0, (size_t)job->n_biases * sizeof *grad_b);
    for (int64_t s = 0; s < step->shards; s++) {
        *loss += step->loss[s];
        *total += step->total[s];
        add(job->n_biases, step->b_sums + s * job->n_biases, grad_b);
    }
    job->round = 0;
    return 1;
}
