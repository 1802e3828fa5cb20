/* Predictions, and formulas over arrays: what Python calls besides whole epochs. */

/* ŷ, or the values before the output function (output 0), for rows of X: n × K, row after row. */
EXPORT void FN(tasou_predict)(Plan *plan, int64_t output, real *out)
{
    char *at = plan->work;
    const FN(Memory) memory = FN(memory)(plan, &at);
    const int64_t K = plan->sizes[plan->layers];
    for (int64_t from = 0; from < plan->n; from += plan->batch) {
        const int64_t left = plan->n - from, rows = left < plan->batch ? left : plan->batch;
        (void)rows;
        (void)K;
        (void)memory;
        (void)output;
        (void)out;
    }
}

/* out = formula(in…), element by element. */
EXPORT void FN(tasou_map)(int64_t formula, int64_t n, const real *const *in, real *out, const double *p)
{
    FN(maps)[formula](n, in, out, p);
}

/* out = formula(in…) for row-major arrays of n rows and K columns, where a row's values depend on one another. The
 * work has room for (inputs + 1 + 4) K BLOCK numbers. */
EXPORT void FN(tasou_block)(int64_t formula, int64_t inputs, int64_t n, int64_t K, const real *const *in, real *out,
                            real *work, const double *p)
{
    const real *turned[3];
    real *result = work + inputs * K * BLOCK;
    for (int64_t from = 0; from < n; from += BLOCK) {
        const int64_t rows = n - from < BLOCK ? n - from : BLOCK;
        for (int64_t i = 0; i < inputs; i++) {
            turned[i] = work + i * K * BLOCK;
            FN(gather_columns)(in[i], K, 1, K, NULL, from, rows, BLOCK, work + i * K * BLOCK);
        }
        FN(blocks)[formula](K, BLOCK, turned, result, result + K * BLOCK, p);
        for (int64_t s = 0; s < rows; s++)
            for (int64_t k = 0; k < K; k++)
                out[(from + s) * K + k] = result[k * BLOCK + s];
    }
}

/* y *= formula(in…). */
EXPORT void FN(tasou_update)(int64_t formula, int64_t n, real *theta, const real *grad, real *const *state, double t,
                             double lr, const double *p)
{
    FN(rules)[formula](n, theta, grad, state, t, lr, p);
}
