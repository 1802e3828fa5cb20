#include "engine.h"
#include "random.h"

#define REAL_BITS 32
#include "real.h"
#undef REAL_BITS

#define REAL_BITS 64
#include "real.h"
#undef REAL_BITS

/* Python compares this with its own description of a Plan before it hands one in. */
EXPORT const int64_t TASOU_PLAN_SIZE = sizeof(Plan);

EXPORT
#include "table.h"
