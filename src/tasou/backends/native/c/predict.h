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
    forward_hidden(&r, s.at, rows);
    const real *values = forward_last(&r, s);
    real *spare = w->spare + thread * K * ld, *out = p->out + from * K;
    if (p->output) {
        evaluate(job->loss[0], job->loss_constants[0], 1, K, rows, ld, (const real *[]){values}, spare,
                 w->work + thread * 4 * K * BLOCK);
        values = spare;
    }
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < K; k++)
            *out++ = values[k * ld + i];
}

/* ŷ (or, without output, the values before the output function) for the rows of X: n × K, row after row. */
EXPORT void EXPORTED(predict)(const Job *job, int64_t output, real *out)
{
    Arena arena = {.base = job->work};
    const Step step = step_of(job, &arena);
    const int64_t threads = team_enter(job->allowed);
    team_share(threads, (job->n + job->batch - 1) / job->batch, predict_shard, &(Prediction){job, &step, output, out});
    if (threads > 1)
        team_leave();
}

/* out = formula(in…), element by element. */
EXPORT void EXPORTED(map)(int64_t formula, int64_t n, const real *const *in, real *out, const double *p)
{
    maps[formula](n, in, out, p);
}

/* out = formula(in…) for row-major arrays of n rows and K columns, where a row's values depend on one another. The
 * work has room for (inputs + 1 + 4) K BLOCK numbers. */
EXPORT void EXPORTED(block)(int64_t formula, int64_t inputs, int64_t n, int64_t K, const real *const *in, real *out,
                            real *work, const double *p)
{
    const real *turned[3];
    real *result = work + inputs * K * BLOCK;
    for (int64_t from = 0; from < n; from += BLOCK) {
        const int64_t rows = n - from < BLOCK ? n - from : BLOCK;
        for (int64_t i = 0; i < inputs; i++) {
            turned[i] = work + i * K * BLOCK;
            gather_columns(in[i], K, 1, K, NULL, from, rows, BLOCK, work + i * K * BLOCK);
        }
        blocks[formula](K, BLOCK, turned, result, result + K * BLOCK, p);
        for (int64_t s = 0; s < rows; s++)
            for (int64_t k = 0; k < K; k++)
                out[(from + s) * K + k] = result[k * BLOCK + s];
    }
}

/* θ and the state by an optimizer's rule. */
EXPORT void EXPORTED(update)(int64_t formula, int64_t n, real *theta, const real *grad, real *const *state, double t,
                             double lr, const double *p)
{
    rules[formula](n, theta, grad, state, t, lr, p);
}
