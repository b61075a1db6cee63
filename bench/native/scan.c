// The margin scan in C, the same algorithm over the same rows: a process that answers each line it reads with one timed run,
// and before that, to the line "answers", writes all prices to a file.
// Build: cc -O3 -march=native -ffp-contract=off -o scan scan.c -lm   Use: scan FILE single|brackets|full|prices [PRICES]
// FILE: u64 counts (units, balances, positions, orders, assets, markets, lines, tiers, buckets), then the columns that `columns`
// lists, each padded to 64 bytes. -ffp-contract=off keeps the bits comparable: checksums must equal the kernel's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

typedef struct { uint64_t units, balances, positions, orders, assets, markets, lines, tiers, buckets; } Counts;
static Counts n;
static char *base, *cursor;

static void *take(size_t bytes) {
  char *here = cursor;
  cursor += (bytes + 63) / 64 * 64;
  return here;
}

// Inputs, in the order of the file.
static uint32_t *balanceStart, *balanceCount, *positionStart;
static double *multiplier, *buffer, *rateFloor;
static uint32_t *balanceAsset, *balancePositions;
static double *balanceAmount;
static uint32_t *key, *order;
static double *size, *cost, *funding, *ownRate;
static double *bidSize, *askSize;
static uint32_t *orderCount;
static double *assetValue;   // 32 a row
static uint32_t *tierStart, *tierCount, *debtStart, *debtCount;
static double *tierUpTo, *tierWeight, *tierOffset;  // weight and offset: 4 a row
static double *sideValue;    // 2 x 56 a row
static double *plain;        // 8 a row
static uint32_t *sided, *window_;  // window: 8 a row
static double *longPair, *longEnd, *shortPair, *shortEnd;  // 4 a row
static double *upTo;
static uint8_t *bucketFirst;
static uint32_t *positionCount, *lineStart, *lineCount;
static double *mark, *lineRoot;  // lineRoot: 8 a row

// Results.
static double *equity, *initialCollateral, *collateral, *endCollateral, *initial, *maintenance, *endMargin, *notional;
static uint32_t *status, *list;
static uint32_t listed;
static double totals[6];
static double *down, *up;
static uint32_t *code;

static void report(uint64_t u, double e, double ci, double cm, double mi, double mm, double size) {
  int liquidatable = cm - mm < 0;
  status[u] = liquidatable ? (e < 0 ? 3 : 2) : (ci - mi < 0 ? 1 : 0);
  list[listed] = u;
  listed += liquidatable;
  totals[0] += e;
  totals[1] += cm;
  totals[2] += mi;
  totals[3] += mm;
  totals[4] += size;
  totals[5] += e < 0 ? -e : 0;
}

static inline double at(const double *line, int lane, double a) { return line[lane] * a - line[2 + lane]; }

// First line of the window that a notional's bucket names, clamped to the table.
static inline uint32_t windowLine(uint32_t m, double notional) {
  const uint32_t *w = window_ + (size_t)m * 8;
  int64_t bits;
  memcpy(&bits, &notional, 8);
  int32_t bucket = (int32_t)(bits >> 49) - (int32_t)w[1];
  bucket = bucket < 0 ? 0 : bucket > (int32_t)w[2] ? (int32_t)w[2] : bucket;
  uint32_t first = w[3] + bucketFirst[w[0] + bucket];
  return first < w[4] ? first : w[4];
}

// Larger of the two lines of the window.
static inline void tableRequirement(uint32_t m, double a, double notional, double *needI, double *needM) {
  uint32_t last = window_[(size_t)m * 8 + 4], first = windowLine(m, notional);
  uint32_t second = first + 1 < last ? first + 1 : last;
  const double *l1 = longPair + (size_t)first * 4, *l2 = longPair + (size_t)second * 4;
  double most[2];
  for (int k = 0; k < 2; k++) {
    double x = at(l1, k, a), y = at(l2, k, a);
    x = 0 < x ? x : 0;
    most[k] = x < y ? y : x;
  }
  *needI += most[0];
  *needM += most[1];
}

