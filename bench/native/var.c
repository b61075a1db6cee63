// Value at risk and expected shortfall of accounts in C, the kernel's algorithm over the same rows of gains: sums of sixteen scenarios
// at a time, a bound from the leasts of groups, the few candidates counted into their places. A process that answers each line it
// reads with one timed run, in ms, and the line "answers" by writing both columns to a file first.
// Build: cc -O3 -march=native -ffp-contract=off -o var var.c -lm   Use: var FILE ANSWERS
// FILE: f64 accounts, positions, rows of gains, scenarios, numbers of a row (a multiple of 16), losses kept, whole losses of the
// tail and the part of the next; then u32 starts (accounts + 1) and rows (positions), each padded to 8 bytes; f64 sizes (positions), gains, the padding 0.
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 16, LANES = 2, HALVINGS = 12 };

static size_t accounts, positions, rows, scenarios, width, keep, whole;
static double rest, *sizes, *gains, *sums, *leasts, *groups, *candidates, *worst, *risk, *shortfall;
static uint32_t *starts, *held, *blocks;
static size_t groupCount, perGroup;

static void *take(FILE *file, size_t bytes) {
  void *column = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!column || fread(column, 1, (bytes + 7) / 8 * 8, file) != (bytes + 7) / 8 * 8) exit(1);
  return column;
}

static double *room(size_t count) {
  double *column = aligned_alloc(64, (count * 8 + 127) / 64 * 64);
  if (!column) exit(1);
  memset(column, 0, count * 8);
  return column;
}

static inline double smaller(double a, double b) { return b < a ? b : a; }

// Sums of a block, written as vectors: left to itself the compiler keeps an array of sums in memory, and takes twice as long.
typedef double Vector __attribute__((vector_size(64)));

static inline void addUp(size_t first, size_t end) {
  for (size_t s = 0; s < width; s += BLOCK) {
    Vector a = {0}, b = {0};
    for (size_t p = first; p < end; p++) {
      const Vector *row = (const Vector *)(gains + held[p] * width + s);
      a += sizes[p] * row[0];
      b += sizes[p] * row[1];
    }
    memcpy(sums + s, &a, sizeof a);
    memcpy(sums + s + 8, &b, sizeof b);
    double *least = leasts + s / 4;
    for (int i = 0; i < LANES; i++) {
      least[i] = smaller(smaller(a[i], a[i + 2]), smaller(a[i + 4], a[i + 6]));
      least[i + 2] = smaller(smaller(b[i], b[i + 2]), smaller(b[i + 4], b[i + 6]));
    }
  }
}

static size_t within(double most) {
  size_t count = 0;
  for (size_t g = 0; g < groupCount; g++) count += groups[g] <= most;
  return count;
}

static double bound(void) {
  if (groupCount < keep) return INFINITY;
  size_t chunks = scenarios / 8;
  double under = INFINITY, most = -INFINITY;
  for (size_t c = 0, g = 0; c < chunks; c += perGroup, g += LANES) {
    size_t stop = c + perGroup < chunks ? c + perGroup : chunks;
    double even = leasts[2 * c], odd = leasts[2 * c + 1];
    for (size_t i = c + 1; i < stop; i++) even = smaller(even, leasts[2 * i]), odd = smaller(odd, leasts[2 * i + 1]);
    groups[g] = even, groups[g + 1] = odd;
    under = smaller(under, smaller(even, odd));
    double larger = even < odd ? odd : even;
    most = most < larger ? larger : most;
  }
  for (int i = 0; i < HALVINGS; i++) {
    double middle = under / 2 + most / 2;
    size_t count = within(middle);
    if (count < keep) under = middle;
    else {
      most = middle;
      if (count <= keep + keep / 8) break;
    }
  }
  return most;
}

// Blocks with a candidate without a branch on it, and the last one, which may not be whole; then their candidates.
static size_t find(double most) {
  size_t listed = 0, count = 0, full = scenarios / BLOCK * BLOCK;
  for (size_t s = 0; s < full; s += BLOCK) {
    const double *least = leasts + s / 4;
    blocks[listed] = s;
    listed += (least[0] <= most) | (least[1] <= most) | (least[2] <= most) | (least[3] <= most);
  }
  if (full < scenarios) blocks[listed++] = full;
  for (size_t b = 0; b < listed; b++)
    for (size_t s = blocks[b], end = s + BLOCK < scenarios ? s + BLOCK : scenarios; s < end; s++) {
      candidates[count] = sums[s];
      count += sums[s] <= most;
    }
  return count;
}

// Each goes behind those that are worse, and behind equal ones before it; very many are sorted.
static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void rank(size_t count) {
  if (count > 256) {
    qsort(candidates, count, 8, rising);
    memcpy(worst, candidates, keep * 8);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    double own = candidates[i];
    size_t place = 0;
    for (size_t j = 0; j < i; j++) place += candidates[j] <= own;
    for (size_t j = i; j < count; j++) place += candidates[j] < own;
    if (place < keep) worst[place] = own;
  }
}

static void run(void) {
  double mass = whole + rest;
  for (size_t a = 0; a < accounts; a++) {
    addUp(starts[a], starts[a + 1]);
    rank(find(bound()));
    double sum = 0;
    for (size_t i = 0; i < whole; i++) sum += 0 - worst[i];
    risk[a] = 0 - worst[keep - 1];
    shortfall[a] = (rest > 0 ? sum + rest * (0 - worst[whole]) : sum) / mass;
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
  if (!file) return 1;
  double *head = take(file, 8 * 8);
  accounts = head[0], positions = head[1], rows = head[2], scenarios = head[3], width = head[4], keep = head[5];
  whole = head[6], rest = head[7];
  starts = take(file, (accounts + 1) * 4), held = take(file, positions * 4);
  sizes = take(file, positions * 8), gains = take(file, rows * width * 8);
  fclose(file);
  sums = room(width), leasts = room(width / 4), groups = room(width / 4), candidates = room(width + 1), blocks = (uint32_t *)room(width), worst = room(keep);
  risk = room(accounts), shortfall = room(accounts);
  perGroup = scenarios / 8 / (keep * 2);
  if (perGroup < 1) perGroup = 1;
  groupCount = (scenarios / 8 + perGroup - 1) / perGroup * LANES;
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    double start = now();
    run();
    double ms = now() - start;
    if (!strncmp(line, "answers", 7)) {
      FILE *out = fopen(arguments[2], "wb");
      if (!out || fwrite(risk, 8, accounts, out) != accounts || fwrite(shortfall, 8, accounts, out) != accounts || fclose(out))
        return 1;
    }
    printf("%.6f\n", ms);
    fflush(stdout);
  }
  return 0;
}
