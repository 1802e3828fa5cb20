/* exp, expm1, log, log1p, tanh, sin, cos and their like for `real`: no branch, no table, no library call, so the compiler can
 * compute many elements at once and every machine computes the same bits.
 *
 * Each splits its argument so that a short Taylor series is left:
 *     exp(x) = 2^n exp(r),   n = round(x / ln 2), |r| <= ln 2 / 2
 *     sin(x) = ± sin(r) or ± cos(r),   n = round(x / (π/2)), |r| <= π/4
 *     log(x) = e ln 2 + log(m),   m in [sqrt(1/2), sqrt(2)),   log(m) = 2 artanh((m - 1) / (m + 1))
 * Accurate to 2 units in the last place (tests/backends); NaN stays NaN, infinities are answered as in NumPy. */

#if REAL_BITS == 32
#define BITS uint32_t
#define MANTISSA 23
#define BIAS 127
#define ROUNDER 12582912.0f /* 1.5 * 2^23: adding it leaves the whole number in the lowest bits */
#define EXP_MAX 89.0f
#define EXP_MIN -104.0f
#define EXPM1_MIN -18.0f
#define LN2_HIGH 0x1.62e400p-1f /* ln 2 to 15 bits: n * LN2_HIGH is exact */
#define LN2_LOW 0x1.7f7d1cp-20f
#define SMALLEST 0x1p-126f
#else
#define BITS uint64_t
#define MANTISSA 52
#define BIAS 1023
#define ROUNDER 6755399441055744.0
#define EXP_MAX 710.0
#define EXP_MIN -746.0
#define EXPM1_MIN -38.0
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define SMALLEST 0x1p-1022
#endif

INLINE BITS to_bits(real x)
{
    BITS b;
    memcpy(&b, &x, sizeof b);
    return b;
}

INLINE real from_bits(BITS b)
{
    real x;
    memcpy(&x, &b, sizeof x);
    return x;
}

/* 2^n for a whole number n in the range of normal exponents. */
INLINE real power_of_2(real n)
{
    return from_bits((to_bits(n + ROUNDER) + BIAS) << MANTISSA);
}

INLINE real nearest(real x)
{
    return (x + ROUNDER) - ROUNDER;
}

/* exp(r) - 1 for |r| <= ln 2 / 2: the Taylor series, r + r^2 (1/2! + r/3! + ...). */
INLINE real expm1_series(real r)
{
#if REAL_BITS == 32
    real q = (real)(1.0 / 5040);
#else
    real q = (real)(1.0 / 6227020800.0);
    q = q * r + (real)(1.0 / 479001600);
    q = q * r + (real)(1.0 / 39916800);
    q = q * r + (real)(1.0 / 3628800);
    q = q * r + (real)(1.0 / 362880);
    q = q * r + (real)(1.0 / 40320);
    q = q * r + (real)(1.0 / 5040);
#endif
    q = q * r + (real)(1.0 / 720);
    q = q * r + (real)(1.0 / 120);
    q = q * r + (real)(1.0 / 24);
    q = q * r + (real)(1.0 / 6);
    q = q * r + (real)0.5;
    return r + r * r * q;
}

INLINE real xp_exp(real x)
{
    x = x > EXP_MAX ? EXP_MAX : x;
    x = x < EXP_MIN ? EXP_MIN : x;
    const real n = nearest(x * (real)1.4426950408889634);
    const real r = (x - n * LN2_HIGH) - n * LN2_LOW;
    const real half = nearest(n * (real)0.5); /* in two steps: 2^n itself may overflow, or be subnormal */
    return ((real)1 + expm1_series(r)) * power_of_2(half) * power_of_2(n - half);
}

INLINE real xp_expm1(real x)
{
    x = x > EXP_MAX ? EXP_MAX : x;
    x = x < EXPM1_MIN ? EXPM1_MIN : x;
    const real n = nearest(x * (real)1.4426950408889634);
    const real r = (x - n * LN2_HIGH) - n * LN2_LOW;
    const real s = power_of_2(n - (real)1); /* half of 2^n, which itself may overflow */
    return (real)2 * (expm1_series(r) * s + (s - (real)0.5));
}

/* log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)): with s = f / (2 + f) it is f - (f^2/2 - s (f^2/2 + R)),
 * R = 2 (s^2/3 + s^4/5 + ...), so that f itself, the largest part, is added without error. */
INLINE real log_series(real f, real rest)
{
    const real s = f / ((real)2 + f), w = s * s;
#if REAL_BITS == 32
    real R = (real)(2.0 / 11);
#else
    real R = (real)(2.0 / 23);
    R = R * w + (real)(2.0 / 21);
    R = R * w + (real)(2.0 / 19);
    R = R * w + (real)(2.0 / 17);
    R = R * w + (real)(2.0 / 15);
    R = R * w + (real)(2.0 / 13);
    R = R * w + (real)(2.0 / 11);
#endif
    R = R * w + (real)(2.0 / 9);
    R = R * w + (real)(2.0 / 7);
    R = R * w + (real)(2.0 / 5);
    R = R * w + (real)(2.0 / 3);
    R = R * w;
    const real half = (real)0.5 * f * f;
    return f - (half - (s * (half + R) + rest));
}

