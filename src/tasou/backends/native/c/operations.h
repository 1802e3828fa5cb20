/* The operations of a tape (tape.h): what each does with some rows, wherever its operands stand. Python has laid out
 * everything (program.py): which formula, where each operand stands, which memory is free again. Nothing is known of
 * layers here. */

/* A shard that is being played: its rows of X, and memory. */
typedef struct {
    const Job *job;
    const Tape *tape;
    const real *x;
    real *values, *gradient, *scratch;
    const real *masks; /* of the batch */
    int64_t at, rows;  /* from which row of the batch, how many */
} Playing;

static real *place(const Playing *p, const Op *op, int64_t i)
{
    switch (op->space[i]) {
    case IN_X:
        return (real *)p->x + op->at[i];
    case IN_MASKS:
        return (real *)p->masks + op->at[i] + p->at * op->row[i];
    case IN_THETA:
        return (real *)p->job->theta + op->at[i];
    case IN_GRADIENT:
        return p->gradient + op->at[i];
    case IN_CONSTANTS:
        return (real *)p->tape->constants + op->at[i];
    }
    return p->values + op->at[i];
}

/* Elements of what an operation walks, for one row. */
static int64_t elements(const Op *op)
{
    return op->shape[0] * op->shape[1] * op->shape[2] * op->shape[3];
}

/* --- operands that do not stand one after the other ----------------------------------------------------------------- */

/* The elements of one row, gathered from (or, `back`, written to) where they stand. */
static void gather_elements(const int64_t *shape, const int64_t *step, real *there, real *here, int back)
{
    for (int64_t i = 0; i < shape[0]; i++)
        for (int64_t j = 0; j < shape[1]; j++)
            for (int64_t k = 0; k < shape[2]; k++, here += shape[3]) {
                real *from = there + i * step[0] + j * step[1] + k * step[2];
                if (back && step[3] == 1)
                    memcpy(from, here, (size_t)shape[3] * sizeof *here);
                else if (back)
                    for (int64_t l = 0; l < shape[3]; l++)
                        from[l * step[3]] = here[l];
                else if (step[3] == 1)
                    memcpy(here, from, (size_t)shape[3] * sizeof *here);
                else
                    for (int64_t l = 0; l < shape[3]; l++)
                        here[l] = from[l * step[3]];
            }
}

/* Operand i for some rows: in place, or gathered into spare room; what is the same for all rows is gathered once. */
static const real *laid_out(const Playing *p, const Op *op, int64_t i, int64_t from, int64_t rows, real *spare)
{
    const int64_t w = elements(op);
    real *at = place(p, op, i) + from * op->row[i];
    if (op->flat[i] && (op->row[i] || !op->along))
        return at;
    if (from == 0 || op->row[i])
        for (int64_t r = 0; r < rows; r++)
            gather_elements(op->shape, op->step + i * AXES, at + r * op->row[i], spare + r * w, 0);
    return spare;
}

/* --- element by element --------------------------------------------------------------------------------------------- */

