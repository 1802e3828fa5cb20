#include "engine.h"
#include "random.h"

#define REAL_BITS 32
#include "real.h"
#undef REAL_BITS

#define REAL_BITS 64
#include "real.h"
#undef REAL_BITS

EXPORT
#include "table.h"
