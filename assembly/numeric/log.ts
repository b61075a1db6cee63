// Natural logarithm as an unevaluated sum high + low (about 2^-68 relative), for log and pow.
// Method: P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic",
// ACM TOMS 16 (1990); two-term sums after T. J. Dekker, Numer. Math. 18 (1971). 128 reciprocals, Taylor to r^9.
// Only + - *, shifts and bit casts: no fma, no host function, so bindings/reference/numeric/log.ts gives the same bits.
// Measured error bounds and special values: docs/numerics.md.

/** ln 2 = LN2_HIGH + LN2_LOW. High is a multiple of 2^-42: k * LN2_HIGH + LOGS_HIGH[i] + rHigh < 2^10 is then exact. */
const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;
/** Taylor coefficients 1/3 .. 1/9 of ln(1 + r). With |r| < 2^-7.98 the first term left out, r^10/10, is below 2^-83. */
const C3: f64 = 0.3333333333333333;
const C4: f64 = -0.25;
const C5: f64 = 0.2;
const C6: f64 = -0.16666666666666666;
const C7: f64 = 0.14285714285714285;
const C8: f64 = -0.125;
const C9: f64 = 0.1111111111111111;
/** Smallest normal double; below it the exponent field says nothing. */
const MIN_NORMAL: f64 = 2.2250738585072014e-308;
/** 2^54 lifts every subnormal into the normal range. */
const LIFT: f64 = 18014398509481984;
const LIFT_BITS: i32 = 54;
/** Bits of 0.705078125, where table cell 0 starts; 1 is then inside cell 75, whose reciprocal is exact. */
const CELL_ORIGIN: u64 = 0x3fe6900000000000;
const CELL_SHIFT: u64 = 45;
const CELL_MASK: u64 = 127;
/** 1.5 * 2^52: doubles of this size are integers. */
const INTEGERS: f64 = 6755399441055744;
const EXPONENT_SHIFT: u64 = 52;
const EXPONENT_MASK: u64 = 0xfff0000000000000;
/** 2^-12 in the exponent field: undoes the factor 4096 of the reciprocals without a rounding. */
const RECIPROCAL_SCALE: u64 = (<u64>12) << 52;
/** Rounds a mantissa to its upper 20 bits. */
const HALF_LOW: u64 = 0x80000000;
const HIGH_MASK: u64 = 0xffffffff00000000;

