// exp, one lane and two lanes. Method: P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic", ACM TOMS 15 (1989), with 64 table entries and a Taylor polynomial of degree 6.
// Only + - *, shifts and bit casts: no fma, no host function, so bindings/reference/numeric/exp.ts gives the same bits.
// Measured error bounds and special values: docs/numerics.md.

/** 64 / ln 2: how many table steps an argument is long. */
const STEPS_PER_UNIT: f64 = 92.33248261689366;
/** ln 2 / 64 = STEP_HIGH + STEP_LOW. High is a multiple of 2^-42, so (17-bit step count) * STEP_HIGH is exact. */
const STEP_HIGH: f64 = 0.010830424696223417;
const STEP_LOW: f64 = 2.572804622327669e-14;
/** 1.5 * 2^52: adding it rounds to an integer (half to even) and leaves that integer in the low mantissa bits. */
const ROUNDER: f64 = 6755399441055744;
/** Taylor coefficients 1/3! .. 1/6!. With |r| <= ln 2 / 128 the first term left out, r^7/7!, is below 2^-65. */
const C3: f64 = 0.16666666666666666;
const C4: f64 = 0.041666666666666664;
const C5: f64 = 0.008333333333333333;
const C6: f64 = 0.001388888888888889;
/** Above ln(2^1024) = 709.78 and below ln(2^-1075) = -745.13; between them the scaling decides. */
const OVERFLOW: f64 = 709.8;
const UNDERFLOW: f64 = -745.2;
/** |x| <= 707 keeps 2^k and the result normal: both lanes may be scaled by one multiplication. */
const PAIR_LIMIT: f64 = 707;
/** 1.5 * 2^27 and 1.5 * 2^26: adding one and taking it off again rounds to a multiple of 2^-25, of 2^-26. */
const GRID_25: f64 = 201326592;
const GRID_26: f64 = 100663296;
/** Between these powers of two a product of 2^-7 to 2 is a normal number. */
const LEAST_SAFE: i64 = -1015;
const MOST_SAFE: i64 = 1022;
const EXPONENT_BIAS: i64 = 1023;
const MANTISSA_BITS: i64 = 52;

/** 2^(j/64), j = 0..63, nearest doubles. */
const POWERS = memory.data<f64>([
  1, 1.0108892860517005, 1.0218971486541166, 1.0330248790212284, 1.0442737824274138, 1.0556451783605572,
  1.0671404006768237, 1.0787607977571199, 1.0905077326652577, 1.102382583307841, 1.1143867425958924, 1.1265216186082418,
  1.1387886347566916, 1.1511892299529827, 1.1637248587775775, 1.1763969916502812, 1.189207115002721, 1.202156731452703,
  1.215247359980469, 1.22848053610687, 1.241857812073484, 1.255380757024691, 1.2690509571917332, 1.2828700160787783,
  1.2968395546510096, 1.3109612115247644, 1.3252366431597413, 1.339667524053303, 1.3542555469368927, 1.3690024229745905,
  1.383909881963832, 1.3989796725383112, 1.4142135623730951, 1.42961333839197, 1.4451808069770467, 1.460917794180647,
  1.4768261459394993, 1.4929077282912648, 1.5091644275934228, 1.5255981507445384, 1.5422108254079407, 1.559004400237837,
  1.5759808451078865, 1.593142151342267, 1.6104903319492543, 1.6280274218573478, 1.645755478153965, 1.6636765803267364,
  1.681792830507429, 1.7001063537185235, 1.718619298122478, 1.7373338352737062, 1.7562521603732995, 1.7753764925265212,
  1.7947090750031072, 1.8142521755003989, 1.8340080864093424, 1.8539791250833855, 1.8741676341103, 1.8945759815869656,
  1.9152065613971474, 1.9360617934922943, 1.9571441241754002, 1.978456026387951,
]);
/** What rounding took from POWERS, relative: 2^(j/64) = POWERS[j] * (1 + POWER_TAILS[j]). */
const POWER_TAILS = memory.data<f64>([
  0, -1.507066976926039e-17, 4.9997448722726326e-17, 7.357846871247418e-18, 8.189317638195515e-17,
  1.6665881442326747e-18, -7.402825309426177e-17, -6.170654745608695e-17, -2.7939114859515733e-17,
  4.776959425256223e-17, 9.341710609905046e-17, 4.585670326662351e-17, 7.826573258636076e-17, 2.823784425951061e-17,
  3.2904726646008416e-17, 4.721368121170128e-17, 3.3484623336251524e-17, 5.527550048505249e-17, -6.346552106729483e-17,
  -1.5456342819397733e-17, 3.750854201303127e-17, -5.346099009198751e-18, 2.1023049675215714e-18,
  1.3357510088834541e-17, 1.9572585293112036e-17, -5.478069123926778e-17, -2.1571477251208752e-17,
  6.663804589232195e-17, 5.68648095791174e-17, 7.007875046906994e-17, -4.8923067513522756e-17, -6.872303720902018e-17,
  -6.835808657661922e-17, -8.416011634717156e-18, -2.092304381843353e-17, -3.833464968654295e-17,
  -2.3591094770850053e-17, 9.50689710108796e-18, -6.735219232374683e-17, -7.226635472101257e-17, 5.1548301170786783e-17,
  2.4253985766689806e-17, -6.432131775424189e-18, -6.336161863401293e-17, 1.5341410053603723e-17,
  -4.123367330661149e-17, -6.152602891550265e-17, 3.540948262646183e-17, 4.875160526227062e-17, -4.719539664590972e-18,
  -1.0772487078934056e-17, 1.821405440362259e-17, 1.685487290628973e-17, 3.621615935336894e-17, 1.01562190116415e-17,
  -5.495118966122005e-17, 1.790126907604513e-17, 5.265370768556274e-17, -3.266924100901318e-17, 1.7963932659833022e-17,
  -5.545065618639427e-17, 5.336805878514151e-17, 4.5784915277060095e-17, 2.0414278897578303e-17,
]);

