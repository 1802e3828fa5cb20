/* One step by BLAS: rows of the batch one after the other, products by gemm, everything between them in one pass.
 *
 * A layer's memory changes its meaning as the step goes on, so that little has to travel through the caches:
 *     z   the product W a[l-1], then the slope f'(z) (activate), used on the way back
 *     a   the activation f(z), then the local error δ, once the gradient of the next layer has read a
 * The last layer stands feature-major (K × ld), as the loss wants it. */

#define ROW_MAJOR 101
#define PLAIN 111
#define TRANSPOSED 112

typedef struct {
    const real *W, *b;
    real *grad_W, *grad_b;
    real *z, *a, *mask;
    int64_t in, out;
} FN(Layer);

typedef struct {
    FN(Layer) *layers;
    int64_t L, K, ld; /* layers, outputs, padded rows of a batch */
    real *x, *y, *weight, *spare, *work;
} FN(Workspace);

/* Take n reals (rounded up to whole cache lines) from the memory at *at; with NULL memory only the size is counted. */
static real *FN(take)(char **at, int64_t n)
{
    real *taken = (real *)*at;
    *at += ((size_t)n * sizeof(real) + 63) / 64 * 64;
    return taken;
}

/* Lay out the memory of a step for batches of `rows`; where the pointer ends up says how much it is. */
static FN(Workspace) FN(workspace)(const Plan *plan, int64_t rows, char **at)
{
    FN(Workspace) w = {.L = plan->layers, .K = plan->sizes[plan->layers], .ld = padded(rows)};
    const int counting = *at == NULL;
    FN(Layer) *layers = (FN(Layer) *)*at;
    *at += ((size_t)w.L * sizeof *layers + 63) / 64 * 64;
    const int64_t n_weights = FN(count_weights)(plan);
    int64_t W = 0, b = n_weights;
    for (int64_t l = 0; l < w.L; l++) {
        const int64_t in = plan->sizes[l], out = plan->sizes[l + 1], n = out * (l + 1 < w.L ? rows : w.ld);
        real *z = FN(take)(at, n), *a = FN(take)(at, n), *mask = plan->dropout[l] > 0 ? FN(take)(at, n) : NULL;
        if (!counting)
            layers[l] = (FN(Layer)){(real *)plan->theta + W, (real *)plan->theta + b, (real *)plan->grad + W,
                                    (real *)plan->grad + b, z, a, mask, in, out};
        W += in * out;
        b += out;
    }
    w.layers = layers;
    w.x = FN(take)(at, rows * plan->sizes[0]);
    w.y = FN(take)(at, w.K * w.ld);
    w.spare = FN(take)(at, w.K * w.ld);
    w.weight = FN(take)(at, w.ld);
    w.work = FN(take)(at, 4 * w.K * BLOCK);
    return w;
}

/* z := f(z + b) or, for training, a := f(z + b) and z := f'(z + b); the values that go on. */
static real *FN(activated)(const Plan *plan, int64_t l, const FN(Layer) *layer, int64_t rows, const real *b)
{
    if (plan->activation[l] < 0) {
        if (b)
            FN(add_to_rows)(rows, layer->out, b, layer->z);
        return layer->z;
    }
    FN(activates)[plan->activation[l]](rows, layer->out, layer->z, b, layer->a, plan->activation_constants[l]);
    return layer->a;
}

/* Dropout's factors, in the order in which NumPy would draw them. */
static void FN(draw_mask)(const Plan *plan, double share, int64_t n, real *mask)
{
    for (int64_t i = 0; i < n; i++)
        mask[i] = (real)FN(dropout_mask)(uniform(plan), share);
}

static void FN(drop)(const Plan *plan, int64_t l, const FN(Layer) *layer, int64_t n, real *a)
{
    FN(draw_mask)(plan, plan->dropout[l], n, layer->mask);
    FN(multiply)(n, layer->mask, a);
}

/* The last layer, feature-major: its values before the output function, K × ld. */
static real *FN(last_values)(const Plan *plan, const FN(Workspace) *w, const real *a, int64_t rows)
{
    const FN(Layer) *layer = w->layers + w->L - 1;
    ((GEMM *)plan->gemm)(ROW_MAJOR, PLAIN, TRANSPOSED, (int)w->K, (int)rows, (int)layer->in, 1, layer->W, (int)layer->in, a,
         (int)layer->in, 0, layer->z, (int)w->ld);
    for (int64_t k = 0; k < w->K; k++)
        EACH (s, rows)
            layer->z[k * w->ld + s] += layer->b[k];
    if (plan->activation[w->L - 1] < 0)
        return layer->z;
    FN(activates)[plan->activation[w->L - 1]](w->K, w->ld, layer->z, NULL, layer->a,
                                              plan->activation_constants[w->L - 1]);
    return layer->a;
}

