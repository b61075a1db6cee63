// Liquidation prices of every position, down and up, after a scan that kept their requirements in `down`: the largest root of
// the lines of a table for a long, the least for a short. Two lines at a time, and no branch depends on the side, as in the
// kernel.

enum { NONE = 1, LIQUIDATABLE = 2, BY_LINES = 8, UP_SHIFT = 8 };
typedef double Pair __attribute__((vector_size(16)));
typedef int64_t Mask __attribute__((vector_size(16)));

static inline Pair pairAt(const double *row) {
  Pair x;
  memcpy(&x, row, sizeof x);
  return x;
}

static inline Pair choose(Mask mask, Pair a, Pair b) { return (Pair)(((Mask)a & mask) | ((Mask)b & ~mask)); }

static inline void price(uint32_t p, uint32_t m, double health, uint32_t liquidatable) {
  const double *row = plain + (size_t)m * 8;
  double held = size[p], a = fabs(held), side = copysign(1, held), notional = a * row[1];
  double free = health + down[p] - side * notional;
  Pair missing = {-free, -free};
  const double *line = lineRoot + (size_t)lineStart[m] * 8, *end = line + (size_t)lineCount[m] * 8;
  size_t slope = held > 0 ? 2 : 4;
  Pair most = (missing - pairAt(line)) * pairAt(line + slope);
  for (line += 16; line < end; line += 16) {
    Pair root = (missing - pairAt(line)) * pairAt(line + slope);
    most = choose(most < root, root, most);
  }
  double x = larger(most[0], most[1]) * side * (mark[m] / notional);
  Pair both = {x, x}, sides = {held, -held};
  // Prices end 20 octaves from the mark.
  Mask found = (both > mark[m] * 0x1p-20) & (both < mark[m] * 0x1p20) & (sides > 0);
  both = choose(found, both, (Pair){0, INFINITY});
  down[p] = both[0];
  up[p] = both[1];
  // A mask is -1: what is found has no NONE.
  uint32_t way = BY_LINES | NONE | liquidatable * LIQUIDATABLE;
  code[p] = (way | way << UP_SHIFT) + (uint32_t)found[0] + ((uint32_t)found[1] << UP_SHIFT);
}

static void prices(void) {
  for (uint64_t u = 0; u < n.units; u++) {
    double health = equity[u] - maintenance[u];
    uint32_t liquidatable = status[u] >> 1 & 1;
    for (uint32_t p = positionStart[u], end = p + positionCount[u]; p < end; p++)
      price(p, key[p] >> 2, health, liquidatable);
  }
}

// Columns down, up and code, one after the other.
static int writePrices(const char *path) {
  FILE *file = fopen(path, "wb");
  if (!file) return 0;
  size_t rows = n.positions;
  int done = fwrite(down, 8, rows, file) == rows && fwrite(up, 8, rows, file) == rows && fwrite(code, 4, rows, file) == rows;
  return !fclose(file) && done;
}
