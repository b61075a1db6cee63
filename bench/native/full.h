// The scan with every feature that the measured portfolio uses: haircut tiers, guards, debts, funding, weighted and capped
// PnL, open-interest and own rates, square-root curve, closing fees, worst-case orders, three levels. Four lanes a row,
// written as loops that the compiler is free to vectorise as wide as the machine allows.

enum { LOW = 0, HIGH = 4, DEPOSIT = 8, BORROW = 12, PENALTY = 16, CAPPED = 24, AFLAGS = 31, APLAIN = 4 };
enum { PNL = 0, NOTIONAL = 4, WORTH = 8, FLAT = 12, WEIGHT = 16, CAP = 20, FLAGS = 24, FUND = 25, OI = 28 };
enum { FACTOR = 36, CURVE_BASE = 40, CURVE_UNIT = 42, LSTART = 44, LCOUNT = 45, ORDER_MARGIN = 47 };
enum { WEIGHTED = 16, WHOLE = 64, SAME_END = 128, CURVE = 256, WINDOW = 1024 };
#define LANES for (int k = 0; k < 4; k++)

// Flags are the low word of 2^52 + bits.
static inline int flagsAt(const double *v) {
  int flags;
  memcpy(&flags, v, 4);
  return flags;
}

static inline double larger(double a, double b) { return a < b ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }

static inline const double *sideOf(uint32_t m, double q) {
  return sideValue + ((size_t)m * 2 + (sided[m] & (q < 0))) * 48;
}

static inline void requirement(uint32_t m, const double *v, int isShort, double a, double own, double *out) {
  double base[4], need[4] = {0, 0, 0, 0};
  int flags = flagsAt(v + FLAGS);
  LANES base[k] = a * v[WORTH + k];
  size_t start = (size_t)v[LSTART], stop = start + (size_t)v[LCOUNT], last = stop - 1;
  const double *pairs = isShort ? shortPair : longPair, *ends = isShort ? shortEnd : longEnd;
  int levels = flags & SAME_END ? 2 : 3;
  if (flags & WINDOW) {
    // Two lines from the first of the window, clamped to the table.
    start = windowLine(m, a * v[NOTIONAL]);
    stop = start + 2;
  }
  for (size_t i = start; i < stop; i++) {
    size_t row = i < last ? i : last;
    const double *p = pairs + row * 4, *e = ends + row * 4, *lo = above + row * 4;
    for (int k = 0; k < 2; k++) {
      double x = p[k] * a - p[2 + k];
      x = (flags & WHOLE) && !(a * v[NOTIONAL + k] > lo[k]) ? 0 : x;
      need[k] = larger(need[k], x);
    }
    if (levels == 3) {
      double x = e[0] * a - e[2];
      x = (flags & WHOLE) && !(a * v[NOTIONAL + 2] > lo[2]) ? 0 : x;
      need[2] = larger(need[2], x);
    }
  }
  if (flags & CURVE) {
    double g = sqrt(a * v[CURVE_UNIT]);
    LANES need[k] = larger(need[k], v[CURVE_BASE] * need[k] + v[FACTOR + k] * g * base[k]);
  }
  need[0] = larger(need[0], v[OI] * base[0]);
  need[0] = larger(need[0], own * base[0]);
  LANES out[k] = need[k] + a * v[FLAT + k];
  if (flags & SAME_END) out[2] = out[1];
  out[3] = 0;
}

static inline void weigh(uint32_t row, const double *value, double *C, double *M) {
  const double *v = assetValue + (size_t)row * 32;
  LANES {
    if (value[k] < 0) {
      double owed = -value[k], worth = owed * tierWeight[debtStart[row] * 4 + k] + tierOffset[debtStart[row] * 4 + k];
      for (uint32_t t = debtStart[row] + 1; t < debtStart[row] + debtCount[row]; t++)
        worth = larger(worth, owed * tierWeight[t * 4 + k] + tierOffset[t * 4 + k]);
      worth *= v[BORROW + k];
      C[k] -= owed;
      M[k] += worth - owed;
    } else {
      double counted = smaller(value[k], v[CAPPED + k]);
      double worth = counted * tierWeight[tierStart[row] * 4 + k] + tierOffset[tierStart[row] * 4 + k];
      uint32_t tiers = counted > tierUpTo[tierStart[row]] ? tierCount[row] : 1;
      for (uint32_t t = tierStart[row] + 1; t < tierStart[row] + tiers; t++)
        worth = smaller(worth, counted * tierWeight[t * 4 + k] + tierOffset[t * 4 + k]);
      worth *= v[DEPOSIT + k];
      worth = larger(worth - counted * v[PENALTY + k], 0);
      C[k] += worth;
    }
  }
}

static void scanFull(void) {
  for (uint64_t u = 0; u < n.units; u++) {
    double C[4] = {0, 0, 0, 0}, M[4] = {0, 0, 0, 0}, gross = 0;
    uint32_t p = positionStart[u], last = balanceStart[u] + balanceCount[u];
    for (uint32_t b = balanceStart[u]; b < last; b++) {
      uint32_t asset = balanceAsset[b];
      const double *av = assetValue + (size_t)asset * 32;
      double total[4], value[4];
      LANES total[k] = balanceAmount[b];
      for (uint32_t stop = p + balancePositions[b]; p < stop; p++) {
        uint32_t m = key[p] >> 2;
        double q = size[p], a = fabs(q), own = larger(ownRate[p], rateFloor[u]);
        const double *v = sideOf(m, q);
        double paid = v[FUND] - funding[p], pnl[4], need[4];
        LANES pnl[k] = q * (v[PNL + k] - paid) - cost[p];
        if (order[p] == 0) requirement(m, v, sided[m] & (q < 0), a, own, need);
        else {
          uint32_t o = order[p] - 1;
          double bought = q + bidSize[o], sold = q - askSize[o], bids[4], asks[4];
          requirement(m, sideOf(m, bought), sided[m] & (bought < 0), fabs(bought), own, bids);
          requirement(m, sideOf(m, sold), sided[m] & (sold < 0), fabs(sold), own, asks);
          LANES need[k] = larger(asks[k], bids[k]);
          for (int k = 0; k < 3; k++) M[k] += v[ORDER_MARGIN] * orderCount[o];
        }
        if (flagsAt(v + FLAGS) & WEIGHTED) LANES pnl[k] = pnl[k] > 0 ? smaller(pnl[k] * v[WEIGHT + k], v[CAP + k]) : pnl[k];
        LANES total[k] += pnl[k];
        LANES M[k] += need[k];
        gross += a * v[NOTIONAL + 3];
      }
      LANES value[k] = total[k] * (total[k] < 0 ? av[HIGH + k] : av[LOW + k]);
      if (flagsAt(av + AFLAGS) & APLAIN) LANES C[k] += value[k];
      else weigh(asset, value, C, M);
    }
    for (int k = 0; k < 3; k++) M[k] *= multiplier[u];
    M[2] += buffer[u] * gross;
    initialCollateral[u] = C[0];
    collateral[u] = C[1];
    endCollateral[u] = C[2];
    equity[u] = C[3];
    initial[u] = M[0];
    maintenance[u] = M[1];
    endMargin[u] = M[2];
    notional[u] = gross;
    report(u, C[3], C[0], C[1], M[0], M[1], gross);
  }
}
