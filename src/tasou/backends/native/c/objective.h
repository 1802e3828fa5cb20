/* What L-BFGS asks for: the mean loss with its penalty over all rows, and its gradient, at the present θ. */

/* Add y to x. */
KERNEL void add(int64_t n, const real *y, real *x)
{
    EACH (i, n)
        x[i] += y[i];
}

/* (Σ w L + α/2 ‖W‖²) / Σ w; its gradient is left in job->grad. The rows are walked batch after batch; where there are
 * several, their gradients come together in job->state[0]. */
EXPORT double EXPORTED(objective)(const Job *job)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    const int64_t size = job->n_weights + job->n_biases;
    real *grad = job->grad, *all = job->state[0];
    double loss = 0, total = 0, of_batch;
    if (!job->gemm)
        keep_blocks(job, &memory.in_blocks);
    if (job->batch < job->n)
        memset(all, 0, (size_t)size * sizeof *all);
    for (int64_t row = 0; row < job->n; row += job->batch) {
        loss += batch_step(job, &memory, row, job->n, &of_batch);
        total += of_batch;
        if (job->batch < job->n)
            add(size, grad, all);
    }
    if (job->batch < job->n)
        memcpy(grad, all, (size_t)size * sizeof *all);
    if (!job->bias)
        memset(grad + job->n_weights, 0, (size_t)job->n_biases * sizeof *grad);
    mean_of_all(job, total);
    return (loss + penalties_l2(penalty_terms(job), job->l2)) / total;
}