/* out = formula(in…) for so many rows of K values that depend on one another: by blocks of samples, feature-major. */
static void block_rows(int64_t formula, const double *p, int64_t inputs, int64_t n, int64_t K, const real *const *in,
                       real *out, real *work)
{
    const real *turned[OPERANDS];
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

KERNEL void sum_of_two(int64_t n, const real *x, const real *y, real *out)
{
    EACH (i, n)
        out[i] = x[i] + y[i];
}

KERNEL void product_of_two(int64_t n, const real *x, const real *y, real *out)
{
    EACH (i, n)
        out[i] = x[i] * y[i];
}

/* One operation over some rows whose operands stand one after the other. */
static void over_elements(const Op *op, int64_t n, const real *const *in, real *out, real *spare, real *work)
{
    const int scaled = op->verb == PLAY_SCALED;
    const int64_t K = op->shape[AXES - 1];
    real *value = scaled ? spare : out;
    switch (op->verb) {
    case PLAY_ADD:
        sum_of_two(n, in[0], in[1], out);
        return;
    case PLAY_TIMES:
        product_of_two(n, in[0], in[1], out);
        return;
    case PLAY_COPY:
        memmove(out, in[0], (size_t)n * sizeof *out);
        return;
    case PLAY_ZEROS:
        memset(out, 0, (size_t)n * sizeof *out);
        return;
    }
    if (maps[op->formula])
        maps[op->formula](n, in + scaled, value, op->constants);
    else
        block_rows(op->formula, op->constants, op->inputs - scaled, n / K, K, in + scaled, value, work);
    if (scaled)
        product_of_two(n, in[0], value, out);
}

static void play_elements(const Playing *p, const Op *op)
{
    const int64_t w = elements(op), all = op->along ? p->rows : 1, most = PIECE / w > 1 ? PIECE / w : 1;
    const int64_t room = most * w;
    real *spare = p->scratch, *work = p->scratch + (op->inputs + 2) * room;
    const real *in[OPERANDS];
    for (int64_t from = 0; from < all; from += most) {
        const int64_t rows = all - from < most ? all - from : most;
        real *there = place(p, op, 0) + from * op->row[0], *out = op->flat[0] ? there : spare;
        for (int64_t i = 1; i <= op->inputs; i++)
            in[i - 1] = laid_out(p, op, i, from, rows, spare + (i + 1) * room);
        if (op->flat[0] || op->verb != PLAY_COPY)
            over_elements(op, rows * w, in, out, spare + room, work);
        for (int64_t r = 0; r < rows && !op->flat[0]; r++)
            gather_elements(op->shape, op->step, there + r * op->row[0],
                            (real *)(op->verb == PLAY_COPY ? in[0] : spare) + r * w, 1);
    }
}

/* a := f(z + b), z := f'(z + b). */
static void play_activate(const Playing *p, const Op *op)
{
    const int64_t rows = (op->along ? p->rows : 1) * op->m;
    activates[op->formula](rows, op->width, place(p, op, 1), place(p, op, 2), place(p, op, 0), op->constants);
}

/* --- products and sums ---------------------------------------------------------------------------------------------- */

/* out (m × n) := A B for small matrices, or where there is no BLAS; the numbers of A stand a_row and a_step apart. */
KERNEL void small_product(int64_t m, int64_t k, int64_t n, const real *A, int64_t a_row, int64_t a_step, const real *B,
                          int64_t b_row, int64_t b_step, real *out, int64_t line)
{
    for (int64_t i = 0; i < m; i++, out += line) {
        memset(out, 0, (size_t)n * sizeof *out);
        for (int64_t l = 0; l < k; l++) {
            const real a = A[i * a_row + l * a_step], *b = B + l * b_row;
            if (b_step == 1)
                EACH (j, n)
                    out[j] += a * b[j];
            else
                for (int64_t j = 0; j < n; j++)
                    out[j] += a * b[j * b_step];
        }
    }
}

#define SMALL_PRODUCT 512 /* multiplications up to which BLAS takes longer to begin than to end */

/* How far apart rows of a matrix lie: BLAS asks even where there is only one, of which the step says nothing. */
static int64_t apart(int64_t rows, int64_t width, int64_t step)
{
    return rows == 1 ? width : step;
}

static void matrices(const Job *job, int64_t m, int64_t k, int64_t n, Matrix A, Matrix B, real *out, int64_t line)
{
    const int a = A.turned == PLAIN, b = B.turned == PLAIN;
    if (job->gemm && m * k * n > SMALL_PRODUCT)
        matmul(job, m, k, n, (Matrix){A.at, a ? apart(m, k, A.step) : apart(k, m, A.step), A.turned},
               (Matrix){B.at, b ? apart(k, n, B.step) : apart(n, k, B.step), B.turned}, 0, out, apart(m, n, line));
    else
        small_product(m, k, n, A.at, a ? A.step : 1, a ? 1 : A.step, B.at, b ? B.step : 1, b ? 1 : B.step, out, line);
}

/* Operand i of a product, where it begins. */
static Matrix matrix(const Playing *p, const Op *op, int64_t i)
{
    return (Matrix){place(p, op, i), op->step[i * AXES + 1], op->step[i * AXES + 2] ? TURNED : PLAIN};
}

static void play_product(const Playing *p, const Op *op)
{
    const int64_t rows = op->along ? p->rows : 1, line = op->step[1];
    Matrix A = matrix(p, op, 1), B = matrix(p, op, 2);
    real *out = place(p, op, 0);
    if (op->way == ALONG_M) {
        matrices(p->job, rows * op->m, op->k, op->n, A, B, out, line);
        return;
    }
    if (op->way == ALONG_K) {
        matrices(p->job, op->m, rows * op->k, op->n, A, B, out, line);
        return;
    }
    const real *a = A.at, *b = B.at;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < op->width; i++) {
            A.at = a + r * op->row[1] + i * op->step[AXES];
            B.at = b + r * op->row[2] + i * op->step[2 * AXES];
            matrices(p->job, op->m, op->k, op->n, A, B, out + r * op->row[0] + i * op->step[0], line);
        }
}