/** 4096 / (middle of the cell), rounded: 13 bits, so that products with a 21-bit half of the argument are exact. */
const RECIPROCALS = memory.data<f64>([
  5793, 5761, 5730, 5699, 5668, 5638, 5607, 5578, 5548, 5519, 5490, 5461, 5433, 5405, 5377, 5350, 5323, 5296, 5269,
  5243, 5217, 5191, 5165, 5140, 5115, 5090, 5066, 5041, 5017, 4993, 4970, 4946, 4923, 4900, 4877, 4855, 4832, 4810,
  4788, 4766, 4745, 4723, 4702, 4681, 4660, 4640, 4619, 4599, 4579, 4559, 4539, 4520, 4500, 4481, 4462, 4443, 4424,
  4406, 4387, 4369, 4351, 4333, 4315, 4297, 4280, 4263, 4245, 4228, 4211, 4194, 4178, 4161, 4145, 4128, 4112, 4096,
  4064, 4033, 4002, 3972, 3942, 3913, 3884, 3855, 3827, 3799, 3772, 3745, 3718, 3692, 3666, 3641, 3616, 3591, 3567,
  3542, 3519, 3495, 3472, 3449, 3427, 3404, 3383, 3361, 3339, 3318, 3297, 3277, 3256, 3236, 3216, 3197, 3178, 3158,
  3139, 3121, 3102, 3084, 3066, 3048, 3031, 3013, 2996, 2979, 2962, 2945, 2929, 2913,
]);
/** ln(4096 / RECIPROCALS[i]) rounded to a multiple of 2^-42. */
const LOGS_HIGH = memory.data<f64>([
  -0.3466394043773562, -0.34110018301294076, -0.3357046429894126, -0.33027983311558273, -0.32482543409128084,
  -0.31951850495465806, -0.31400492940429103, -0.3088194014680994, -0.30342661471536303, -0.2981857967201904,
  -0.29291736778418453, -0.28762103543272133, -0.28248057983228136, -0.2773135633540278, -0.2721197100902373,
  -0.2670856731706408, -0.26202616645332455, -0.2569409308975992, -0.2518297034898751, -0.24688296585327407,
  -0.2419116363030298, -0.23691546910799843, -0.23189421483448314, -0.22704219172987905, -0.22216651166627344,
  -0.21726694282529024, -0.21254066384221915, -0.20759358736336253, -0.20282125776498106, -0.19802604378128308,
  -0.19340895237132827, -0.1885682813619951, -0.1839072130387649, -0.179224317379294, -0.17451938899080233,
  -0.16999821400600013, -0.16524957289539088, -0.1606861963805386, -0.15610189995845758, -0.1514964909392802,
  -0.14708054432458084, -0.14243330317685832, -0.1379770623807417, -0.13350087458070448, -0.12900456040028985,
  -0.1247034785010328, -0.12016734371127313, -0.11582800082055655, -0.1114697459377112, -0.10709241349400145,
  -0.1026958357372223, -0.0985011061068235, -0.09406650903906666, -0.08983534806679927, -0.08558620827307095,
  -0.08131893621657582, -0.07703337648285924, -0.07295636064304745, -0.06863473444695956, -0.06452326223211458,
  -0.060394816001235085, -0.056249255020475175, -0.05208643679816305, -0.0479062170556972, -0.04394212185638935,
  -0.039962250045846304, -0.03573093202612654, -0.03171818027067275, -0.02768926144267425, -0.023644044742468395,
  -0.019821775397076635, -0.01574454226351918, -0.011891900850059756, -0.0077821404420319595, -0.0038986404156275967, 0,
  0.007843177460927109, 0.01550037184597386, 0.023216651575694414, 0.030741141554244678, 0.03832267900656916,
  0.04570654450890288, 0.053145337308023954, 0.0606398807219648, 0.06792968129366272, 0.0752730135316142,
  0.08240552296592796, 0.08958927076810141, 0.09682499843802361, 0.10384257109649297, 0.11090973831960582,
  0.11775251854396629, 0.12464244520720058, 0.1315801724931589, 0.1382859813604682, 0.14531934837646077,
  0.15183402939783264, 0.15867751205132663, 0.16528009093917717, 0.17192655378244126, 0.17832564484479008,
  0.18505967702617454, 0.19124799793871716, 0.1977723389941275, 0.2043395267755841, 0.2106486959689846,
  0.2169979236475683, 0.22308251802041923, 0.22951143959699039, 0.23567288854087565, 0.24187253642048745,
  0.2477980176595338, 0.2537588196225897, 0.2600719719036988, 0.2661066098773972, 0.27185742444862626,
  0.27796382298288336, 0.28378343203621625, 0.2896371072874899, 0.29552524991277096, 0.30111828966164467,
  0.30707462758914517, 0.3127328220821255, 0.31842321400608853, 0.32414617189169803, 0.32990207063357957,
  0.33534981989168955, 0.3408274097598678,
]);
/** ln(4096 / RECIPROCALS[i]) - LOGS_HIGH[i]. */
const LOGS_LOW = memory.data<f64>([
  7.576601710406168e-14, -9.864319013016944e-14, -2.8930308826749646e-14, -7.311533218756948e-14,
  5.3497962378457723e-14, -5.608981081516608e-14, -3.777992772257605e-14, 8.836369091602878e-15,
  -1.5464956164964023e-14, 3.28407644294298e-14, -4.8067868330666374e-14, -8.865540678903893e-14, 1.020039901902787e-13,
  6.285300763975135e-14, -9.709490320032738e-14, -6.771620697839476e-14, -8.912705487742729e-14, 9.874803015966392e-14,
  -6.696538596957213e-14, 8.500177928536635e-14, -1.9200663217241786e-14, 1.1312281934310699e-13, 8.792845482452626e-14,
  1.1971618944343003e-14, -1.0970670408487821e-13, 6.552964452924258e-14, -5.767133460718734e-14, 7.540094349934923e-14,
  7.179440583133456e-14, 1.7508638354040353e-14, -2.428663777591132e-15, -2.269656007844022e-14, -9.198140780116333e-14,
  -8.025827105453149e-14, 9.34399014705407e-14, -8.144718930090761e-14, 8.372091099235912e-14, 7.545255661831038e-14,
  -6.247424554604857e-14, -6.352639387200413e-14, -1.0368480898705534e-13, 8.491688464861774e-14, 7.059261794535919e-14,
  -2.2385616359881744e-14, -5.799856438552511e-14, 7.556920687451337e-14, 1.1459607092438807e-14,
  -2.3550318412021947e-14, -4.054703048435017e-14, -9.624766002204927e-14, 1.0039934639687632e-13,
  -1.0965899689943145e-13, -7.532502443480418e-16, -4.327050822320262e-17, -6.315764302377193e-14,
  1.1060272846338487e-14, 3.222480823739624e-14, 1.0272657823119813e-13, 8.929133394760206e-14, 2.2409859490436093e-14,
  -1.0131002037311332e-13, -9.051921132282275e-14, -2.1557638898899152e-14, 4.580258056441381e-14,
  -1.0941417282366671e-13, -2.0312090349767584e-14, 2.2560768125973985e-14, -1.117930281017946e-13,
  9.019051557209467e-14, -5.3149232754812614e-14, -9.074741357533837e-14, -7.838853005504598e-14, 8.119428752120223e-15,
  -2.298941004620351e-14, -2.972634690092895e-14, 0, 9.878410481031469e-14, 1.7089530858329223e-15,
  -2.941941855800403e-14, 3.582445626958196e-14, 1.0904004679204982e-13, 2.8368477597714206e-14, 1.0422852029705249e-13,
  -5.095195494573895e-14, -2.127356751667668e-14, 1.0394483807234176e-13, 6.764194166322889e-14, -7.755443647458838e-14,
  -6.922541387831247e-14, 1.0796188687604807e-13, 8.756757626246673e-14, -5.6020983784311775e-14, 7.601671269852866e-14,
  1.0197585600710154e-13, -1.6022535687531872e-14, 1.0409731215117122e-13, -7.407802708596236e-14, 1.06451537167625e-13,
  -7.424679100316254e-14, 6.154581139106013e-14, -5.5195396508632164e-14, -9.558151758503085e-14,
  -8.192512227240785e-14, 1.1055606065210447e-13, 1.051004654030786e-13, -3.069876565268571e-14, 4.4345327578558266e-14,
  1.0988795372777006e-13, -7.75890005756947e-14, 8.57578692794238e-14, -7.252318953240293e-16, -3.153298487095793e-14,
  9.269712054880407e-14, 5.751762456294757e-14, -7.0439582061225795e-15, -6.197819907608269e-14,
  -2.3776015086266397e-14, -9.26499207910109e-14, 9.435248566514371e-14, 3.586053092023274e-14, -1.041057401992396e-13,
  -1.026879339102115e-13, 1.0812127312337173e-13, -2.709911762049999e-14, -9.84105985197279e-14, 7.70630647522355e-14,
  -7.931402809099546e-14, 4.130494640697055e-14,
]);

