/* Predictions, and formulas over arrays: what Python calls besides whole epochs. */

/* ŷ (or, without output, the values before the output function) for the rows of X: n × K, row after row. */
EXPORT void EXPORTED(predict)(const Job *job, int64_t output, real *out)
{
    Arena arena = {.base = job->work};
    const Workspace w = workspace(job, &arena);
    for (int64_t from = 0; from < job->n; from += job->batch) {
        const int64_t left = job->n - from, rows = left < job->batch ? left : job->batch;
        const real *values = forward(job, &w, rows_of_X(job, &w, from, rows), rows);
        if (output) {
            evaluate(job->loss[0], job->loss_constants[0], 1, w.K, rows, w.ld, (const real *[]){values}, w.spare,
                         w.work);
            values = w.spare;
        }
        for (int64_t s = 0; s < rows; s++)
            for (int64_t k = 0; k < w.K; k++)
                *out++ = values[k * w.ld + s];
    }
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
