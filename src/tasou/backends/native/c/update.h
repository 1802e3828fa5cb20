/* θ := θ − step, in pieces that stay in the first cache from the penalty to the rule. */

#define PIECE 2048

static int64_t FN(count_weights)(const Plan *plan)
{
    int64_t n = 0;
    for (int64_t l = 0; l < plan->layers; l++)
        n += plan->sizes[l] * plan->sizes[l + 1];
    return n;
}

static int64_t FN(count_biases)(const Plan *plan)
{
    int64_t n = 0;
    for (int64_t l = 0; l < plan->layers; l++)
        n += plan->sizes[l + 1];
    return n;
}

KERNEL double FN(sum_of_penalty_terms)(int64_t n, const real *W)
{
    double total;
    SUM_OF(FN(penalties_l2_term)(W[at]), n, total);
    return total;
}

/* The mean gradient: (Σ + α W) / Σw. */
KERNEL void FN(mean_gradient)(int64_t n, double l2, double total_weight, const real *W, real *grad)
{
    const real divisor = (real)total_weight;
    if (l2 != 0) {
        EACH (i, n)
            grad[i] = (grad[i] + FN(penalties_l2_gradient)(W[i], l2)) / divisor;
    } else {
        EACH (i, n)
            grad[i] = grad[i] / divisor;
    }
}

KERNEL void FN(shrink)(int64_t n, double lr, double weight_decay, real *W)
{
    EACH (i, n)
        W[i] = FN(penalties_decay)(W[i], lr, weight_decay);
}

/* Whether all numbers are finite: no exponent has all its bits set. */
KERNEL int FN(all_finite)(int64_t n, const real *x)
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
static int FN(update_piece)(const Plan *plan, int64_t at, int64_t n, int weights, double total, double lr)
{
    real *theta = (real *)plan->theta + at, *grad = (real *)plan->grad + at, *state[MAX_STATE];
    for (int i = 0; i < MAX_STATE; i++)
        state[i] = plan->state[i] ? (real *)plan->state[i] + at : NULL;
    if (plan->clip_norm <= 0)
        FN(mean_gradient)(n, weights ? plan->l2 : 0, total, theta, grad);
    if (weights && plan->weight_decay != 0)
        FN(shrink)(n, lr, plan->weight_decay, theta);
    FN(rules)[plan->rule](n, theta, grad, state, (double)(plan->update + 1), lr, plan->rule_constants);
    return FN(all_finite)(n, theta);
}

static void FN(clip)(const Plan *plan, int64_t n_weights, int64_t n_biases, double total)
{
    real *theta = plan->theta, *grad = plan->grad;
    FN(mean_gradient)(n_weights, plan->l2, total, theta, grad);
    FN(mean_gradient)(n_biases, 0, total, theta + n_weights, grad + n_weights);
    const double norm = sqrt(FN(dot)(n_weights + n_biases, grad, grad));
    FN(scale)(n_weights + n_biases, FN(penalties_clip_scale)(norm, plan->clip_norm), grad);
}

/* The whole update, and whether it left θ finite; the return value is Σ W² of the new weights, which the next step's penalty needs. */
static double FN(update)(const Plan *plan, double total, double lr, int *finite)
{
    const int64_t weights = FN(count_weights)(plan), biases = FN(count_biases)(plan);
    double squares = 0;
    if (!plan->bias)
        memset((real *)plan->grad + weights, 0, (size_t)biases * sizeof(real));
    if (plan->clip_norm > 0)
        FN(clip)(plan, weights, biases, total);
    for (int64_t at = 0; at < weights; at += PIECE) {
        const int64_t n = weights - at < PIECE ? weights - at : PIECE;
        *finite &= FN(update_piece)(plan, at, n, 1, total, lr);
        if (plan->l2 != 0)
            squares += FN(sum_of_penalty_terms)(n, (real *)plan->theta + at);
    }
    *finite &= FN(update_piece)(plan, weights, biases, 0, total, lr);
    return squares;
}

static double FN(penalty_terms)(const Plan *plan)
{
    return plan->l2 != 0 ? FN(sum_of_penalty_terms)(FN(count_weights)(plan), plan->theta) : 0;
}
