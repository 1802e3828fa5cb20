/* The layers of a network with their memory in a step, and the lecture's equations as products of matrices.
 *
 * A layer's memory changes its meaning as the step goes on, so that little has to travel through the caches:
 *     z   the product W a[l-1], then the slope f'(z) (activate), used on the way back
 *     a   the activation f(z), then the local error δ, once the gradient of the next layer has read a
 * The last layer stands turned (a row per unit, not per sample), as the loss wants it. */

#define ROW_MAJOR 101
#define PLAIN 111
#define TURNED 112

typedef struct {
    const real *W, *b;
    int64_t W_at, b_at; /* their places in θ, and those of their gradients in a gradient */
    real *z, *a;        /* a NULL: nothing is learnt */
    real *values;       /* what the next layer reads: a, or z where nothing else is kept */
    real *delta;        /* δ, where threads share a step and a has to stay; NULL: nothing is learnt */
    const real *mask;   /* dropout's factors for the rows of the batch, or NULL: nothing is dropped */
    int64_t in, out;
    int64_t step;  /* from row to row of z, a and δ */
    int turned;    /* PLAIN: their rows are samples; TURNED: units */
    int64_t activation; /* -1 for identity */
    const double *constants;
} Dense;

/* Room for dropout's factors for a whole batch: a pointer for each layer, NULL where nothing is dropped. */
static real **take_masks(Arena *arena, const Job *job)
{
    real **masks = take(arena, (size_t)job->layers * sizeof *masks);
    for (int64_t l = 0; l < job->layers; l++) {
        real *mask = job->grad && job->dropout[l] > 0 ? take_reals(arena, job->batch * job->sizes[l + 1]) : NULL;
        if (masks)
            masks[l] = mask;
    }
    return masks;
}

/* Lay out all layers: z and a for so many rows, those of the last layer for so many shards of `step` rows each. */
static Dense *take_layers(Arena *arena, const Job *job, int64_t rows, int64_t shards, int64_t step, real *const *masks)
{
    Dense *layers = take(arena, (size_t)job->layers * sizeof *layers);
    const real *theta = job->theta;
    int64_t W = 0, b = job->n_weights;
    for (int64_t l = 0; l < job->layers; l++) {
        const int last = l + 1 == job->layers, learns = job->grad != NULL;
        const int64_t in = job->sizes[l], out = job->sizes[l + 1], n = out * (last ? shards * step : rows);
        real *z = take_reals(arena, n), *a = learns ? take_reals(arena, n) : NULL;
        real *delta = last || !learns ? a : take_reals(arena, n);
        if (layers)
            layers[l] = (Dense){.W = theta + W, .b = theta + b, .W_at = W, .b_at = b, .z = z, .a = a, .delta = delta,
                                .values = learns && job->activation[l] >= 0 ? a : z, .mask = masks[l], .in = in,
                                .out = out, .step = last ? step : out, .turned = last ? TURNED : PLAIN,
                                .activation = job->activation[l], .constants = job->activation_constants[l]};
        W += in * out;
        b += out;
    }
    return layers;
}

static real *shifted(real *at, int64_t n)
{
    return at ? at + n : NULL;
}

/* The layer for what lies behind the first n numbers of z, a and δ. */
static Dense behind(Dense l, int64_t n)
{
    l.z = shifted(l.z, n);
    l.a = shifted(l.a, n);
    l.values = shifted(l.values, n);
    l.delta = shifted(l.delta, n);
    return l;
}

/* A matrix as it lies: its rows (or, where it is turned, its columns) are `step` apart. */
typedef struct {
    const real *at;
    int64_t step;
    int turned;
} Matrix;

static Matrix transposed(Matrix A)
{
    return (Matrix){A.at, A.step, A.turned == PLAIN ? TURNED : PLAIN};
}

typedef void Gemm(int, int, int, int, int, int, real, const real *, int, const real *, int, real, real *, int);

/* out (m × n, its rows `step` apart) := A (m × k) B (k × n), added to what is there or not. */
static void matmul(const Job *job, int64_t m, int64_t k, int64_t n, Matrix A, Matrix B, int added, real *out, int64_t step)
{
    ((Gemm *)job->gemm)(ROW_MAJOR, A.turned, B.turned, (int)m, (int)n, (int)k, 1, A.at, (int)A.step, B.at, (int)B.step,
                        (real)added, out, (int)step);
}

/* z[l] = a[l-1] W[l]ᵀ; turned for the last layer: z[L]ᵀ = W[L] a[L-1]ᵀ. */
static void product(const Job *job, const Dense *l, const real *before, int64_t rows)
{
    const Matrix a = {before, l->in, PLAIN}, W = {l->W, l->in, PLAIN};
    if (l->turned == PLAIN)
        matmul(job, rows, l->in, l->out, a, transposed(W), 0, l->z, l->step);
    else
        matmul(job, l->out, l->in, rows, W, transposed(a), 0, l->z, l->step);
}

/* ∂L/∂W[l] = δ[l]ᵀ a[l-1], added to what is there or not. */
static void gradients(const Job *job, const Dense *l, const real *errors, const real *before, int64_t rows, int added,
                      real *grad_W)
{
    const Matrix delta = {errors, l->step, l->turned}, a = {before, l->in, PLAIN};
    matmul(job, l->out, rows, l->in, transposed(delta), a, added, grad_W, l->in);
}

/* ∂L/∂a[l-1] = δ[l] W[l]. */
static void pass_back(const Job *job, const Dense *l, const real *errors, real *before, int64_t rows)
{
    const Matrix delta = {errors, l->step, l->turned}, W = {l->W, l->in, PLAIN};
    matmul(job, rows, l->out, l->in, delta, W, 0, before, l->in);
}

/* a := f(z + b) and z := f'(z + b) in rows × width numbers; where nothing is learnt, z := f(z + b). b may be NULL. */
static void activate(const Dense *l, int64_t rows, int64_t width, const real *b)
{
    if (l->activation >= 0 && l->a)
        activates[l->activation](rows, width, l->z, b, l->a, l->constants);
    else if (l->activation >= 0)
        infers[l->activation](rows, width, l->z, b, l->constants);
    else if (b)
        add_to_rows(rows, width, b, l->z);
}

/* Dropout's factors for the rows of a batch, layer after layer, in the order in which NumPy would draw them. */
static void draw_masks(const Job *job, real *const *masks, int64_t rows)
{
    for (int64_t l = 0; l < job->layers; l++)
        for (int64_t i = 0; masks[l] && i < rows * job->sizes[l + 1]; i++)
            masks[l][i] = (real)dropout_mask(uniform(job), job->dropout[l]);
}