// @ts-ignore: decorator
@inline
function twoTo(k: i64): f64 {
  return reinterpret<f64>((k + EXPONENT_BIAS) << MANTISSA_BITS);
}

/** (power + delta) * 2^k where 2^k or the result is not a normal number. */
function scaleEdge(power: f64, delta: f64, k: i64): f64 {
  if (k > 0) return (power + delta) * 2 * twoTo(k - 1);
  const unit = twoTo(-1022);
  const scale = twoTo(k + 1022);
  const p = power * scale;
  const d = delta * scale;
  const y = p + d;
  if (y >= 1) return y * unit;
  // Subnormal: round once, at 2^-52 below 1, from the unrounded sum y + rest; rounding y again would cost 0.25 ulp.
  const rest = p - y + d;
  const z = 1 + y;
  return (z + (1 - z + y + rest) - 1) * unit;
}

/** high / (ln 2 / 64) in the low mantissa bits, under the rounder's own. */
// @ts-ignore: decorator
@inline
function shiftedSteps(high: f64): f64 {
  return high * STEPS_PER_UNIT + ROUNDER;
}

/** The same as an integer: the table entry in the low 6 bits, the power of two above. */
// @ts-ignore: decorator
@inline
function stepCount(shifted: f64): i64 {
  return <i64>(<i32>reinterpret<i64>(shifted));
}

/** What is missing to e^(high + low) / 2^k beside `power`, its entry of the table. */
// @ts-ignore: decorator
@inline
function besidePower(power: f64, high: f64, low: f64, shifted: f64): f64 {
  const steps = shifted - ROUNDER;
  const r = high - steps * STEP_HIGH + (low - steps * STEP_LOW);
  const r2 = r * r;
  const tail = load<f64>(POWER_TAILS + (((<usize>stepCount(shifted)) & 63) << 3));
  return power * (tail + r2 * (0.5 + r * C3 + r2 * (C4 + r * C5 + r2 * C6)) + r);
}

// @ts-ignore: decorator
@inline
function powerAt(n: i64): f64 {
  return load<f64>(POWERS + (((<usize>n) & 63) << 3));
}

/**
 * e^(high + low) for |low| <= ulp(high): what pow needs, and exp with low = 0.
 * @param high in [-745.2, 709.8], not NaN
 */
// @ts-ignore: decorator
@inline
export function expOfSum(high: f64, low: f64): f64 {
  const shifted = shiftedSteps(high);
  const n = stepCount(shifted);
  const power = powerAt(n);
  const delta = besidePower(power, high, low, shifted);
  const k = n >> 6;
  // k = -1022 may already round down into the subnormals, so it goes the careful way too.
  if (k < -1021 || k > 1023) return scaleEdge(power, delta, k);
  return (power + delta) * twoTo(k);
}

/**
 * e^(high + low) (factor + rest), rounded once: what Gaussian tails are made of. Halves of 27 and 26 bits make the large
 * product exact; what is left may be rounded.
 * @param high in [-750, 709.8], not NaN; low: |low| < 2^-14
 * @param factor in [2^-7, 2); rest: |rest| < 2^-20 factor
 */