KERNEL void add_rows(int64_t rows, int64_t width, const real *x, real *sums)
{
    for (int64_t r = 0; r < rows; r++, x += width)
        EACH (i, width)
            sums[i] += x[i];
}

/* The sum over all axes but the last. */
static void play_total(const Playing *p, const Op *op)
{
    const int64_t w = elements(op), K = op->shape[AXES - 1], all = op->along ? p->rows : 1;
    const int64_t most = PIECE / w > 1 ? PIECE / w : 1;
    real *out = place(p, op, 0);
    memset(out, 0, (size_t)K * sizeof *out);
    for (int64_t from = 0; from < all; from += most) {
        const int64_t rows = all - from < most ? all - from : most;
        add_rows(rows * w / K, K, laid_out(p, op, 1, from, rows, p->scratch), out);
    }
}

/* --- by indices and by codes ------------------------------------------------------------------------------------------ */

KERNEL void take_runs(const Op *op, int64_t lines, int64_t of_in, const real *in, real *out)
{
    for (int64_t r = 0; r < lines; r++, in += of_in)
        for (const int64_t *run = op->index; run < op->index + op->indices; run += 2, out += run[-1])
            EACH (j, run[1])
                out[j] = in[run[0] + j];
}

KERNEL void put_runs(const Op *op, int64_t lines, const real *in, real *out)
{
    memset(out, 0, (size_t)(lines * op->width) * sizeof *out);
    for (int64_t r = 0; r < lines; r++, out += op->width)
        for (const int64_t *run = op->index; run < op->index + op->indices; run += 2, in += run[-1])
            EACH (j, run[1])
                out[run[0] + j] += in[j];
}

/* Columns that are gathered, or added to where they were gathered from: by runs of neighbours, where each begins and how many
 * they are. */
static void play_columns(const Playing *p, const Op *op)
{
    const int64_t of_in = op->shape[AXES - 1], lines = (op->along ? p->rows : 1) * elements(op) / of_in;
    if (op->verb == PLAY_TAKE)
        take_runs(op, lines, of_in, place(p, op, 1), place(p, op, 0));
    else
        put_runs(op, lines, place(p, op, 1), place(p, op, 0));
}

/* A row of the table for every code, or added to the table's row. A code beyond the table makes NaN: then the step is left
 * to Python, which says what is wrong. */
static void play_codes(const Playing *p, const Op *op)
{
    const int pick = op->verb == PLAY_PICK;
    const int64_t codes = (op->along ? p->rows : 1) * elements(op), width = op->width;
    const real *in = place(p, op, 1), *code = place(p, op, 2), last = (real)(op->m - 1);
    real *out = place(p, op, 0);
    if (!pick)
        memset(out, 0, (size_t)(op->m * width) * sizeof *out);
    for (int64_t i = 0; i < codes; i++) {
        const int known = code[i] >= 0 && code[i] <= last;
        const int64_t row = known ? (int64_t)code[i] : 0;
        for (int64_t j = 0; j < width; j++)
            if (pick)
                out[i * width + j] = known ? in[row * width + j] : (real)NAN;
            else if (known)
                out[row * width + j] += in[i * width + j];
    }
}

/* --- by the edges of bins (edges.h): m columns, lines of W that are k apart -------------------------------------------- */

static void play_edges(const Playing *p, const Op *op)
{
    const int64_t *first = op->index, m = op->m, width = op->width, rows = p->rows;
    const real low = (real)op->constants[0], high = (real)op->constants[1];
    real *out = place(p, op, 0), *one = place(p, op, 1), *two = place(p, op, 2);
    switch (op->verb) {
    case PLAY_LOCATE:
        locate(rows, m, first, two, one, out);
        break;
    case PLAY_EDGE_VALUES:
        edge_values(m, width, op->k, first, one, two, low, high, out);
        break;
    case PLAY_INTERPOLATE:
        interpolate(rows, m, width, first, one, two, op->inputs > 2 ? place(p, op, 3) : NULL, out);
        break;
    case PLAY_EDGE_SUMS:
        edge_sums(rows, m, width, first, one, two, out);
        break;
    case PLAY_EDGE_GRADIENTS:
        edge_gradients(m, width, op->k, first, one, two, place(p, op, 3), low, high, out, place(p, op, 4));
        break;
    }
}