/* log(x) + correction for a normal x > 0; the correction is what rounding took from x, relative to it. */
INLINE real log_of_normal(real x, real shift, real correction)
{
    /* e such that x / 2^e lies in [sqrt(1/2), sqrt(2)) */
    const BITS root = to_bits((real)0.70710678118654752);
    const BITS moved = to_bits(x) - root;
    const real m = from_bits((moved & (((BITS)1 << MANTISSA) - 1)) + root);
    /* the exponent as a real: its bits, shifted by a bias that keeps them positive, under those of 2^MANTISSA */
    const BITS exponent = ((moved >> MANTISSA) + BIAS) & (2 * (BITS)BIAS + 1);
    const real base = from_bits((BITS)(BIAS + MANTISSA) << MANTISSA);
    const real e = (from_bits(to_bits(base) | exponent) - base) - (real)BIAS + shift;
    return log_series(m - (real)1, e * LN2_LOW + correction) + e * LN2_HIGH;
}

INLINE real xp_log(real x)
{
    const int small = x < SMALLEST;
    const real scaled = small ? x * (real)((BITS)1 << MANTISSA) : x; /* a subnormal number is made a normal one */
    real y = log_of_normal(scaled, small ? (real)-MANTISSA : (real)0, (real)0);
    y = x < (real)INFINITY ? y : x; /* infinity and NaN */
    y = x == (real)0 ? (real)-INFINITY : y;
    return x < (real)0 ? (real)NAN : y;
}

INLINE real xp_log1p(real x)
{
    const real u = (real)1 + x;
    const real lost = x - (u - (real)1);
    real y = log_of_normal(u, (real)0, lost / u);
    y = u == (real)1 ? x : y;
    y = u < (real)INFINITY ? y : u;
    y = u == (real)0 ? (real)-INFINITY : y;
    return u < (real)0 ? (real)NAN : y;
}

INLINE real xp_abs(real x)
{
    return from_bits(to_bits(x) & (((BITS)1 << (REAL_BITS - 1)) - 1));
}

/* tanh(x) = -t / (2 + t) with t = exp(-2|x|) - 1, and the sign of x. */
INLINE real xp_tanh(real x)
{
    const real t = xp_expm1((real)-2 * xp_abs(x));
    const BITS sign = to_bits(x) & ((BITS)1 << (REAL_BITS - 1));
    return from_bits(to_bits(-t / ((real)2 + t)) | sign);
}

/* x - n π/2 for the nearest whole n, whose last two bits are the quadrant. π/2 comes in parts, so that n times the first
 * ones is exact: up to |x| = 10^6 nothing is lost, beyond it x itself is not known better. Infinity makes NaN. */
INLINE real quarter(real x, uint64_t *quadrant)
{
    const double y = x, rounder = 6755399441055744.0, shifted = y * 0.63661977236758134 + rounder, n = shifted - rounder;
    const double r = ((y - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
    memcpy(quadrant, &shifted, sizeof shifted);
    return (real)(r > 1 ? 1 : r < -1 ? -1 : r);
}

/* sin(r) and cos(r) for |r| <= π/4: the Taylor series. */
INLINE real sine_series(real r)
{
    const real s = r * r;
#if REAL_BITS == 32
    real q = (real)(1.0 / 362880);
#else
    real q = (real)(1.0 / 355687428096000.0);
    q = (real)(-1.0 / 1307674368000.0) + q * s;
    q = (real)(1.0 / 6227020800.0) + q * s;
    q = (real)(-1.0 / 39916800) + q * s;
    q = (real)(1.0 / 362880) + q * s;
#endif
    q = (real)(-1.0 / 5040) + q * s;
    q = (real)(1.0 / 120) + q * s;
    q = (real)(-1.0 / 6) + q * s;
    return r + r * (s * q);
}

INLINE real cosine_series(real r)
{
    const real s = r * r;
#if REAL_BITS == 32
    real q = (real)(-1.0 / 3628800);
#else
    real q = (real)(-1.0 / 6402373705728000.0);
    q = (real)(1.0 / 20922789888000.0) + q * s;
    q = (real)(-1.0 / 87178291200.0) + q * s;
    q = (real)(1.0 / 479001600) + q * s;
    q = (real)(-1.0 / 3628800) + q * s;
#endif
    q = (real)(1.0 / 40320) + q * s;
    q = (real)(-1.0 / 720) + q * s;
    q = (real)(1.0 / 24) + q * s;
    return (real)1 - ((real)0.5 * s - s * s * q);
}

/* The sine of x + `ahead` quarters of a turn. */
INLINE real turned_sine(real x, uint64_t ahead)
{
    uint64_t quadrant;
    const real r = quarter(x, &quadrant), s = sine_series(r), c = cosine_series(r);
    quadrant += ahead;
    const real y = quadrant & 1 ? c : s;
    return quadrant & 2 ? -y : y;
}

INLINE real xp_sin(real x)
{
    return turned_sine(x, 0);
}

INLINE real xp_cos(real x)
{
    return turned_sine(x, 1);
}

INLINE real xp_sqrt(real x)
{
#if REAL_BITS == 32
    return sqrtf(x);
#else
    return sqrt(x);
#endif
}

INLINE real xp_sign(real x)
{
    return x > (real)0 ? (real)1 : x < (real)0 ? (real)-1 : x; /* NaN stays NaN, 0 stays 0 */
}

INLINE real xp_maximum(real a, real b)
{
    return (a >= b || a != a) ? a : b; /* NaN in either makes NaN */
}

INLINE real xp_minimum(real a, real b)
{
    return (a <= b || a != a) ? a : b;
}