export function expTimes(high: f64, low: f64, factor: f64, rest: f64): f64 {
  const shifted = shiftedSteps(high);
  const n = stepCount(shifted);
  const power = powerAt(n);
  const delta = besidePower(power, high, low, shifted);
  const whole = power + delta;
  const wholeHigh = whole + GRID_25 - GRID_25;
  const factorHigh = factor + GRID_26 - GRID_26;
  const product = wholeHigh * factorHigh;
  const left = wholeHigh * (factor - factorHigh + rest) + (power - wholeHigh + delta) * factor;
  const k = n >> 6;
  if (k < LEAST_SAFE || k > MOST_SAFE) return scaleEdge(product, left, k);
  return (product + left) * twoTo(k);
}

/** e^x; within 0.52 ulp. @returns 0 and Infinity beyond the range, canonical NaN for NaN */
export function exp(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  return expOfSum(x, 0);
}

// @ts-ignore: decorator
@inline
function shiftedStepsPair(high: v128): v128 {
  return f64x2.add(f64x2.mul(high, f64x2.splat(STEPS_PER_UNIT)), f64x2.splat(ROUNDER));
}

// @ts-ignore: decorator
@inline
function entryPair(table: usize, shifted: v128): v128 {
  const j0 = ((<usize>i64x2.extract_lane(shifted, 0)) & 63) << 3;
  const j1 = ((<usize>i64x2.extract_lane(shifted, 1)) & 63) << 3;
  return v128.load_lane<f64>(table + j1, v128.load64_splat(table + j0), 1);
}

// @ts-ignore: decorator
@inline
function besidePowerPair(power: v128, high: v128, low: v128, shifted: v128): v128 {
  const steps = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const r = f64x2.add(
    f64x2.sub(high, f64x2.mul(steps, f64x2.splat(STEP_HIGH))),
    f64x2.sub(low, f64x2.mul(steps, f64x2.splat(STEP_LOW))),
  );
  const r2 = f64x2.mul(r, r);
  const c45 = f64x2.add(f64x2.splat(C4), f64x2.mul(r, f64x2.splat(C5)));
  const c456 = f64x2.add(c45, f64x2.mul(r2, f64x2.splat(C6)));
  const c23 = f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(C3)));
  const curve = f64x2.mul(r2, f64x2.add(c23, f64x2.mul(r2, c456)));
  return f64x2.mul(power, f64x2.add(f64x2.add(entryPair(POWER_TAILS, shifted), curve), r));
}

// @ts-ignore: decorator
@inline
function twoToPair(shifted: v128): v128 {
  // The rounder's own bits sit above bit 46 after the shift by 6 and fall off in the shift by 52.
  const biased = i64x2.add(i64x2.shr_u(shifted, 6), i64x2.splat(EXPONENT_BIAS));
  return i64x2.shl(biased, <i32>MANTISSA_BITS);
}

/** expTimes of both lanes, high >= -690, so that no result is subnormal. */
export function expTimesPair(high: v128, low: v128, factor: v128, rest: v128): v128 {
  const shifted = shiftedStepsPair(high);
  const power = entryPair(POWERS, shifted);
  const delta = besidePowerPair(power, high, low, shifted);
  const whole = f64x2.add(power, delta);
  const wholeHigh = f64x2.sub(f64x2.add(whole, f64x2.splat(GRID_25)), f64x2.splat(GRID_25));
  const wholeLow = f64x2.add(f64x2.sub(power, wholeHigh), delta);
  const factorHigh = f64x2.sub(f64x2.add(factor, f64x2.splat(GRID_26)), f64x2.splat(GRID_26));
  const factorLow = f64x2.add(f64x2.sub(factor, factorHigh), rest);
  const product = f64x2.mul(wholeHigh, factorHigh);
  const left = f64x2.add(f64x2.mul(wholeHigh, factorLow), f64x2.mul(wholeLow, factor));
  return f64x2.mul(f64x2.add(product, left), twoToPair(shifted));
}

/**
 * exp of both lanes: the same operations in the same order as `exp`, therefore the same bits.
 * Inlined into the caller's loop: no call per pair, and asc warns about exported functions that take a v128.
 */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  // A lane that is NaN compares false, so anything unusual takes the scalar way.
  if (!i64x2.all_true(f64x2.le(f64x2.abs(x), f64x2.splat(PAIR_LIMIT)))) {
    const first = f64x2.splat(exp(f64x2.extract_lane(x, 0)));
    return f64x2.replace_lane(first, 1, exp(f64x2.extract_lane(x, 1)));
  }
  const shifted = shiftedStepsPair(x);
  const power = entryPair(POWERS, shifted);
  const delta = besidePowerPair(power, x, f64x2.splat(0), shifted);
  return f64x2.mul(f64x2.add(power, delta), twoToPair(shifted));
}
