/* What Python hands to C. Python reads this very file (structs.py) and lays out its own structs by it; the library keeps
 * its digest, so that one built from another file is not used. Declarations are whole numbers, doubles, pointers, and
 * arrays of them. */

#define MAX_STATE 4

/* A tape (tape.h): what is done, and in which memory an operand stands. */
#define PLAY_APPLY 0
#define PLAY_SCALED 1
#define PLAY_ADD 2
#define PLAY_TIMES 3
#define PLAY_COPY 4
#define PLAY_ZEROS 5
#define PLAY_ACTIVATE 6
#define PLAY_PRODUCT 7
#define PLAY_TOTAL 8
#define PLAY_TAKE 9
#define PLAY_PUT 10
#define PLAY_PICK 11
#define PLAY_SPREAD 12
#define PLAY_DRAW 13
#define PLAY_LOCATE 14
#define PLAY_EDGE_VALUES 15
#define PLAY_INTERPOLATE 16
#define PLAY_EDGE_SUMS 17
#define PLAY_EDGE_GRADIENTS 18
#define IN_VALUES 0
#define IN_X 1
#define IN_MASKS 2
#define IN_THETA 3
#define IN_GRADIENT 4
#define IN_CONSTANTS 5
#define ALONG_M 0 /* of a product: the rows of the batch are rows of the result, */
#define ALONG_K 1 /* or are summed over, */
#define EACH_ROW 2 /* or each has products of its own */
#define AXES 4
#define OPERANDS 9
#define STEPS 36 /* AXES OPERANDS */
#define PIECE 2048 /* elements that a loop takes at once: they stay in the first cache */

/* One operation. Its operands are the output, then the inputs. */
typedef struct {
    int64_t verb, formula, inputs;
    const double *constants;
    int64_t along;       /* whether there is something to do for every row, or once for a shard */
    int64_t shape[AXES]; /* of what is walked (the output; of a total the input), for one row */
    int64_t space[OPERANDS], at[OPERANDS]; /* the memory, and the first number there */
    int64_t row[OPERANDS], step[STEPS];    /* from row to row of the batch, and along each axis of the shape; of a product
                                            * instead: from matrix to matrix, from line to line, whether lines are columns */
    int64_t flat[OPERANDS];                /* whether they stand one after the other as in the shape */
    int64_t way, m, k, n;                  /* of a product: (m × k)(k × n), for one row */
    int64_t width;                         /* matrices for each row; of an activation, of indices, codes, edges: columns */
    const int64_t *index; /* of columns: runs of neighbours, where each begins and how many they are; of edges: the first one
                           * of each column, and how many they are in all */
    int64_t indices;
} Op;

typedef struct {
    int64_t ops, forward; /* how many; of them before the loss */
    const Op *op;
    const void *constants;
    int64_t shard;          /* rows that are played together */
    int64_t values, scratch; /* numbers of working memory */
    int64_t masks;          /* numbers drawn for each row of a batch */
    int64_t output, error;  /* where the output of the layers stands among the values, and ∂L/∂output */
} Tape;

/* A training, an objective or a prediction: which network, and on what. Arrays belong to Python, which keeps them alive.
 * Layers count from 0 here: layer l leads from sizes[l] to sizes[l + 1] units. Formulas are named by their place in
 * TASOU_FORMULAS. */
typedef struct {
    int64_t layers;
    const int64_t *sizes;
    const int64_t *activation; /* per layer; -1 for identity */
    const double *const *activation_constants;
    const double *dropout; /* per layer: share of its units silenced */
    int64_t loss[3];       /* predict, value, delta */
    const double *loss_constants[3];
    int64_t loss_steps[3]; /* from an output's constants to the next one's; 0: all outputs have the same */
    int64_t rule; /* the optimizer */
    const double *rule_constants;
    double l2, weight_decay, clip_norm; /* clip_norm 0: none */
    int64_t bias;                       /* 0: the biases stay as they are */
    int64_t n_weights, n_biases;        /* theta holds every W, then every b */
    void *theta, *grad, *state[MAX_STATE]; /* grad NULL: nothing is learnt, a prediction */

    int64_t n, batch; /* rows of the data, rows of an update */
    const void *X, *Y, *weight; /* weight may be NULL: every row weighs 1 */
    int64_t X_row, X_column;    /* steps between rows and columns of X, in elements */
    const int64_t *order;       /* the order in which rows are walked, or NULL: as they lie */
    const double *rates;        /* learning rates of the updates; rates_step 0: one for all */
    int64_t rates_step;
    int64_t update;     /* updates made so far */
    int64_t updates;    /* of them, since the rates were set */
    int64_t epoch, row, round; /* where it stands: the epoch, the row (-1: it has not begun), the round of shards, */
    int64_t stage, together;   /* within a long round, its stage, and whether it was begun by shards (step.h) */
    double until; /* the time (seconds_now) at which it pauses, so that Python can hear Ctrl-C; 0: never */
    int64_t tile;  /* rows that shards are multiples of, */
    int64_t agree; /* and whether products by one thread may be done for all at once then (agree.h) */
    int64_t threads, allowed; /* there is room for; may run in this call */
    Random *random;     /* for dropout and shuffling */
    Twister *twister;   /* the state of the same stream, if it is one that random.h can go on with; else NULL */
    uint32_t *tempered; /* the words that follow from it: room for 624 */
    int64_t *shuffled;  /* the order, shuffled before each epoch by RandomState's rule, with 2 n numbers of spare room
                         * behind it; or NULL: nothing is shuffled here */

    const void *tape; /* the Tape of the layers; NULL: dense layers alone, as above */
    int64_t segments; /* runs of theta that are updated alike: where each begins and the last one ends, whether it decays */
    const int64_t *segment_at, *segment_decays;
    const double *segment_rate; /* factors of the learning rate */
    void *gemm; /* cblas_sgemm or cblas_dgemm, or NULL: everything in blocks (blocks.h); one thread each */
    void *work; /* tasou_work_size bytes, aligned to 64 */
} Job;

/* An output without hidden layer that learns from one sample at a time (walk.h). */
typedef struct {
    int64_t n, d, X_row, bias;
    const void *X, *y;
    const double *weight; /* or NULL: every row weighs 1 */
    void *w, *b;
    double lr;
    int64_t value, delta; /* formulas */
    const double *value_constants, *delta_constants;
} Walk;

/* What an epoch, or a part of it, came to. */
typedef struct {
    double loss;          /* sum over updates: mean loss with penalty, times rows */
    double gradient_norm; /* of the last update */
    double seconds;       /* since some fixed moment, at the end */
    int64_t row;          /* the row reached */
    int64_t stopped;      /* before the end: LOSS or THETA is not finite */
} Outcome;
