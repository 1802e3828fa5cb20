/* Whole epochs: batch after batch, until the rows are done or a loss is no longer a finite number. */

typedef struct {
    Step by_blas;
    BlockStep in_blocks;
    TapeStep by_tape;
    Pieces pieces;
    Pace *pace;
} Memory;

static Memory memory_of(const Job *job, Arena *arena)
{
    Memory memory = {.pace = take(arena, sizeof *memory.pace), .pieces = pieces_of(job, arena)};
    if (job->tape)
        memory.by_tape = tape_step_of(job, arena);
    else if (job->gemm)
        memory.by_blas = step_of(job, arena);
    else
        memory.in_blocks = block_step_of(job, arena);
    return memory;
}

/* How many bytes `job->work` must have. */
EXPORT int64_t EXPORTED(work_size)(const Job *job)
{
    Arena arena = {.base = NULL};
    memory_of(job, &arena);
    return (int64_t)arena.used;
}

/* The gradient of a batch, its summed loss and its weight; 0 if the time was over before it was done. */
static int batch_step(Job *job, const Memory *memory, int64_t from, int64_t rows, int64_t threads, double *loss,
                      double *total)
{
    if (job->tape)
        return step_by_tape(job, &memory->by_tape, from, rows, threads, loss, total);
    if (job->gemm)
        return step_by_blas(job, &memory->by_blas, from, rows, threads, loss, total);
    *loss = step_in_blocks(job, &memory->in_blocks, from, rows, total);
    return 1;
}

/* Rows of the present batch whose gradient is added up. */
static int64_t rows_done(const Job *job, const Memory *memory, int64_t rows)
{
    const int64_t each = job->tape ? ((const Tape *)job->tape)->shard : job->gemm ? memory->by_blas.rows : 0;
    return job->round * each < rows ? job->round * each : rows;
}

/* The update of one batch; why the epoch stops here, or COMPLETED, or PAUSED before the update. */
static int64_t one_update(Job *job, const Memory *memory, int64_t rows, int64_t threads, double *squares, double *loss)
{
    double total;
    if (!batch_step(job, memory, job->row, rows, threads, loss, &total))
        return PAUSED;
    if (total > 0)
        *loss = (*loss + penalties_l2(*squares, job->l2)) / total;
    if (!isfinite(*loss))
        return LOSS; /* nothing was changed: Python takes this step again, and finds out why */
    int finite = 1;
    if (total > 0) {
        Update u = {.job = job, .pieces = &memory->pieces, .total = total};
        u.lr = job->rates[job->updates * job->rates_step];
        *squares = update(&u, threads, &finite);
    }
    job->update++;
    job->updates++;
    return finite ? COMPLETED : THETA;
}

/* The rows of an epoch from job->row on: until its end, a number that is not finite, or the time is over. */
static int64_t walk_rows(Job *job, const Memory *memory, int64_t end, int64_t threads, double *squares, Outcome *outcome)
{
    while (job->row < end) {
        const int64_t left = end - job->row, rows = left < job->batch ? left : job->batch;
        const int64_t used = pace_threads(memory->pace, threads);
        const Beat begun = pace_begin(memory->pace, threads);
        const int64_t before = rows_done(job, memory, rows);
        double loss;
        const int64_t stopped = one_update(job, memory, rows, used, squares, &loss);
        const int64_t done = stopped == PAUSED ? rows_done(job, memory, rows) : rows;
        if (rows == job->batch)
            pace_end(memory->pace, threads, begun, (double)(done - before) / (double)rows);
        if (stopped == PAUSED || stopped == LOSS)
            return stopped;
        outcome->loss += loss * (double)rows;
        job->row += rows;
        if (stopped)
            return stopped;
        if (job->row < end && time_is_over(job))
            return PAUSED;
    }
    return COMPLETED;
}

/* The order of an epoch's rows. */
static void shuffle(const Job *job)
{
    if (job->shuffled && !job->order)
        draw_places(job, job->n, job->shuffled + job->n); /* the full batch needs no order, but its draws are made */
    else if (job->shuffled)
        reshuffle(job, job->n, job->shuffled, job->shuffled + job->n);
}

/* Walk the data `epochs` times (or rows begin … end of it once), from where the job stands; why it returns. What each epoch
 * came to is added to its outcome, which is 0 at first. */
EXPORT int64_t EXPORTED(epochs)(Job *job, int64_t epochs, int64_t begin, int64_t end, Outcome *outcomes)
{
    Arena arena = {.base = job->work};
    const Memory memory = memory_of(job, &arena);
    const int64_t size = job->n_weights + job->n_biases, threads = job->gemm ? team_enter(job->allowed) : 1;
    int64_t stopped = COMPLETED;
    if (job->twister)
        temper(job->twister->key, job->tempered);
    double squares = penalty_terms(job, &memory.pieces);
    if (!job->gemm && !job->tape)
        keep_blocks(job, &memory.in_blocks);
    for (; job->epoch < epochs && !stopped; job->epoch++) {
        Outcome *outcome = outcomes + job->epoch;
        if (job->row < 0) {
            shuffle(job);
            job->row = begin;
        }
        stopped = walk_rows(job, &memory, end, threads, &squares, outcome);
        if (stopped == PAUSED)
            break;
        outcome->gradient_norm = sqrt(dot(size, job->grad, job->grad));
        outcome->seconds = seconds_now();
        outcome->row = job->row;
        outcome->stopped = stopped;
        job->row = -1;
    }
    if (threads > 1)
        team_leave();
    return stopped;
}
