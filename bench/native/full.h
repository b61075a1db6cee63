// The scan with every feature that the measured portfolio uses: haircut tiers, guards, debts, funding, weighted and capped
// PnL, open-interest and own rates, square-root curve, closing fees, worst-case orders, three levels. Four lanes a row,
// written as loops that the compiler is free to vectorise as wide as the machine allows.

enum { LOW = 0, HIGH = 4, DEPOSIT = 8, BORROW = 12, PENALTY = 16, CAPPED = 24, AFLAGS = 31, APLAIN = 4 };
// A side: two lanes a slot, the other two END slots further on.
enum { PNL = 0, NOTIONAL = 2, WORTH = 4, FLAT = 6, WEIGHT = 8, CAP = 10, FLAGS = 12, FUND = 13, OI = 14, VALUE = 15 };
enum { FACTOR = 16, CURVE_BASE = 21, CURVE_UNIT = 22, LSTART = 37, LCOUNT = 38, ORDER_MARGIN = 44, END = 24, SIDE = 56 };
enum { WEIGHTED = 16, SAME_END = 128, CURVE = 256, WINDOW = 1024, FULL_PROFIT = 2048, FORM_SHIFT = 16 };
#define LANES for (int k = 0; k < 4; k++)
#define PAIR for (int k = 0; k < 2; k++)

// Flags are the low word of 2^52 + bits.
static inline int flagsAt(const double *v) {
  int flags;
  memcpy(&flags, v, 4);
  return flags;
}

static inline double larger(double a, double b) { return a < b ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }

static inline const double *sideOf(uint32_t m, double q) {
  return sideValue + ((size_t)m * 2 + (sided[m] & (q < 0))) * SIDE;
}

// Two lanes of the requirement: (initial, maintenance), or with `end` (liquidation end, plain).
static inline __attribute__((always_inline)) void levels(uint32_t m, const double *v, int isShort, double a, double own, int end, double *out) {
  const double *lines = isShort ? (end ? shortEnd : shortPair) : end ? longEnd : longPair;
  const double *w = v + (end ? END : 0);
  int flags = flagsAt(v + FLAGS), form = flags >> (FORM_SHIFT + (end ? 2 : 0)) & 3;
  double n = a * v[NOTIONAL], base[2], need[2] = {0, 0};
  if (flags & WINDOW) {
    uint32_t last = window_[(size_t)m * 8 + 4], first = windowLine(m, n), next = first + 1 < last ? first + 1 : last;
    const double *l1 = lines + (size_t)first * 4, *l2 = lines + (size_t)next * 4;
    int beyond = n > upTo[first];
    PAIR {
      double x = larger(0, at(l1, k, a)), y = at(l2, k, a);
      need[k] = larger(x, beyond | !(form >> k & 1) ? y : 0);
    }
  } else {
    size_t start = (size_t)v[LSTART], stop = start + (size_t)v[LCOUNT];
    for (size_t i = start; i < stop; i++)
      PAIR need[k] = larger(need[k], (form >> k & 1) && i > start && !(n > upTo[i - 1]) ? 0 : at(lines + i * 4, k, a));
  }
  PAIR base[k] = a * w[WORTH + k];
  if (flags & CURVE) {
    double g = sqrt(a * v[CURVE_UNIT]);
    PAIR need[k] = larger(need[k], v[CURVE_BASE] * need[k] + w[FACTOR + k] * g * base[k]);
  }
  if (!end) need[0] = larger(need[0], larger(v[OI], own) * base[0]);
  PAIR out[k] = need[k] + a * w[FLAT + k];
}

static inline void requirement(uint32_t m, const double *v, int isShort, double a, double own, double *out) {
  levels(m, v, isShort, a, own, 0, out);
  if (flagsAt(v + FLAGS) & SAME_END) out[2] = out[1], out[3] = 0;
  else levels(m, v, isShort, a, 0, 1, out + 2);
}

// Two lanes of the profit, weighted and capped.
static inline void profit(const double *v, int flags, int end, double q, double paid, double cost, double *out) {
  const double *w = v + (end ? END : 0);
  PAIR out[k] = q * (w[PNL + k] - paid) - cost;
  if (flags & WEIGHTED) PAIR out[k] = smaller(out[k], smaller(out[k] * w[WEIGHT + k], w[CAP + k]));
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
        int flags = flagsAt(v + FLAGS);
        profit(v, flags, 0, q, paid, cost[p], pnl);
        if (flags & FULL_PROFIT) pnl[2] = pnl[3] = pnl[1];
        else profit(v, flags, 1, q, paid, cost[p], pnl + 2);
        if (order[p] == 0) requirement(m, v, sided[m] & (q < 0), a, own, need);
        else {
          uint32_t o = order[p] - 1;
          double bought = q + bidSize[o], sold = q - askSize[o], bids[4], asks[4];
          requirement(m, sideOf(m, bought), sided[m] & (bought < 0), fabs(bought), own, bids);
          requirement(m, sideOf(m, sold), sided[m] & (sold < 0), fabs(sold), own, asks);
          LANES need[k] = larger(asks[k], bids[k]);
          for (int k = 0; k < 3; k++) M[k] += v[ORDER_MARGIN] * orderCount[o];
        }
        LANES total[k] += pnl[k];
        LANES M[k] += need[k];
        gross += a * v[VALUE];
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
