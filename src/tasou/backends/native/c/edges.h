/* Numbers in bins in front of a dense layer, by the edges of the bins.
 *
 * What the bins of a column add to z = W (s ⊙ a) is a function of the column's number alone, and straight within each bin.
 * So it is known by its values at the edges, a row of them for each edge, and between two edges by the share of the way: two
 * rows are read for a number, however many bins there are. The way back gives each of the two its part of δ, and sums lead
 * from edges to bins. Python decides where this is worth while (interpolating.py). */

#define TURNED_AT_ONCE 16 /* rows of a matrix that is turned: a cache line of each */

/* The bin of each number, as the row of its lower edge, and the share of the way to the next one; of a row of m numbers first
 * the rows, then the shares. Where there is no number (NaN), it is half the way from the first edge of column c to its last
 * one, which is written −1 − c. */
KERNEL void locate(int64_t rows, int64_t m, const int64_t *first, const real *edges, const real *x, real *where)
{
    for (int64_t r = 0; r < rows; r++, x += m, where += 2 * m)
        for (int64_t c = 0; c < m; c++) {
            const real *edge = edges + first[c];
            const int64_t bins = first[c + 1] - first[c] - 1;
            int64_t bin = 0, step = 1;
            while (2 * step < bins)
                step *= 2;
            for (; step > 0; step /= 2)
                bin += bin + step < bins && x[c] >= edge[bin + step] ? step : 0;
            where[c] = x[c] != x[c] ? (real)(-1 - c) : (real)(first[c] + bin);
            where[m + c] = edges_way(x[c], edge[bin], edge[bin + 1]);
        }
}

/* The rows between which a number lies. */
typedef struct {
    int64_t lower, upper;
} Ends;

INLINE Ends ends_of(real row, const int64_t *first)
{
    const int64_t at = (int64_t)row;
    return at >= 0 ? (Ends){at, at + 1} : (Ends){first[-1 - at], first[-at] - 1};
}

#define COLUMNS_AT_ONCE 4

/* z = base + what each column says; base NULL: from 0. */
KERNEL void interpolate(int64_t rows, int64_t m, int64_t width, const int64_t *first, const real *where, const real *values,
                        const real *base, real *z)
{
    for (int64_t r = 0; r < rows; r++, where += 2 * m, z += width) {
        if (base)
            memcpy(z, base + r * width, (size_t)width * sizeof *z);
        else
            memset(z, 0, (size_t)width * sizeof *z);
        int64_t c = 0;
        for (; c + COLUMNS_AT_ONCE <= m; c += COLUMNS_AT_ONCE) {
            const real *a[COLUMNS_AT_ONCE], *b[COLUMNS_AT_ONCE], *t = where + m + c;
            for (int i = 0; i < COLUMNS_AT_ONCE; i++) {
                const Ends ends = ends_of(where[c + i], first);
                a[i] = values + ends.lower * width;
                b[i] = values + ends.upper * width;
            }
            const real *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3], *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
            const real t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3];
            EACH (u, width)
                z[u] += (edges_between(a0[u], b0[u], t0) + edges_between(a1[u], b1[u], t1)) +
                        (edges_between(a2[u], b2[u], t2) + edges_between(a3[u], b3[u], t3));
        }
        for (; c < m; c++) {
            const Ends ends = ends_of(where[c], first);
            const real *a = values + ends.lower * width, *b = values + ends.upper * width, t = where[m + c];
            EACH (u, width)
                z[u] += edges_between(a[u], b[u], t);
        }
    }
}

/* ∂L/∂values: each of the two rows gets its part of δ. */
KERNEL void edge_sums(int64_t rows, int64_t m, int64_t width, const int64_t *first, const real *where, const real *delta,
                      real *sums)
{
    memset(sums, 0, (size_t)(first[m] * width) * sizeof *sums);
    for (int64_t r = 0; r < rows; r++, where += 2 * m, delta += width)
        for (int64_t c = 0; c < m; c++) {
            const Ends ends = ends_of(where[c], first);
            real *lower = sums + ends.lower * width, *upper = sums + ends.upper * width;
            const real t = where[m + c];
            EACH (u, width) {
                const real part = t * delta[u];
                upper[u] += part;
                lower[u] += delta[u] - part;
            }
        }
}

