/* The loss of a batch and its local error, feature-major: outputs k × samples s, ld apart (a multiple of BLOCK). */

/* One formula over K × n values: element by element, perhaps with constants of each output, or BLOCK samples at a time. */
static void evaluate(const Job *job, int which, int inputs, int64_t K, int64_t n, int64_t ld,
                         const real *const *in, real *out, real *work)
{
    const real *at[3];
    const int64_t formula = job->loss[which], step = job->loss_steps[which];
    const double *p = job->loss_constants[which];
    if (maps[formula]) {
        const int64_t runs = n == ld && !step ? 1 : K, length = runs == 1 ? K * n : n; /* padding is left alone */
        for (int64_t k = 0; k < runs; k++) {
            for (int i = 0; i < inputs; i++)
                at[i] = in[i] + k * ld;
            maps[formula](length, at, out + k * ld, p + k * step);
        }
        return;
    }
    for (int64_t s = 0; s < n; s += BLOCK) {
        for (int i = 0; i < inputs; i++)
            at[i] = in[i] + s;
        blocks[formula](K, ld, at, out + s, work, p);
    }
}

/* delta := ∂L/∂z for the rows of a batch, weighted; the summed loss. z, y, delta and spare are K × ld. */
static double loss_and_delta(const Job *job, int64_t n, int64_t ld, const real *z, const real *y, const real *weight,
                                 real *delta, real *spare, real *work)
{
    const int64_t K = job->sizes[job->layers];
    double loss = 0;
    evaluate(job, 1, 2, K, n, ld, (const real *[]){z, y}, spare, work);
    for (int64_t k = 0; k < K; k++)
        loss += weight ? dot(n, weight, spare + k * ld) : sum(n, spare + k * ld);
    evaluate(job, 0, 1, K, n, ld, (const real *[]){z}, spare, work);
    evaluate(job, 2, 3, K, n, ld, (const real *[]){z, spare, y}, delta, work);
    if (weight)
        for (int64_t k = 0; k < K; k++)
            multiply(n, weight, delta + k * ld);
    return loss;
}
