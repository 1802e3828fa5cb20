/* θ := θ − step, in pieces that stay in the first cache from the penalty to the rule. */

#define PIECE 2048

KERNEL double sum_of_penalty_terms(int64_t n, const real *W)
{
    double total;
    SUM_OF(penalties_l2_term(W[at]), n, total);
    return total;
}

/* The mean gradient: (Σ + α W) / Σw. */
KERNEL void mean_gradient(int64_t n, double l2, double total_weight, const real *W, real *grad)
{
    const real divisor = (real)total_weight;
    if (l2 != 0) {
        EACH (i, n)
            grad[i] = (grad[i] + penalties_l2_gradient(W[i], l2)) / divisor;
    } else {
        EACH (i, n)
            grad[i] = grad[i] / divisor;
    }
}

KERNEL void shrink(int64_t n, double lr, double weight_decay, real *W)
{
    EACH (i, n)
        W[i] = penalties_decay(W[i], lr, weight_decay);
}

/* Whether all numbers are finite: no exponent has all its bits set. */
KERNEL int all_finite(int64_t n, const real *x)
{
#if REAL_BITS == 32
    const uint32_t exponent = 0x7f800000u;
    uint32_t bad = 0, bits;
#else
    const uint64_t exponent = 0x7ff0000000000000u;
    uint64_t bad = 0, bits;
#endif
    for (int64_t i = 0; i < n; i++) {
        memcpy(&bits, x + i, sizeof bits);
        bad |= (bits & exponent) == exponent;
    }
    return !bad;
}

/* One piece of θ, of `n` numbers from `at`: penalty, decay, rule. Clipping has to see the whole gradient first. */
static int update_piece(const Job *job, int64_t at, int64_t n, int weights, double total, double lr)
{
    real *theta = (real *)job->theta + at, *grad = (real *)job->grad + at, *state[MAX_STATE];
    for (int i = 0; i < MAX_STATE; i++)
        state[i] = job->state[i] ? (real *)job->state[i] + at : NULL;
    if (job->clip_norm <= 0)
        mean_gradient(n, weights ? job->l2 : 0, total, theta, grad);
    if (weights && job->weight_decay != 0)
        shrink(n, lr, job->weight_decay, theta);
    rules[job->rule](n, theta, grad, state, (double)(job->update + 1), lr, job->rule_constants);
    return all_finite(n, theta);
}

static void mean_of_all(const Job *job, double total)
{
    real *theta = job->theta, *grad = job->grad;
    mean_gradient(job->n_weights, job->l2, total, theta, grad);
    mean_gradient(job->n_biases, 0, total, theta + job->n_weights, grad + job->n_weights);
}

static void clip(const Job *job, double total)
{
    const int64_t size = job->n_weights + job->n_biases;
    mean_of_all(job, total);
    const double norm = sqrt(dot(size, job->grad, job->grad));
    scale(size, penalties_clip_scale(norm, job->clip_norm), job->grad);
}

/* The whole update, and whether it left θ finite; the return value is Σ W² of the new weights, which the next step's penalty needs. */
static double update(const Job *job, double total, double lr, int *finite)
{
    const int64_t weights = job->n_weights;
    double squares = 0;
    if (!job->bias)
        memset((real *)job->grad + weights, 0, (size_t)job->n_biases * sizeof(real));
    if (job->clip_norm > 0)
        clip(job, total);
    for (int64_t at = 0; at < weights; at += PIECE) {
        const int64_t n = weights - at < PIECE ? weights - at : PIECE;
        *finite &= update_piece(job, at, n, 1, total, lr);
        if (job->l2 != 0)
            squares += sum_of_penalty_terms(n, (real *)job->theta + at);
    }
    *finite &= update_piece(job, weights, job->n_biases, 0, total, lr);
    return squares;
}

static double penalty_terms(const Job *job)
{
    return job->l2 != 0 ? sum_of_penalty_terms(job->n_weights, job->theta) : 0;
}
