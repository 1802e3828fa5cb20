/* Working memory, handed out piece by piece, each piece beginning a cache line. Without memory (base NULL) the same
 * requests only count how much is needed. */

typedef struct {
    char *base;
    size_t used;
} Arena;

static void *take(Arena *arena, size_t bytes)
{
    void *piece = arena->base ? arena->base + arena->used : NULL;
    arena->used += (bytes + 63) / 64 * 64;
    return piece;
}

static real *take_reals(Arena *arena, int64_t n)
{
    return take(arena, (size_t)n * sizeof(real));
}