/* The batch through all layers; the last layer's values before the output function, K × ld. */
static real *FN(forward)(const Plan *plan, const FN(Workspace) *w, const real *x, int64_t rows)
{
    GEMM *gemm = (GEMM *)plan->gemm;
    const real *a = x;
    const FN(Layer) *layer = w->layers;
    for (int64_t l = 0; l + 1 < w->L; l++, layer++) {
        gemm(ROW_MAJOR, PLAIN, TRANSPOSED, (int)rows, (int)layer->out, (int)layer->in, 1, a, (int)layer->in, layer->W,
             (int)layer->in, 0, layer->z, (int)layer->out);
        real *next = FN(activated)(plan, l, layer, rows, layer->b);
        if (layer->mask)
            FN(drop)(plan, l, layer, rows * layer->out, next);
        a = next;
    }
    return FN(last_values)(plan, w, a, rows);
}

/* What the layer before handed on: its activation, or x. */
static const real *FN(values_before)(const Plan *plan, const FN(Workspace) *w, int64_t l, const real *x)
{
    return l == 0 ? x : plan->activation[l - 1] < 0 ? w->layers[l - 1].z : w->layers[l - 1].a;
}

/* δ[l], feature-major for the last layer: the gradients, and δ of the layer before. */
static void FN(backward)(const Plan *plan, const FN(Workspace) *w, const real *x, real *delta, int64_t rows)
{
    GEMM *gemm = (GEMM *)plan->gemm;
    for (int64_t l = w->L - 1; l >= 0; l--) {
        const FN(Layer) *layer = w->layers + l;
        const int last = l == w->L - 1;
        const real *slope = plan->activation[l] < 0 ? NULL : layer->z;
        if (last) {
            if (slope)
                FN(multiply)(w->K * w->ld, slope, delta);
            for (int64_t k = 0; k < w->K; k++)
                layer->grad_b[k] = (real)FN(sum)(rows, delta + k * w->ld);
        } else {
            if (layer->mask)
                FN(multiply)(rows * layer->out, layer->mask, delta);
            FN(local_error)(rows, layer->out, slope, delta, layer->grad_b);
        }
        real *before = (real *)FN(values_before)(plan, w, l, x);
        const int step = last ? (int)w->ld : (int)layer->out;
        gemm(ROW_MAJOR, last ? PLAIN : TRANSPOSED, PLAIN, (int)layer->out, (int)layer->in, (int)rows, 1, delta, step,
             before, (int)layer->in, 0, layer->grad_W, (int)layer->in);
        if (l > 0)
            gemm(ROW_MAJOR, last ? TRANSPOSED : PLAIN, PLAIN, (int)rows, (int)layer->in, (int)layer->out, 1, delta,
                 step, layer->W, (int)layer->in, 0, before, (int)layer->in);
        delta = before;
    }
}

/* Rows of X: in place where they lie together. */
static const real *FN(rows_of_X)(const Plan *plan, const FN(Workspace) *w, int64_t from, int64_t rows)
{
    if (!plan->order && plan->X_column == 1 && plan->X_row == plan->sizes[0])
        return (const real *)plan->X + from * plan->X_row;
    FN(gather_rows)(plan, from, rows, w->x);
    return w->x;
}

/* The rows of a batch: x, y feature-major, the weights. */
static const real *FN(gather)(const Plan *plan, const FN(Workspace) *w, int64_t from, int64_t rows)
{
    FN(gather_columns)(plan->Y, w->K, 1, w->K, plan->order, from, rows, w->ld, w->y);
    if (plan->weight)
        FN(gather_columns)(plan->weight, 1, 1, 1, plan->order, from, rows, w->ld, w->weight);
    return FN(rows_of_X)(plan, w, from, rows);
}

/* The summed loss of a batch, its gradient in plan->grad, and the weight of its rows. */
static double FN(step_by_blas)(const Plan *plan, const FN(Workspace) *w, int64_t from, int64_t rows, double *total)
{
    const real *x = FN(gather)(plan, w, from, rows);
    const real *weight = plan->weight ? w->weight : NULL;
    const real *raw = FN(forward)(plan, w, x, rows);
    real *delta = w->layers[w->L - 1].a; /* in the place of raw, where the output has an activation */
    *total = weight ? FN(sum)(rows, weight) : (double)rows;
    const double loss = FN(loss_and_delta)(plan, rows, w->ld, raw, w->y, weight, delta, w->spare, w->work);
    FN(backward)(plan, w, x, delta, rows);
    return loss;
}
