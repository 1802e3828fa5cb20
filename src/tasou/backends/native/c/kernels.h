/* The loops: over elements, rows and columns. No formula stands here; f and f' are handed in by formulas.h. */

typedef void map_function(int64_t n, const real *const *in, real *out, const double *p);
typedef void block_function(int64_t K, int64_t ld, const real *const *in, real *out, real *work, const double *p);
typedef void rule_function(int64_t n, real *theta, const real *grad, real *const *state, double t, double lr,
                               const double *p);
typedef void activate_function(int64_t rows, int64_t width, real *z, const real *b, real *a, const double *p);
typedef void infer_function(int64_t rows, int64_t width, real *z, const real *b, const double *p);

/* Two loops per activation: for training, a := f(z + b) and z := f'(z + b), so that the way back only multiplies; for
 * prediction, z := f(z + b). Rows × width; b may be NULL. */
#define ACTIVATION(name, constants, f, slope) \
    KERNEL void activate_##name(int64_t rows, int64_t width, real *z_of, const real *b, real *a_of, const double *p) \
    { \
        constants if (!b) { width *= rows; rows = 1; } \
        for (int64_t r = 0; r < rows; r++, z_of += width, a_of += width) \
            EACH (i, width) { \
                const real z = b ? z_of[i] + b[i] : z_of[i]; \
                const real a = f; \
                z_of[i] = slope; \
                a_of[i] = a; \
            } \
    } \
    KERNEL void infer_##name(int64_t rows, int64_t width, real *z_of, const real *b, const double *p) \
    { \
        constants if (!b) { width *= rows; rows = 1; } \
        for (int64_t r = 0; r < rows; r++, z_of += width) \
            EACH (i, width) { \
                const real z = b ? z_of[i] + b[i] : z_of[i]; \
                z_of[i] = f; \
            } \
    }

/* y *= x, element by element. */
KERNEL void multiply(int64_t n, const real *x, real *y)
{
    EACH (i, n)
        y[i] *= x[i];
}

KERNEL void scale(int64_t n, double factor, real *y)
{
    EACH (i, n)
        y[i] *= (real)factor;
}

/* Add b to each row. */
KERNEL void add_to_rows(int64_t rows, int64_t width, const real *b, real *z)
{
    for (int64_t r = 0; r < rows; r++, z += width)
        EACH (i, width)
            z[i] += b[i];
}

/* Add b[k] to row k of those that stand turned, `step` apart. */
KERNEL void add_to_columns(int64_t units, int64_t rows, int64_t step, const real *b, real *z)
{
    for (int64_t k = 0; k < units; k++)
        EACH (s, rows)
            z[k * step + s] += b[k];
}

/* Add y to x. */
KERNEL void add(int64_t n, const real *y, real *x)
{
    EACH (i, n)
        x[i] += y[i];
}

/* delta *= slope (where there is one), and the sum of each column, added to what is there. */
KERNEL void slope_and_sums(int64_t rows, int64_t width, const real *slope, real *delta, real *sums)
{
    for (int64_t r = 0; r < rows; r++, delta += width) {
        if (slope) {
            EACH (i, width) {
                const real d = delta[i] * slope[i];
                delta[i] = d;
                sums[i] += d;
            }
            slope += width;
        } else {
            EACH (i, width)
                sums[i] += delta[i];
        }
    }
}

/* Sums in a fixed order: 16 partial sums side by side, then in double. */
#define LANES16 16
#define SUM_OF(term, n, result) \
    do { \
        double lanes_[LANES16] = {0}; \
        int64_t i = 0; \
        for (; i + LANES16 <= (n); i += LANES16) \
            for (int j_ = 0; j_ < LANES16; j_++) { \
                const int64_t at = i + j_; \
                lanes_[j_] += (double)(term); \
            } \
        for (int64_t at = i; at < (n); at++) \
            lanes_[at - i] += (double)(term); \
        for (int width_ = LANES16 / 2; width_; width_ /= 2) \
            for (int j_ = 0; j_ < width_; j_++) \
                lanes_[j_] += lanes_[j_ + width_]; \
        (result) = lanes_[0]; \
    } while (0)

KERNEL double sum(int64_t n, const real *x)
{
    double total;
    SUM_OF(x[at], n, total);
    return total;
}

KERNEL double dot(int64_t n, const real *x, const real *y)
{
    double total;
    SUM_OF((double)x[at] * (double)y[at], n, total);
    return total;
}

/* Rows of X in the given order, one after the other. */
static void gather_rows(const Job *job, int64_t from, int64_t rows, real *out)
{
    const int64_t d = job->sizes[0], row_step = job->X_row, step = job->X_column;
    for (int64_t r = 0; r < rows; r++, out += d) {
        const real *x = (const real *)job->X + (job->order ? job->order[from + r] : from + r) * row_step;
        if (step == 1)
            memcpy(out, x, (size_t)d * sizeof *out);
        else
            for (int64_t i = 0; i < d; i++)
                out[i] = x[i * step];
    }
}

/* The same, one column after the other: out[i][r], ld apart. */
static void gather_columns(const real *X, int64_t row_step, int64_t step, int64_t d, const int64_t *order,
                               int64_t from, int64_t rows, int64_t ld, real *out)
{
    for (int64_t r = 0; r < rows; r++) {
        const real *x = X + (order ? order[from + r] : from + r) * row_step;
        for (int64_t i = 0; i < d; i++)
            out[i * ld + r] = x[i * step];
    }
}
