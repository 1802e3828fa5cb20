/* One step by BLAS, by one thread or by several, and the same bits.
 *
 * A batch is walked in rounds of so many rows, a round cut into shards; how many they are depends on the network and the
 * batch alone. By several threads, each takes a shard after the other through gather, forward, loss and back to δ[1]; then
 * each takes some rows of ∂L/∂W[l] = δ[l]ᵀ a[l-1] over all rows of the round. So no gradient is there twice, and whatever is
 * summed over rows outside a product (the loss, ∂L/∂b) is summed by shard, and over the shards in their order.
 *
 * One thread does the products of hidden layers for all shards at once, because that is faster, provided that this BLAS
 * computes the same numbers then: that is tried out before (agree.h). The last layer is computed by shard in any case. */

/* A round goes in stages: rows gathered, hidden layers forward, the loss with δ[L], hidden layers back. */
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
