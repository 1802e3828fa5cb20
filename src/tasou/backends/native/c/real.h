/* Everything for one type of numbers. */

#if REAL_BITS == 32
#define real float
#define SUFFIX f32
#define GEMM Gemm32
#else
#define real double
#define SUFFIX f64
#define GEMM Gemm64
#endif

#include "maths.h"
#include "kernels.h"
#include "formulas.h"
#include "loss.h"
#include "update.h"
#include "step.h"
#include "blocks.h"
#include "epoch.h"
#include "objective.h"
#include "predict.h"
#include "walk.h"

#undef real
#undef SUFFIX
#undef GEMM
