/* θ := θ − step, in pieces that stay in the first cache from the penalty to the rule. Threads take some pieces
 * at a time; what a piece adds to a sum is kept by piece and added up in their order. */

#define PIECES 8 /* that a thread takes at once */

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

typedef struct {
    int64_t n;       /* of the weights, then of the biases */
    double *squares; /* of each: Σ W² of the penalty, or Σ g² where the gradient is clipped */
    int64_t *finite; /* of each: whether θ is */
} Pieces;

static int64_t pieces_in(const Job *job, int64_t segment)
{
    return (job->segment_at[segment + 1] - job->segment_at[segment] + PIECE - 1) / PIECE;
}

static Pieces pieces_of(const Job *job, Arena *arena)
{
    int64_t n = 0;
    for (int64_t i = 0; i < job->segments; i++)
        n += pieces_in(job, i);
    return (Pieces){.n = n, .squares = take(arena, (size_t)n * sizeof(double)), .finite = take(arena, (size_t)n * sizeof(int64_t))};
}

/* Where a piece lies in θ: `n` numbers from `at`; whether it decays, and the factor of its learning rate. */
typedef struct {
    int64_t at, n, decays;
    double rate;
} Piece;

static Piece piece_of(const Job *job, int64_t i)
{
    int64_t segment = 0;
    for (; i >= pieces_in(job, segment); segment++)
        i -= pieces_in(job, segment);
    const int64_t at = job->segment_at[segment] + i * PIECE, left = job->segment_at[segment + 1] - at;
    return (Piece){at, left < PIECE ? left : PIECE, job->segment_decays[segment], job->segment_rate[segment]};
}

/* What an update is made of: the weight of the batch, the rate, and the factor that a clipped gradient is multiplied by. */
typedef struct {
    const Job *job;
    const Pieces *pieces;
    double total, lr, factor;
} Update;

/* The mean gradient of a piece: the sum with the penalty, over the weight. */
static void mean_of_piece(const Update *u, Piece piece)
{
    const Job *job = u->job;
    real *grad = (real *)job->grad + piece.at;
    if (!piece.decays && !job->bias)
        memset(grad, 0, (size_t)piece.n * sizeof *grad);
    mean_gradient(piece.n, piece.decays ? job->l2 : 0, u->total, (real *)job->theta + piece.at, grad);
}

/* Decay and rule; clipping has to see the whole gradient first. */
static void update_piece(const Update *u, Piece piece, double *squares, int64_t *finite)
{
    const Job *job = u->job;
    real *theta = (real *)job->theta + piece.at, *grad = (real *)job->grad + piece.at, *state[MAX_STATE];
    for (int i = 0; i < MAX_STATE; i++)
        state[i] = job->state[i] ? (real *)job->state[i] + piece.at : NULL;
    if (job->clip_norm > 0)
        scale(piece.n, u->factor, grad);
    else
        mean_of_piece(u, piece);
    const double lr = u->lr * piece.rate;
    if (piece.decays && job->weight_decay != 0)
        shrink(piece.n, lr, job->weight_decay, theta);
    if (piece.rate != 0)
        rules[job->rule](piece.n, theta, grad, state, (double)(job->update + 1), lr, job->rule_constants);
    *finite = all_finite(piece.n, theta);
    *squares = piece.decays && job->l2 != 0 ? sum_of_penalty_terms(piece.n, theta) : 0;
}

static void update_pieces(void *update, int64_t part, int64_t thread)
{
    const Update *u = update;
    (void)thread;
    for (int64_t i = part * PIECES; i < u->pieces->n && i < (part + 1) * PIECES; i++)
        update_piece(u, piece_of(u->job, i), u->pieces->squares + i, u->pieces->finite + i);
}

static void mean_of_pieces(void *update, int64_t part, int64_t thread)
{
    const Update *u = update;
    (void)thread;
    for (int64_t i = part * PIECES; i < u->pieces->n && i < (part + 1) * PIECES; i++) {
        const Piece piece = piece_of(u->job, i);
        const real *grad = (const real *)u->job->grad + piece.at;
        mean_of_piece(u, piece);
        u->pieces->squares[i] = dot(piece.n, grad, grad);
    }
}

static double sum_of_pieces(const Pieces *pieces)
{
    double total = 0;
    for (int64_t i = 0; i < pieces->n; i++)
        total += pieces->squares[i];
    return total;
}

/* The mean gradient of all pieces, in job->grad; its squares are in the pieces. */
static void mean_of_all(Update *u, int64_t threads)
{
    team_share(threads, (u->pieces->n + PIECES - 1) / PIECES, mean_of_pieces, u);
}

/* The whole update, and whether it left θ finite; the return value is Σ W² of the new weights, which the next step's penalty needs. */
static double update(Update *u, int64_t threads, int *finite)
{
    const Job *job = u->job;
    if (job->clip_norm > 0) {
        mean_of_all(u, threads);
        u->factor = penalties_clip_scale(sqrt(sum_of_pieces(u->pieces)), job->clip_norm);
    }
    team_share(threads, (u->pieces->n + PIECES - 1) / PIECES, update_pieces, u);
    for (int64_t i = 0; i < u->pieces->n; i++)
        *finite &= (int)u->pieces->finite[i];
    return sum_of_pieces(u->pieces);
}

/* Σ W² of the penalty, added up as an update adds it. */
static double penalty_terms(const Job *job, const Pieces *pieces)
{
    double total = 0;
    for (int64_t i = 0; job->l2 != 0 && i < pieces->n; i++) {
        const Piece piece = piece_of(job, i);
        total += piece.decays ? sum_of_penalty_terms(piece.n, (const real *)job->theta + piece.at) : 0;
    }
    return total;
}
