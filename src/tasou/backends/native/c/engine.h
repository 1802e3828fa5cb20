/* The engine's native code. The mathematics is printed from the Python formulas (formulas.h, made by building/printing.py);
 * what is written here by hand is loops, blocks and memory.
 *
 * Everything exists twice, for float and for double: real.h is included once for each, `real` is the type and FN(name)
 * the name with its suffix. Sizes and indices were checked in Python (plan.py) before they come here. */

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define BLOCK 64 /* samples that are walked together: their values of a few layers fit into the first cache */
#define MAX_STATE 4

/* A kernel is compiled for several generations of processors, and the best one is chosen when the library is loaded. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(TASOU_ONE_TARGET)
#define KERNEL static __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL static
#endif
#define INLINE static inline __attribute__((always_inline, unused))
#define EXPORT __attribute__((visibility("default")))

/* Loops over elements that do not depend on one another, even where input and output are the same array. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif
#define EACH(i, n) INDEPENDENT for (int64_t i = 0; i < (n); i++)
#define EACH_SAMPLE(statement) EACH (s, BLOCK) { statement }
#define EACH_OUTPUT(statement) \
    for (int64_t k = 0; k < K; k++) \
        EACH_SAMPLE(statement)

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define FN(name) JOIN(name, SUFFIX)

/* NumPy's random stream (numpy/random/bitgen.h): a state, and functions that draw from it. */
typedef struct {
    void *state;
    uint64_t (*next_uint64)(void *);
    uint32_t (*next_uint32)(void *);
    double (*next_double)(void *);
    uint64_t (*next_raw)(void *);
} Random;

/* NumPy's Mersenne Twister, where it lies (numpy/random/src/mt19937): its state, and how many words of it are drawn. */
#define TWISTER 624
typedef struct {
    uint32_t key[TWISTER];
    int at;
} Twister;

/* A training run: what learns, how, and on what. Arrays belong to Python, which keeps them alive. Layers count from 0
 * here: layer l leads from sizes[l] to sizes[l + 1] units. Formulas are named by their place in TASOU_FORMULAS. */
typedef struct {
    int64_t layers;
    const int64_t *sizes;
    const int64_t *activation; /* per layer; -1 for identity */
    const double *const *activation_constants;
    const double *dropout; /* per layer: share of its units silenced */
    int64_t loss[3];       /* predict, value, delta */
    const double *loss_constants[3];
    int64_t rule; /* the optimizer */
    const double *rule_constants;
    double l2, weight_decay, clip_norm; /* clip_norm 0: none */
    int64_t bias;                       /* 0: the biases stay as they are */
    void *theta, *grad, *state[MAX_STATE];

    int64_t n, batch; /* rows of the data, rows of an update */
    const void *X, *Y, *weight; /* weight may be NULL: every row weighs 1 */
    int64_t X_row, X_column;    /* steps between rows and columns of X, in elements */
    const int64_t *order;       /* the order in which rows are walked, or NULL: as they lie */
    const double *rates;        /* learning rates of the updates; rates_step 0: one for all */
    int64_t rates_step;
    int64_t update;     /* updates made so far */
    Random *random;     /* for dropout and shuffling */
    Twister *twister;   /* the state of the same stream, if it is one that random.h can go on with; else NULL */
    uint32_t *tempered; /* the words that follow from it: room for 624 */
    int64_t *shuffled; /* the order, shuffled before each epoch by RandomState's rule, with 2 n numbers of spare room
                        * behind it; or NULL: nothing is shuffled here */

    void *gemm; /* cblas_sgemm or cblas_dgemm, or NULL: everything in blocks (blocks.h) */
    void *work; /* tasou_work_size bytes, aligned to 64 */
} Plan;

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
enum { COMPLETED, LOSS, THETA };

typedef void Gemm32(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void Gemm64(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

/* Rounded up to whole blocks. */
static int64_t padded(int64_t n)
{
    return (n + BLOCK - 1) / BLOCK * BLOCK;
}

static double seconds_now(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
