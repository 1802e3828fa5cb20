/* Whole epochs: batch after batch, until the rows are done or a loss is no longer a finite number. */

typedef struct {
    FN(Workspace) by_blas;
    FN(BlockWorkspace) in_blocks;
} FN(Memory);

static FN(Memory) FN(memory)(const Plan *plan, char **at)
{
    FN(Memory) memory;
    memset(&memory, 0, sizeof memory);
    if (plan->gemm)
        memory.by_blas = FN(workspace)(plan, plan->batch, at);
    else
        memory.in_blocks = FN(block_workspace)(plan, at);
    return memory;
}

/* How many bytes `plan->work` must have. */
EXPORT int64_t FN(tasou_work_size)(const Plan *plan)
{
    char *at = NULL;
    FN(memory)(plan, &at);
    return (int64_t)(at - (char *)NULL);
}

/* The batch that begins at a row and ends before `end`: its summed loss, its gradient in plan->grad, its weight. */
static double FN(batch_step)(const Plan *plan, const FN(Memory) *memory, int64_t row, int64_t end, double *total)
{
    const int64_t rows = end - row < plan->batch ? end - row : plan->batch;
    return plan->gemm ? FN(step_by_blas)(plan, &memory->by_blas, row, rows, total)
                      : FN(step_in_blocks)(plan, &memory->in_blocks, row, rows, total);
}

/* Rows begin … end of an epoch; *updates counts the updates of the call, *squares carries the penalty's Σ W². */
static void FN(rows)(Plan *plan, const FN(Memory) *memory, int64_t begin, int64_t end, int64_t *updates, double *squares,
                     Outcome *outcome)
{
    for (outcome->row = begin; outcome->row < end; outcome->row += plan->batch) {
        const int64_t left = end - outcome->row, rows = left < plan->batch ? left : plan->batch;
        double total, loss = FN(batch_step)(plan, memory, outcome->row, end, &total);
        if (total > 0)
            loss = (loss + FN(penalties_l2)(*squares, plan->l2)) / total;
        if (!isfinite(loss)) {
            outcome->stopped = LOSS; /* nothing was changed: Python takes this step again, and finds out why */
            return;
        }
        int finite = 1;
        if (total > 0)
            *squares = FN(update)(plan, total, plan->rates[*updates * plan->rates_step], &finite);
        plan->update++;
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
EXPORT int64_t FN(tasou_epochs)(Plan *plan, int64_t epochs, int64_t begin, int64_t end, Outcome *outcomes)
{
    char *at = plan->work;
    const FN(Memory) memory = FN(memory)(plan, &at);
    const int64_t size = FN(count_weights)(plan) + FN(count_biases)(plan);
    int64_t updates = 0;
    if (plan->twister)
        temper(plan->twister->key, plan->tempered);
    double squares = FN(penalty_terms)(plan);
    if (!plan->gemm)
        FN(keep_blocks)(plan, &memory.in_blocks);
    for (int64_t e = 0; e < epochs; e++) {
        memset(outcomes + e, 0, sizeof *outcomes);
        if (plan->shuffled && !plan->order)
            draw_places(plan, plan->n, plan->shuffled + plan->n); /* the full batch needs no order, but its draws are made */
        else if (plan->shuffled)
            reshuffle(plan, plan->n, plan->shuffled, plan->shuffled + plan->n);
        FN(rows)(plan, &memory, begin, end, &updates, &squares, outcomes + e);
        outcomes[e].gradient_norm = sqrt(FN(dot)(size, plan->grad, plan->grad));
        outcomes[e].seconds = seconds_now();
        if (outcomes[e].stopped)
            return e;
    }
    return epochs;
}
