/* What printed C needs beside the functions of the native backend, which may call the processor's square root. */

/* sqrt(x) by Newton's steps, from half the exponent. */
INLINE real xp_sqrt(real x)
{
    if (!(x > (real)0) || x == (real)INFINITY)
        return x < (real)0 ? (real)NAN : x;
    const real scale = x < SMALLEST ? (real)4503599627370496.0 : (real)1; /* 2^52: a subnormal number is made a normal one */
    const real scaled = x * scale;
    real y = from_bits((to_bits(scaled) >> 1) + ((BITS)BIAS << (MANTISSA - 1)));
    for (int step = 0; step < 5; step++)
        y = (real)0.5 * (y + scaled / y);
    return y * (scale == (real)1 ? (real)1 : (real)1.4901161193847656e-08); /* 2^-26 */
}

/* The row of a table for a code; the nearest, for what is none. */
INLINE int xp_row(real code, int rows)
{
    return code > (real)0 ? (code < (real)rows ? (int)code : rows - 1) : 0;
}

INLINE real xp_floor(real x)
{
    if (!(xp_abs(x) < (real)4503599627370496.0))
        return x; /* beyond 2^52 all are whole; and NaN */
    const real whole = (real)(int64_t)x;
    return whole > x ? whole - (real)1 : whole;
}

/* sin(x) and cos(x): x less a multiple of pi/2, then a Taylor series; good for |x| up to some 10,000. */
INLINE real sine_series(real r)
{
    const real w = r * r;
    real q = (real)(1.0 / 355687428096000.0);
    q = (real)(-1.0 / 1307674368000.0) + w * q;
    q = (real)(1.0 / 6227020800.0) + w * q;
    q = (real)(-1.0 / 39916800.0) + w * q;
    q = (real)(1.0 / 362880.0) + w * q;
    q = (real)(-1.0 / 5040.0) + w * q;
    q = (real)(1.0 / 120.0) + w * q;
    q = (real)(-1.0 / 6.0) + w * q;
    return r + r * w * q;
}

INLINE real cosine_series(real r)
{
    const real w = r * r;
    real q = (real)(1.0 / 20922789888000.0);
    q = (real)(-1.0 / 87178291200.0) + w * q;
    q = (real)(1.0 / 479001600.0) + w * q;
    q = (real)(-1.0 / 3628800.0) + w * q;
    q = (real)(1.0 / 40320.0) + w * q;
    q = (real)(-1.0 / 720.0) + w * q;
    q = (real)(1.0 / 24.0) + w * q;
    return (real)1 - w * (real)0.5 + w * w * q;
}

/* sin(x + quarter * pi/2). */
INLINE real turned(real x, int quarter)
{
    if (!(xp_abs(x) < (real)1e9))
        return (real)NAN;
    const real n = xp_floor(x * (real)0.6366197723675814 + (real)0.5);
#if REAL_BITS == 32
    const real r = ((x - n * 1.5703125f) - n * 4.837512969970703e-04f) - n * 7.549789948768648e-08f;
#else
    const real r = ((x - n * 1.5707963267341256) - n * 6.077100506303966e-11) - n * 2.0222662487959506e-21;
#endif
    const int turn = (int)((int64_t)n + quarter) & 3;
    const real y = turn & 1 ? cosine_series(r) : sine_series(r);
    return turn & 2 ? -y : y;
}

INLINE real xp_sin(real x)
{
    return turned(x, 0);
}

INLINE real xp_cos(real x)
{
    return turned(x, 1);
}