// With `keep`, each position's maintenance requirement goes to `down`, for prices.h.
static inline __attribute__((always_inline)) void scanPlain(int brackets, int keep) {
  for (uint64_t u = 0; u < n.units; u++) {
    double needI = 0, needM = 0, value = 0, gross = 0;
    uint32_t p = positionStart[u];
    uint32_t last = balanceStart[u] + balanceCount[u];
    for (uint32_t b = balanceStart[u]; b < last; b++) {
      double total = balanceAmount[b];
      for (uint32_t stop = p + balancePositions[b]; p < stop; p++) {
        uint32_t m = key[p] >> 2;
        const double *row = plain + (size_t)m * 8;
        double q = size[p], a = fabs(q);
        total += q * row[0] - cost[p];
        gross += a * row[1];
        if (brackets) {
          double i = 0, k = 0;
          tableRequirement(m, a, a * row[4], &i, &k);
          needI += i;
          needM += k;
          if (keep) down[p] = k;
        } else {
          needI += row[2] * a;
          needM += row[3] * a;
        }
      }
      value += total * assetValue[(size_t)balanceAsset[b] * 32 + 3];
    }
    equity[u] = value;
    initial[u] = needI;
    maintenance[u] = needM;
    notional[u] = gross;
    report(u, value, value, value, needI, needM, gross);
  }
}

#include "full.h"
#include "prices.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double *result(uint64_t rows) {
  double *column = aligned_alloc(64, (rows * 8 + 63) / 64 * 64);
  memset(column, 0, rows * 8);
  return column;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int file = open(argv[1], O_RDONLY);
  struct stat info;
  if (file < 0 || fstat(file, &info)) return 2;
  base = cursor = mmap(NULL, info.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, file, 0);
  memcpy(&n, take(sizeof n), sizeof n);
#define U(name, rows) name = take((rows) * 4)
#define F(name, rows) name = take((rows) * 8)
  U(balanceStart, n.units); U(balanceCount, n.units); U(positionStart, n.units);
  F(multiplier, n.units); F(buffer, n.units); F(rateFloor, n.units);
  U(balanceAsset, n.balances); U(balancePositions, n.balances); F(balanceAmount, n.balances);
  U(key, n.positions); U(order, n.positions); F(size, n.positions); F(cost, n.positions);
  F(funding, n.positions); F(ownRate, n.positions);
  F(bidSize, n.orders); F(askSize, n.orders); U(orderCount, n.orders);
  F(assetValue, n.assets * 32);
  U(tierStart, n.assets); U(tierCount, n.assets); U(debtStart, n.assets); U(debtCount, n.assets);
  F(tierUpTo, n.tiers);
  F(tierWeight, n.tiers * 4); F(tierOffset, n.tiers * 4);
  F(sideValue, n.markets * 112); F(plain, n.markets * 8);
  U(sided, n.markets);
  U(window_, n.markets * 8);
  F(longPair, n.lines * 4); F(longEnd, n.lines * 4); F(shortPair, n.lines * 4); F(shortEnd, n.lines * 4);
  F(upTo, n.lines);
  bucketFirst = take(n.buckets);
  U(positionCount, n.units); U(lineStart, n.markets); U(lineCount, n.markets);
  F(mark, n.markets); F(lineRoot, n.lines * 8);
  equity = result(n.units); initialCollateral = result(n.units); collateral = result(n.units); endCollateral = result(n.units);
  initial = result(n.units); maintenance = result(n.units); endMargin = result(n.units); notional = result(n.units);
  status = (uint32_t *)result(n.units);
  list = (uint32_t *)result(n.units);
  int priced = !strcmp(argv[2], "prices");
  if (priced) {
    down = result(n.positions);
    up = result(n.positions);
    code = (uint32_t *)result(n.positions);
  }
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    listed = 0;
    memset(totals, 0, sizeof totals);
    double start = now();
    if (!strcmp(argv[2], "full")) scanFull();
    else if (!strcmp(argv[2], "single")) scanPlain(0, 0);
    else if (priced) scanPlain(1, 1);
    else scanPlain(1, 0);
    if (priced) prices();
    double ms = now() - start;
    if (!strcmp(line, "answers\n") && !(priced && argc > 3 && writePrices(argv[3]))) return 2;
    printf("%.6f %u %.17g %.17g %.17g\n", ms, listed, totals[0], totals[2], totals[3]);
    fflush(stdout);
  }
  return 0;
}
