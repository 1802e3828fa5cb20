/* One step by BLAS: rows of the batch one after the other, everything between the products in one pass. */

typedef struct {
    Dense *layers;
    int64_t L, K, ld; /* layers, outputs, padded rows of a batch */
    real *x, *y, *weight, *spare, *work;
} Workspace;

static Workspace workspace(const Job *job, Arena *arena)
{
    const int64_t rows = job->batch, K = job->sizes[job->layers], ld = padded(rows);
    return (Workspace){
        .L = job->layers,
        .K = K,
        .ld = ld,
        .layers = take_layers(arena, job, rows, ld, rows),
        .x = take_reals(arena, rows * job->sizes[0]),
        .y = take_reals(arena, K * ld),
        .spare = take_reals(arena, K * ld),
        .weight = take_reals(arena, ld),
        .work = take_reals(arena, 4 * K * BLOCK),
    };
}

/* a[l] = f(z[l]), z[l] = W[l] a[l-1] + b[l], through all layers; the last one's values before the output function. */
static const real *forward(const Job *job, const Workspace *w, const real *x, int64_t rows)
{
    const real *a = x;
    for (const Dense *l = w->layers; l < w->layers + w->L; l++) {
        product(job, l, a, rows);
        if (l->turned == PLAIN) {
            activate(l, rows, l->out, l->b);
        } else {
            add_to_columns(l->out, rows, l->step, l->b, l->z);
            activate(l, l->out, l->step, NULL);
        }
        if (l->mask)
            multiply(rows * l->out, l->mask, l->values);
        a = l->values;
    }
    return a;
}

/* δ[l] = ∂L/∂a[l] ⊙ f'(z[l]), in its place, and ∂L/∂b[l] = Σ δ[l]. */
static void local_error(const Dense *l, real *delta, int64_t rows)
{
    const real *slope = l->activation < 0 ? NULL : l->z;
    if (l->mask)
        multiply(rows * l->out, l->mask, delta);
    if (l->turned == PLAIN) {
        slope_and_sums(rows, l->out, slope, delta, l->grad_b);
        return;
    }
    if (slope)
        multiply(l->out * l->step, slope, delta);
    for (int64_t k = 0; k < l->out; k++)
        l->grad_b[k] = (real)sum(rows, delta + k * l->step);
}

/* From ∂L/∂a[L] the gradients of all layers. */
static void backward(const Job *job, const Workspace *w, const real *x, real *delta, int64_t rows)
{
    for (const Dense *l = w->layers + w->L - 1;; l--) {
        const int first = l == w->layers;
        local_error(l, delta, rows);
        gradients(job, l, delta, first ? x : l[-1].values, rows);
        if (first)
            return;
        pass_back(job, l, delta, l[-1].values, rows);
        delta = l[-1].values;
    }
}

/* Rows of X: in place where they lie together. */
static const real *rows_of_X(const Job *job, const Workspace *w, int64_t from, int64_t rows)
{
    if (!job->order && job->X_column == 1 && job->X_row == job->sizes[0])
        return (const real *)job->X + from * job->X_row;
    gather_rows(job, from, rows, w->x);
    return w->x;
}

/* The rows of a batch: x, y feature-major, the weights. */
static const real *gather(const Job *job, const Workspace *w, int64_t from, int64_t rows)
{
    gather_columns(job->Y, w->K, 1, w->K, job->order, from, rows, w->ld, w->y);
    if (job->weight)
        gather_columns(job->weight, 1, 1, 1, job->order, from, rows, w->ld, w->weight);
    return rows_of_X(job, w, from, rows);
}

/* The summed loss of a batch, its gradient in job->grad, and the weight of its rows. */
static double step_by_blas(const Job *job, const Workspace *w, int64_t from, int64_t rows, double *total)
{
    const real *x = gather(job, w, from, rows);
    const real *weight = job->weight ? w->weight : NULL;
    draw_masks(job, w->layers, rows);
    const real *raw = forward(job, w, x, rows);
    real *delta = w->layers[w->L - 1].a; /* in the place of raw, where the output has an activation */
    *total = weight ? sum(rows, weight) : (double)rows;
    const double loss = loss_and_delta(job, rows, w->ld, raw, w->y, weight, delta, w->spare, w->work);
    backward(job, w, x, delta, rows);
    return loss;
}
