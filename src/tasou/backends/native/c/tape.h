/* The tape of a network's layers, played over the rows of a shard: one operation (operations.h) after the other, each over
 * all rows, in memory that stays in the caches.
 *
 * A batch is cut into shards of so many rows, whose gradients are added in their order: the same bits for any number of
 * threads. */

#define TAPE_SHARDS 8      /* that are shared out at a time, at most, */
#define TAPE_SECONDS 20e-3 /* and within so much time: between, Ctrl-C is heard */

/* The operations from one number to another, over all rows of a shard. */
static void play(const Playing *p, int64_t from, int64_t to)
{
    for (const Op *op = p->tape->op + from; op < p->tape->op + to; op++)
        switch (op->verb) {
        case PLAY_ACTIVATE:
            play_activate(p, op);
            break;
        case PLAY_PRODUCT:
            play_product(p, op);
            break;
        case PLAY_TOTAL:
            play_total(p, op);
            break;
        case PLAY_TAKE:
        case PLAY_PUT:
            play_columns(p, op);
            break;
        case PLAY_PICK:
        case PLAY_SPREAD:
            play_codes(p, op);
            break;
        case PLAY_LOCATE:
        case PLAY_EDGE_VALUES:
        case PLAY_INTERPOLATE:
        case PLAY_EDGE_SUMS:
        case PLAY_EDGE_GRADIENTS:
            play_edges(p, op);
            break;
        case PLAY_DRAW: /* drawn for the whole batch before */
            break;
        default:
            play_elements(p, op);
        }
}

/* Dropout's factors for a batch, mask after mask, in the order in which NumPy would draw them. */
static void draw_for_tape(const Job *job, const Tape *tape, int64_t rows, real *masks)
{
    for (const Op *op = tape->op; op < tape->op + tape->ops; op++)
        for (int64_t i = 0; op->verb == PLAY_DRAW && i < rows * elements(op); i++)
            masks[op->at[0] + i] = (real)dropout_mask(uniform(job), op->constants[0]);
}

/* Rows that stand one after the other, turned: k × rows, ld apart; and back. */
static void turn_back(const real *turned, int64_t K, int64_t ld, int64_t rows, real *out)
{
    for (int64_t s = 0; s < rows; s++)
        for (int64_t k = 0; k < K; k++)
            *out++ = turned[k * ld + s];
}

/* What a step by a tape needs: for each thread the memory of a shard and of its loss; for each shard a gradient. */
typedef struct {
    int64_t K, ld;
    real *masks, *gradients, *values, *scratch, *x, *loss_memory; /* the last four by thread */
    double *loss, *total; /* by shard, and the sums of those that were added up */
    int64_t each_loss, size;
} TapeStep;

static TapeStep tape_step_of(const Job *job, Arena *arena)
{
    const Tape *tape = job->tape;
    const int64_t K = job->sizes[job->layers], ld = padded(tape->shard), learns = job->grad != NULL;
    TapeStep s = {.K = K, .ld = ld, .size = job->n_weights + job->n_biases};
    s.each_loss = 4 * K * ld + ld + MOST_ARRAYS * K * BLOCK;
    s.masks = take_reals(arena, learns ? tape->masks * job->batch : 0);
    s.gradients = take_reals(arena, learns && job->batch > tape->shard ? TAPE_SHARDS * s.size : 0);
    s.values = take_reals(arena, job->threads * tape->values);
    s.scratch = take_reals(arena, job->threads * tape->scratch);
    s.x = take_reals(arena, job->threads * tape->shard * job->sizes[0]);
    s.loss_memory = take_reals(arena, job->threads * s.each_loss);
    s.loss = take(arena, 2 * (TAPE_SHARDS + 1) * sizeof *s.loss);
    s.total = s.loss ? s.loss + TAPE_SHARDS + 1 : NULL;
    return s;
}

