/* The engine's native code. The mathematics is printed from the Python formulas (formulas.h, made by building/printing.py);
 * what is written here by hand is loops, blocks and memory.
 *
 * Everything exists twice: single.c compiles it for float, double.c for double; `real` is the type. Sizes and indices were
 * checked in Python (description.py) before they come here. */

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#if REAL_BITS == 32
#define real float
#define SUFFIX f32
#else
#define real double
#define SUFFIX f64
#endif

#define BLOCK 64 /* samples that are walked together: their values of a few layers fit into the first cache */

/* A kernel is compiled for several generations of processors, and the best one is chosen when the library is loaded. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(TASOU_ONE_TARGET)
#define KERNEL static __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL static
#endif
#define INLINE static inline __attribute__((always_inline, unused))

/* What Python calls: tasou_NAME_f32 or tasou_NAME_f64. */
#define EXPORT __attribute__((visibility("default")))
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define EXPORTED(name) JOIN(tasou_##name, SUFFIX)

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

#include "structs.h"
#include "team.h"

enum { COMPLETED, LOSS, THETA, PAUSED }; /* why an epoch stopped, or a call came back before its end */

/* Rounded up to whole blocks. */
INLINE int64_t padded(int64_t n)
{
    return (n + BLOCK - 1) / BLOCK * BLOCK;
}

/* Whether Python wants to have a look at its signals. */
INLINE int time_is_over(const Job *job)
{
    return job->until > 0 && seconds_now() > job->until;
}

#include "arena.h"
#include "maths.h"
#include "random.h"
#include "kernels.h"
#include "formulas.h"
#include "pointers.h"
#include "loss.h"
#include "update.h"
#include "dense.h"
#include "round.h"
#include "step.h"
#include "blocks.h"
#include "edges.h"
#include "operations.h"
#include "tape.h"
#include "pace.h"
#include "epoch.h"
#include "agree.h"
#include "objective.h"
#include "predict.h"
#include "walk.h"
