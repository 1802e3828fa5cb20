/* What Python reads before it calls anything: which formulas were printed, why others were not, and the digest of structs.h. */

#define EXPORT __attribute__((visibility("default")))

#include "table.h"