/** Second half of the last `logOfPair`: a wasm function returns one number here, and pow needs both. */
export let logLow: f64 = 0;

/**
 * High half of ln x; the low half is left in `logLow`, |logLow| <= ulp / 2.
 * @param x finite, > 0
 */
// @ts-ignore: decorator
@inline
export function logOfPair(x: f64): f64 {
  let exponent = 0;
  if (x < MIN_NORMAL) {
    x *= LIFT;
    exponent = -LIFT_BITS;
  }
  // x = 2^k z, z in [0.705, 1.410); c ~ 1/z; r = c z - 1 = rHigh + rLow without any rounding.
  const bits = reinterpret<u64>(x);
  const offset = bits - CELL_ORIGIN;
  const k = <f64>(exponent + <i32>((<i64>offset) >> EXPONENT_SHIFT));
  const i = (<usize>((offset >> CELL_SHIFT) & CELL_MASK)) << 3;
  const scaled = bits - (offset & EXPONENT_MASK) - RECIPROCAL_SCALE;
  const zHigh = reinterpret<f64>((scaled + HALF_LOW) & HIGH_MASK);
  const c = load<f64>(RECIPROCALS + i);
  const rHigh = zHigh * c - 1;
  const rLow = (reinterpret<f64>(scaled) - zHigh) * c;
  const r = rHigh + rLow;
  const r2 = r * r;

  // k ln 2 - ln c + rHigh - rHigh^2 / 2 + rLow: exact terms, summed with their rounding errors kept.
  const sum = k * LN2_HIGH + load<f64>(LOGS_HIGH + i) + rHigh;
  const square = 0.5 * rHigh * rHigh;
  const a = sum - square;
  const aError = sum - a - square;
  const b = a + rLow;
  const bError = a - b + rLow;

  // Everything that may be rounded: tails, the rest of r^2 / 2, and r^3 / 3 - r^4 / 4 + ...
  const curve = C3 + r * C4 + r2 * (C5 + r * C6 + r2 * (C7 + r * C8 + r2 * C9));
  const cross = 0.5 * rLow * (rHigh + r);
  const rest = k * LN2_LOW + load<f64>(LOGS_LOW + i) + (aError + bError) - cross + r * r2 * curve;
  const high = b + rest;
  logLow = b - high + rest;
  return high;
}

