/* What L-BFGS asks for: the mean loss with its penalty over all rows, and its gradient, at the present θ. */

/* Add y to sum. */
KERNEL void FN(add)(int64_t n, const real *y, real *sum)
{
    EACH (i, n)
        sum[i] += y[i];
}

/* (Σ w L + α/2 ‖W‖²) / Σ w; its gradient is left in plan->grad. The rows are walked batch after batch; where there are
 * several, their gradients come together in plan->state[0]. */
EXPORT double FN(tasou_objective)(const Plan *plan)
{
    char *at = plan->work;
    const FN(Memory) memory = FN(memory)(plan, &at);
    const int64_t weights = FN(count_weights)(plan), biases = FN(count_biases)(plan), size = weights + biases;
    real *grad = plan->grad, *sum = plan->state[0];
    double loss = 0, total = 0, of_batch;
    if (!plan->gemm)
        FN(keep_blocks)(plan, &memory.in_blocks);
    if (plan->batch < plan->n)
        memset(sum, 0, (size_t)size * sizeof *sum);
    for (int64_t row = 0; row < plan->n; row += plan->batch) {
        loss += FN(batch_step)(plan, &memory, row, plan->n, &of_batch);
        total += of_batch;
        if (plan->batch < plan->n)
            FN(add)(size, grad, sum);
    }
    if (plan->batch < plan->n)
        memcpy(grad, sum, (size_t)size * sizeof *sum);
    if (!plan->bias)
        memset(grad + weights, 0, (size_t)biases * sizeof *grad);
    FN(mean_gradient)(weights, plan->l2, total, plan->theta, grad);
    FN(mean_gradient)(biases, 0, total, (real *)plan->theta + weights, grad + weights);
    return (loss + FN(penalties_l2)(FN(penalty_terms)(plan), plan->l2)) / total;
}
