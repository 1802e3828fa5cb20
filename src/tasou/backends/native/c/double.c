#define REAL_BITS 64
#include "engine.h"
