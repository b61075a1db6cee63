// exp in plain TypeScript: the same operations in the same order as assembly/numeric/exp.ts, so the same bits.
// Method: P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic",
// ACM TOMS 15 (1989), with 64 table entries and a Taylor polynomial of degree 6. No host Math function.
// Measured error bounds and special values: docs/numerics.md.

/** 64 / ln 2: how many table steps an argument is long. */
const STEPS_PER_UNIT = 92.33248261689366;
/** ln 2 / 64 = STEP_HIGH + STEP_LOW. High is a multiple of 2^-42, so (17-bit step count) * STEP_HIGH is exact. */
const STEP_HIGH = 0.010830424696223417;
const STEP_LOW = 2.572804622327669e-14;
/** 1.5 * 2^52: adding it rounds to an integer, half to even. */
const ROUNDER = 6755399441055744;
/** Taylor coefficients 1/3! .. 1/6!. With |r| <= ln 2 / 128 the first term left out, r^7/7!, is below 2^-65. */
const C3 = 0.16666666666666666;
const C4 = 0.041666666666666664;
const C5 = 0.008333333333333333;
const C6 = 0.001388888888888889;
/** Above ln(2^1024) = 709.78 and below ln(2^-1075) = -745.13; between them the scaling decides. */
const OVERFLOW = 709.8;
const UNDERFLOW = -745.2;
/** 1.5 * 2^27 and 1.5 * 2^26: adding one and taking it off again rounds to a multiple of 2^-25, of 2^-26. */
const GRID_25 = 201326592;
const GRID_26 = 100663296;
/** Between these powers of two a product of 2^-7 to 2 is a normal number. */
const LEAST_SAFE = -1015;
const MOST_SAFE = 1022;
const EXPONENT_BIAS = 1023;
/** The exponent starts at bit 20 of a double's high word. */
const EXPONENT_SHIFT = 20;

/** 2^(j/64), j = 0..63, nearest doubles. */
const POWERS: Float64Array = new Float64Array([
  1, 1.0108892860517005, 1.0218971486541166, 1.0330248790212284, 1.0442737824274138, 1.0556451783605572,
  1.0671404006768237, 1.0787607977571199, 1.0905077326652577, 1.102382583307841, 1.1143867425958924, 1.1265216186082418,
  1.1387886347566916, 1.1511892299529827, 1.1637248587775775, 1.1763969916502812, 1.189207115002721, 1.202156731452703,
  1.215247359980469, 1.22848053610687, 1.241857812073484, 1.255380757024691, 1.2690509571917332, 1.2828700160787783,
  1.2968395546510096, 1.3109612115247644, 1.3252366431597413, 1.339667524053303, 1.3542555469368927, 1.3690024229745905,
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: 2^(32/64) is a table entry like the others
  1.383909881963832, 1.3989796725383112, 1.4142135623730951, 1.42961333839197, 1.4451808069770467, 1.460917794180647,
  1.4768261459394993, 1.4929077282912648, 1.5091644275934228, 1.5255981507445384, 1.5422108254079407, 1.559004400237837,
  1.5759808451078865, 1.593142151342267, 1.6104903319492543, 1.6280274218573478, 1.645755478153965, 1.6636765803267364,
  1.681792830507429, 1.7001063537185235, 1.718619298122478, 1.7373338352737062, 1.7562521603732995, 1.7753764925265212,
  1.7947090750031072, 1.8142521755003989, 1.8340080864093424, 1.8539791250833855, 1.8741676341103, 1.8945759815869656,
  1.9152065613971474, 1.9360617934922943, 1.9571441241754002, 1.978456026387951,
]);
/** What rounding took from POWERS, relative: 2^(j/64) = POWERS[j] * (1 + POWER_TAILS[j]). */
const POWER_TAILS: Float64Array = new Float64Array([
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

const cell = new Float64Array(1);
const words = new Int32Array(cell.buffer);
/** Which word of a double holds sign and exponent on this machine. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2^k for a normal result. The low word of the cell is never written and stays 0. */
function twoTo(k: number): number {
  words[HIGH] = (k + EXPONENT_BIAS) << EXPONENT_SHIFT;
  return cell[0]!;
}

/** (power + delta) * 2^k where 2^k or the result is not a normal number. */
function scaleEdge(power: number, delta: number, k: number): number {
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

/** What is missing to e^(high + low) / 2^k beside `power`, the table's entry for that many steps. */
function besidePower(power: number, high: number, low: number, steps: number): number {
  const r = high - steps * STEP_HIGH + (low - steps * STEP_LOW);
  const r2 = r * r;
  const tail = POWER_TAILS[steps & 63]!;
  return power * (tail + r2 * (0.5 + r * C3 + r2 * (C4 + r * C5 + r2 * C6)) + r);
}

/**
 * e^(high + low) for |low| <= ulp(high): what pow needs, and exp with low = 0.
 * @param high in [-745.2, 709.8], not NaN
 */
export function expOfSum(high: number, low: number): number {
  const steps = high * STEPS_PER_UNIT + ROUNDER - ROUNDER;
  const power = POWERS[steps & 63]!;
  const delta = besidePower(power, high, low, steps);
  const k = steps >> 6;
  // k = -1022 may already round down into the subnormals, so it goes the careful way too.
  if (k < -1021 || k > 1023) return scaleEdge(power, delta, k);
  return (power + delta) * twoTo(k);
}

/**
 * e^(high + low) (factor + rest), rounded once: what Gaussian tails are made of. Halves of 27 and 26 bits make the large
 * product exact; what is left may be rounded.
 * @param high in [-750, 709.8], not NaN
 * @param low |low| < 2^-14
 * @param factor in [2^-7, 2)
 * @param rest |rest| < 2^-20 factor
 */
export function expTimes(high: number, low: number, factor: number, rest: number): number {
  const steps = high * STEPS_PER_UNIT + ROUNDER - ROUNDER;
  const power = POWERS[steps & 63]!;
  const delta = besidePower(power, high, low, steps);
  const whole = power + delta;
  const wholeHigh = whole + GRID_25 - GRID_25;
  const factorHigh = factor + GRID_26 - GRID_26;
  const product = wholeHigh * factorHigh;
  const left = wholeHigh * (factor - factorHigh + rest) + (power - wholeHigh + delta) * factor;
  const k = steps >> 6;
  if (k < LEAST_SAFE || k > MOST_SAFE) return scaleEdge(product, left, k);
  return (product + left) * twoTo(k);
}

/**
 * e^x; within 0.52 ulp.
 * @returns 0 and Infinity beyond the range, NaN for NaN
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  return expOfSum(x, 0);
}