/** ln x; within 0.501 ulp. @returns -Infinity for 0, canonical NaN below 0 and for NaN */
export function log(x: f64): f64 {
  if (isNaN(x) || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return Infinity;
  return logOfPair(x);
}

/** ln(1 + x) for x > -1, from a logarithm and what 1 + x lost: W. Kahan's way, within 3 ulp. */
// @ts-ignore: decorator
@inline
export function log1p(x: f64): f64 {
  const u = 1 + x;
  return u == 1 ? x : (log(u) * x) / (u - 1);
}

// @ts-ignore: decorator
@inline
function entryPair(table: usize, i0: usize, i1: usize): v128 {
  return v128.load_lane<f64>(table + i1, v128.load64_splat(table + i0), 1);
}

/** Low halves of the last `logOfPairs`. */
export let logLows: v128 = i64x2(0, 0);

/** log of both lanes: the same operations in the same order, therefore the same bits. */
export function logPair(x: v128): v128 {
  // Anything but normal numbers above 0 takes the scalar way, NaN too.
  const usual = v128.and(f64x2.ge(x, f64x2.splat(MIN_NORMAL)), f64x2.le(x, f64x2.splat(f64.MAX_VALUE)));
  if (!i64x2.all_true(usual)) {
    const first = f64x2.splat(log(f64x2.extract_lane(x, 0)));
    return f64x2.replace_lane(first, 1, log(f64x2.extract_lane(x, 1)));
  }
  return logOfPairs(x);
}

/**
 * High halves of ln x of both lanes, the bits of `logOfPair`; the low halves are left in `logLows`.
 * @param x normal, finite, > 0
 */
export function logOfPairs(x: v128): v128 {
  const offset = i64x2.sub(x, i64x2.splat(CELL_ORIGIN));
  // The exponent, added to the bits of a number whose last place is 1, and that number taken off again.
  const k = f64x2.sub(
    i64x2.add(i64x2.shr_s(offset, <i32>EXPONENT_SHIFT), f64x2.splat(INTEGERS)),
    f64x2.splat(INTEGERS),
  );
  const cell = i64x2.shr_u(offset, <i32>CELL_SHIFT);
  const i0 = ((<usize>i64x2.extract_lane(cell, 0)) & (<usize>CELL_MASK)) << 3;
  const i1 = ((<usize>i64x2.extract_lane(cell, 1)) & (<usize>CELL_MASK)) << 3;
  const scaled = i64x2.sub(i64x2.sub(x, v128.and(offset, i64x2.splat(EXPONENT_MASK))), i64x2.splat(RECIPROCAL_SCALE));
  const zHigh = v128.and(i64x2.add(scaled, i64x2.splat(HALF_LOW)), i64x2.splat(HIGH_MASK));
  const c = entryPair(RECIPROCALS, i0, i1);
  const half = f64x2.splat(0.5);
  const rHigh = f64x2.sub(f64x2.mul(zHigh, c), f64x2.splat(1));
  const rLow = f64x2.mul(f64x2.sub(scaled, zHigh), c);
  const r = f64x2.add(rHigh, rLow);
  const r2 = f64x2.mul(r, r);

  const logs = f64x2.add(f64x2.mul(k, f64x2.splat(LN2_HIGH)), entryPair(LOGS_HIGH, i0, i1));
  const sum = f64x2.add(logs, rHigh);
  const square = f64x2.mul(f64x2.mul(half, rHigh), rHigh);
  const a = f64x2.sub(sum, square);
  const aError = f64x2.sub(f64x2.sub(sum, a), square);
  const b = f64x2.add(a, rLow);
  const bError = f64x2.add(f64x2.sub(a, b), rLow);

  const c78 = f64x2.add(f64x2.splat(C7), f64x2.mul(r, f64x2.splat(C8)));
  const c789 = f64x2.add(c78, f64x2.mul(r2, f64x2.splat(C9)));
  const c56 = f64x2.add(f64x2.splat(C5), f64x2.mul(r, f64x2.splat(C6)));
  const c34 = f64x2.add(f64x2.splat(C3), f64x2.mul(r, f64x2.splat(C4)));
  const curve = f64x2.add(c34, f64x2.mul(r2, f64x2.add(c56, f64x2.mul(r2, c789))));
  const cross = f64x2.mul(f64x2.mul(half, rLow), f64x2.add(rHigh, r));
  const tails = f64x2.add(f64x2.mul(k, f64x2.splat(LN2_LOW)), entryPair(LOGS_LOW, i0, i1));
  const exact = f64x2.sub(f64x2.add(tails, f64x2.add(aError, bError)), cross);
  const rest = f64x2.add(exact, f64x2.mul(f64x2.mul(r, r2), curve));
  const high = f64x2.add(b, rest);
  logLows = f64x2.add(f64x2.sub(b, high), rest);
  return high;
}
