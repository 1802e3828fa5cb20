/* Predictions, and formulas over arrays: what Python calls besides whole epochs. */

/* One chunk of rows through the layers; the last values stand in the order that the output function wants, K × ld. */
static real *FN(infer)(const Plan *plan, const FN(Workspace) *w, const real *x, int64_t rows)
{
    GEMM *gemm = (GEMM *)plan->gemm;
    const FN(Layer) *layer = w->layers;
    for (int64_t l = 0; l + 1 < w->L; l++, layer++) {
        gemm(ROW_MAJOR, PLAIN, TRANSPOSED, (int)rows, (int)layer->out, (int)layer->in, 1, x, (int)layer->in, layer->W,
             (int)layer->in, 0, layer->z, (int)layer->out);
        if (plan->activation[l] < 0)
            FN(add_to_rows)(rows, layer->out, layer->b, layer->z);
        else
            FN(infers)[plan->activation[l]](rows, layer->out, layer->z, layer->b, plan->activation_constants[l]);
        x = layer->z;
    }
    return FN(last_values)(plan, w, x, rows);
}

/* ŷ (or, without output, the values before the output function) for the rows of X: n × K, row after row. */
EXPORT void FN(tasou_predict)(const Plan *plan, int64_t output, real *out)
{
    char *at = plan->work;
    const FN(Workspace) w = FN(workspace)(plan, plan->batch, &at);
    for (int64_t from = 0; from < plan->n; from += plan->batch) {
        const int64_t left = plan->n - from, rows = left < plan->batch ? left : plan->batch;
        const real *values = FN(infer)(plan, &w, FN(rows_of_X)(plan, &w, from, rows), rows);
        if (output) {
            FN(evaluate)(plan->loss[0], plan->loss_constants[0], 1, w.K, rows, w.ld, (const real *[]){values}, w.spare,
                         w.work);
            values = w.spare;
        }
        for (int64_t s = 0; s < rows; s++)
            for (int64_t k = 0; k < w.K; k++)
                *out++ = values[k * w.ld + s];
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

/* θ and the state by an optimizer's rule. */
EXPORT void FN(tasou_update)(int64_t formula, int64_t n, real *theta, const real *grad, real *const *state, double t,
                             double lr, const double *p)
{
    FN(rules)[formula](n, theta, grad, state, t, lr, p);
}
