/* Predictions, and formulas over arrays: what Python calls besides whole epochs. */

typedef struct {
    const Job *job;
    const Step *step;
    int64_t output;
    real *out;
} Prediction;

/* One shard of rows. */
static void predict_shard(void *prediction, int64_t part, int64_t thread)
{
    const Prediction *p = prediction;
    const Job *job = p->job;
    const Step *w = p->step;
    const int64_t from = part * job->batch, left = job->n - from, rows = left < job->batch ? left : job->batch;
    const Shard s = {thread, thread * job->batch, rows}; /* a thread's part of the memory */
    const int64_t K = w->K, ld = w->ld, together = lie_together(job);
    real *x = w->x + s.at * job->sizes[0];
    const Round r = {job, w, from, rows, 0, together ? (const real *)job->X + from * job->X_row : x, s.at};
    if (!together)
        gather_rows(job, from, rows, x);
    for (int64_t l = 0; l + 1 < w->L; l++)
        forward_layer(&r, l, s.at, rows);
    const real *values = forward_last(&r, s);
    real *spare = w->spare + thread * K * ld, *out = p->out + from * K;
    if (p->output) {
        evaluate(job, 0, 1, K, rows, ld, (const real *[]){values}, spare,
                 w->work + thread * MOST_ARRAYS * K * BLOCK);
        values = spare;
    }
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < K; k++)
            *out++ = values[k * ld + i];
}

/* The same by a tape. */
typedef struct {
    const Job *job;
    const TapeStep *step;
    int64_t output;
    real *out;
} TapePrediction;

static void predict_by_tape(void *prediction, int64_t part, int64_t thread)
{
    const TapePrediction *t = prediction;
    const Tape *tape = t->job->tape;
    const int64_t from = part * tape->shard, left = t->job->n - from, rows = left < tape->shard ? left : tape->shard;
    const int64_t K = t->step->K, ld = t->step->ld;
    const Playing p = playing(t->job, t->step, thread, from, 0, rows);
    real *values = p.values + tape->output, *out = t->out + from * K;
    real *z = t->step->loss_memory + thread * t->step->each_loss, *y_hat = z + K * ld;
    play(&p, 0, tape->ops);
    if (!t->output) {
        memcpy(out, values, (size_t)(rows * K) * sizeof *out);
        return;
    }
    gather_columns(values, K, 1, K, NULL, 0, rows, ld, z);
    evaluate(t->job, 0, 1, K, rows, ld, (const real *[]){z}, y_hat, y_hat + K * ld);
    turn_back(y_hat, K, ld, rows, out);
}

/* ŷ (or, without output, the values before the output function) for the rows of X: n × K, row after row. */
EXPORT void EXPORTED(predict)(const Job *job, int64_t output, real *out)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    const int64_t threads = team_enter(job->allowed);
    if (job->tape)
        team_share(threads, (job->n + job->batch - 1) / job->batch, predict_by_tape,
                   &(TapePrediction){job, &memory.by_tape, output, out});
    else
        team_share(threads, (job->n + job->batch - 1) / job->batch, predict_shard,
                   &(Prediction){job, &memory.by_blas, output, out});
    if (threads > 1)
        team_leave();
}

/* out = formula(in…), element by element. */
EXPORT void EXPORTED(map)(int64_t formula, int64_t n, const real *const *in, real *out, const double *p)
{
    maps[formula](n, in, out, p);
}

/* out = formula(in…) for row-major arrays of n rows and K columns, where a row's values depend on one another. The
 * work has room for (inputs + 1 + MOST_ARRAYS) K BLOCK numbers. */
EXPORT void EXPORTED(block)(int64_t formula, int64_t inputs, int64_t n, int64_t K, const real *const *in, real *out,
                            real *work, const double *p)
{
    block_rows(formula, p, inputs, n, K, in, out, work);
}

/* θ and the state by an optimizer's rule. */
EXPORT void EXPORTED(update)(int64_t formula, int64_t n, real *theta, const real *grad, real *const *state, double t,
                             double lr, const double *p)
{
    rules[formula](n, theta, grad, state, t, lr, p);
}
