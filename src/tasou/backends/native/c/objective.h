/* What L-BFGS asks for: the mean loss with its penalty over all rows, and its gradient, at the present θ. */

/* (Σ w L + α/2 ‖W‖²) / Σ w over all rows, in one batch; its gradient is left in job->grad. PAUSED if the time was over
 * before it was done: the next call goes on. */
EXPORT int64_t EXPORTED(objective)(Job *job, double *value)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    const int64_t threads = job->gemm ? team_enter(job->allowed) : 1;
    const int64_t used = pace_threads(memory.pace, threads);
    const Beat begun = pace_begin(memory.pace, threads);
    const int64_t before = rows_done(job, &memory, job->n);
    double loss, total;
    if (!job->gemm && !job->tape)
        keep_blocks(job, &memory.in_blocks);
    const int done = batch_step(job, &memory, 0, job->n, used, &loss, &total);
    if (done) {
        Update u = {.job = job, .pieces = &memory.pieces, .total = total};
        mean_of_all(&u, used);
        *value = (loss + penalties_l2(penalty_terms(job, &memory.pieces), job->l2)) / total;
    }
    const int64_t rows = done ? job->n : rows_done(job, &memory, job->n);
    pace_end(memory.pace, threads, begun, (double)(rows - before) / (double)job->n);
    if (threads > 1)
        team_leave();
    return done ? COMPLETED : PAUSED;
}
