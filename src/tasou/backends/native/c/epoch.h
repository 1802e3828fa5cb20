/* Whole epochs: batch after batch, until the rows are done or a loss is no longer a finite number. */

typedef struct {
    Workspace by_blas;
    BlockWorkspace in_blocks;
} Memory;

static Memory memory_of(const Job *job, Arena *arena)
{
    Memory memory = {0};
    if (job->gemm)
        memory.by_blas = workspace(job, arena);
    else
        memory.in_blocks = block_workspace(job, arena);
    return memory;
}

/* How many bytes `job->work` must have. */
EXPORT int64_t EXPORTED(work_size)(const Job *job)
{
    Arena arena = {.base = NULL};
    memory_of(job, &arena);
    return (int64_t)arena.used;
}

/* The batch that begins at a row and ends before `end`: its summed loss, its gradient in job->grad, its weight. */
static double batch_step(const Job *job, const Memory *memory, int64_t row, int64_t end, double *total)
{
    const int64_t rows = end - row < job->batch ? end - row : job->batch;
    return job->gemm ? step_by_blas(job, &memory->by_blas, row, rows, total)
                      : step_in_blocks(job, &memory->in_blocks, row, rows, total);
}

/* Rows begin … end of an epoch; *updates counts the updates of the call, *squares carries the penalty's Σ W². */
static void walk_rows(Job *job, const Memory *memory, int64_t begin, int64_t end, int64_t *updates, double *squares,
                     Outcome *outcome)
{
    for (outcome->row = begin; outcome->row < end; outcome->row += job->batch) {
        const int64_t left = end - outcome->row, rows = left < job->batch ? left : job->batch;
        double total, loss = batch_step(job, memory, outcome->row, end, &total);
        if (total > 0)
            loss = (loss + penalties_l2(*squares, job->l2)) / total;
        if (!isfinite(loss)) {
            outcome->stopped = LOSS; /* nothing was changed: Python takes this step again, and finds out why */
            return;
        }
        int finite = 1;
        if (total > 0)
            *squares = update(job, total, job->rates[*updates * job->rates_step], &finite);
        job->update++;
        ++*updates;
        outcome->loss += loss * (double)rows;
        if (!finite) {
            outcome->stopped = THETA;
            outcome->row += rows;
            return;
        }
    }
    outcome->row = end;
}

/* Walk the data `epochs` times (or rows begin … end of it once); the number of epochs completed. */
EXPORT int64_t EXPORTED(epochs)(Job *job, int64_t epochs, int64_t begin, int64_t end, Outcome *outcomes)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    const int64_t size = job->n_weights + job->n_biases;
    int64_t updates = 0;
    if (job->twister)
        temper(job->twister->key, job->tempered);
    double squares = penalty_terms(job);
    if (!job->gemm)
        keep_blocks(job, &memory.in_blocks);
    for (int64_t e = 0; e < epochs; e++) {
        memset(outcomes + e, 0, sizeof *outcomes);
        if (job->shuffled && !job->order)
            draw_places(job, job->n, job->shuffled + job->n); /* the full batch needs no order, but its draws are made */
        else if (job->shuffled)
            reshuffle(job, job->n, job->shuffled, job->shuffled + job->n);
        walk_rows(job, &memory, begin, end, &updates, &squares, outcomes + e);
        outcomes[e].gradient_norm = sqrt(dot(size, job->grad, job->grad));
        outcomes[e].seconds = seconds_now();
        if (outcomes[e].stopped)
            return e;
    }
    return epochs;
}