/* A shard with the memory of a thread: rows of the data from `from`, which stand at `at` in their batch. */
static Playing playing(const Job *job, const TapeStep *s, int64_t thread, int64_t from, int64_t at, int64_t rows)
{
    const Tape *tape = job->tape;
    real *x = s->x + thread * tape->shard * job->sizes[0];
    if (!lie_together(job))
        gather_rows(job, from, rows, x);
    return (Playing){.job = job, .tape = tape, .x = lie_together(job) ? (const real *)job->X + from * job->X_row : x,
                     .values = s->values + thread * tape->values, .scratch = s->scratch + thread * tape->scratch,
                     .masks = s->masks, .at = at, .rows = rows};
}

/* The summed loss of a shard, ∂L/∂output in its place, and the weight of its rows. */
static double loss_of_shard(const Playing *p, const TapeStep *s, int64_t from, int64_t thread, double *total)
{
    const Job *job = p->job;
    const int64_t K = s->K, ld = s->ld, rows = p->rows, part = K * ld;
    real *z = s->loss_memory + thread * s->each_loss, *y = z + part, *delta = y + part, *spare = delta + part;
    real *weight = spare + part, *work = weight + ld;
    gather_columns(p->values + p->tape->output, K, 1, K, NULL, 0, rows, ld, z);
    gather_columns(job->Y, K, 1, K, job->order, from, rows, ld, y);
    if (job->weight)
        gather_columns(job->weight, 1, 1, 1, job->order, from, rows, ld, weight);
    *total = job->weight ? sum(rows, weight) : (double)rows;
    const double loss = loss_and_delta(job, rows, ld, z, y, job->weight ? weight : NULL, delta, spare, work);
    turn_back(delta, K, ld, rows, p->values + p->tape->error);
    return loss;
}

typedef struct {
    const Job *job;
    const TapeStep *step;
    int64_t from, at, rows; /* of the batch: its first row, the row at which these shards begin, all rows */
} TapeRound;

static void play_shard(void *round, int64_t part, int64_t thread)
{
    const TapeRound *r = round;
    const Tape *tape = r->job->tape;
    const int64_t at = r->at + part * tape->shard, left = r->rows - at, rows = left < tape->shard ? left : tape->shard;
    Playing p = playing(r->job, r->step, thread, r->from + at, at, rows);
    p.gradient = r->rows <= tape->shard ? r->job->grad : r->step->gradients + part * r->step->size;
    memset(p.gradient, 0, (size_t)r->step->size * sizeof *p.gradient);
    play(&p, 0, tape->forward);
    r->step->loss[part] = loss_of_shard(&p, r->step, r->from + at, thread, r->step->total + part);
    play(&p, tape->forward, tape->ops);
}

/* The gradient of a batch in job->grad; whether it is done, or the time is over after some of its shards. */
static int step_by_tape(Job *job, const TapeStep *s, int64_t from, int64_t rows, int64_t threads, double *loss,
                        double *total)
{
    const Tape *tape = job->tape;
    const int64_t all = (rows + tape->shard - 1) / tape->shard;
    int64_t each = threads; /* at a time: more, once they are known to be short */
    double *sums = s->loss + TAPE_SHARDS, *weights = s->total + TAPE_SHARDS;
    if (job->round == 0) {
        draw_for_tape(job, tape, rows, s->masks);
        if (rows > tape->shard) /* a shard by itself clears it */
            memset(job->grad, 0, (size_t)s->size * sizeof(real));
        *sums = *weights = 0;
    }
    while (job->round < all) {
        TapeRound r = {job, s, from, job->round * tape->shard, rows};
        const int64_t left = all - job->round, most = left < TAPE_SHARDS ? left : TAPE_SHARDS, shards = each < most ? each : most;
        const double begun = seconds_now();
        team_share(threads, shards, play_shard, &r);
        for (int64_t i = 0; i < shards; i++) {
            *sums += s->loss[i];
            *weights += s->total[i];
            if (rows > tape->shard)
                add(s->size, s->gradients + i * s->size, job->grad);
        }
        job->round += shards;
        each = threads * (seconds_now() - begun) * TAPE_SHARDS < TAPE_SECONDS * (double)shards ? TAPE_SHARDS : threads;
        if (time_is_over(job))
            return 0;
    }
    *loss = *sums;
    *total = *weights;
    job->round = 0;
    return 1;
}