/* The values at the edges of all columns: low Σ s w at the first one of a column, and (high − low) s w more behind each bin.
 * Of column c, which has first[c + 1] − first[c] − 1 bins, the first bin is number first[c] − c. */
KERNEL void edge_values(int64_t m, int64_t width, int64_t line, const int64_t *first, const real *W, const real *s, real low,
                        real high, real *values)
{
    for (int64_t u = 0; u < width; u += TURNED_AT_ONCE) {
        const int64_t units = width - u < TURNED_AT_ONCE ? width - u : TURNED_AT_ONCE;
        for (int64_t c = 0; c < m; c++)
            for (int64_t row = first[c] + 1, bin = first[c] - c; row < first[c + 1]; row++, bin++)
                for (int64_t i = u; i < u + units; i++)
                    values[row * width + i] = s[bin] * W[i * line + bin];
    }
    for (int64_t c = 0; c < m; c++) {
        real *begin = values + first[c] * width, *end = values + first[c + 1] * width;
        memset(begin, 0, (size_t)width * sizeof *begin);
        for (real *row = begin + width; row < end; row += width)
            EACH (u, width)
                begin[u] += row[u];
        EACH (u, width)
            begin[u] *= low;
        for (real *row = begin + width; row < end; row += width)
            EACH (u, width)
                row[u] = row[u - width] + (high - low) * row[u];
    }
}

/* Neighbouring bins: their gradients a row per bin, and what belongs to them a row per unit. */
typedef struct {
    int64_t width, line;
    const real *sums, *W, *s;
    real *grad_W, *grad_s;
} Bins;

INLINE void gradients_of_bins(const Bins *of, int64_t n)
{
    real total[TURNED_AT_ONCE] = {0};
    for (int64_t u = 0; u < of->width; u++) {
        const real *w = of->W + u * of->line;
        real *g = of->grad_W + u * of->line, turned[TURNED_AT_ONCE];
        for (int64_t i = 0; i < n; i++)
            turned[i] = of->sums[i * of->width + u];
        for (int64_t i = 0; i < n; i++)
            g[i] = of->s[i] * turned[i];
        for (int64_t i = 0; i < n; i++)
            total[i] += w[i] * turned[i];
    }
    memcpy(of->grad_s, total, (size_t)n * sizeof *total);
}

/* From the gradients at the edges, which are overwritten, to those of W and s: a weight moves the first edge of its column
 * by low, and all behind its bin by high − low. */
KERNEL void edge_gradients(int64_t m, int64_t width, int64_t line, const int64_t *first, real *sums, const real *W,
                           const real *s, real low, real high, real *grad_W, real *grad_s)
{
    for (int64_t c = 0; c < m; c++) {
        real *begin = sums + first[c] * width, *end = sums + first[c + 1] * width;
        for (real *row = end - 2 * width; row >= begin; row -= width)
            EACH (u, width)
                row[u] += row[u + width];
        for (real *row = begin + width; row < end; row += width)
            EACH (u, width)
                row[u] = low * begin[u] + (high - low) * row[u];
        const int64_t bins = first[c + 1] - first[c] - 1, bin = first[c] - c;
        for (int64_t k = 0; k < bins; k += TURNED_AT_ONCE) {
            const Bins some = {width, line, begin + (k + 1) * width, W + bin + k, s + bin + k, grad_W + bin + k, grad_s + bin + k};
            if (bins - k >= TURNED_AT_ONCE)
                gradients_of_bins(&some, TURNED_AT_ONCE); /* a number that the compiler knows */
            else
                gradients_of_bins(&some, bins - k);
        }
    }
}
