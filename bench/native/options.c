// Black-76 of options over scenarios in C, the kernel's formula with exp and log of libm: a process that answers each line it reads
// with one timed run, in ms, and the line "answers" by writing all prices to a file first.
// Build: cc -O3 -march=native -ffp-contract=off -o options options.c -lm   Use: options FILE PRICES
// FILE: f64 scenarios, options, root of time, then forwards, vols, strikes, and 1 for a call or -1 for a put of each option.
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 4096 };

static size_t scenarios, options;
static double rootTime, *forwards, *logs, *vols, *strikes, *types, *prices;

static double *take(FILE *file, size_t count) {
  double *column = aligned_alloc(64, (count * 8 + 63) / 64 * 64);
  if (!column || fread(column, 8, count, file) != count) exit(1);
  return column;
}

static inline double top(double x) {
  return (((((((0.39894228040241136 * x + 9.08353586765356) * x + 100.8829505943914) * x + 701.7971514501326) * x +
             3318.3702399118933) * x + 10895.443509338122) * x + 24329.69629333974) * x + 34116.59693570459) * x +
         23567.870428501006;
}

static inline double bottom(double x) {
  return ((((((((x + 22.76904784050051) * x + 253.87605624445993) * x + 1781.9136408865493) * x + 8568.796296905624) * x +
             29024.44517981345) * x + 68807.43848090639) * x + 109541.27869691556) * x + 105842.07376322406) * x +
         47135.74085700201;
}

static void price(double type, double strike, double *restrict into) {
  static double near[MOST], far[MOST], power[MOST];
  double ln = log(strike);
  for (size_t s = 0; s < scenarios; s++) {
    double sd = vols[s] * rootTime, h = fabs(logs[s] - ln) / sd;
    near[s] = h - sd / 2;
    far[s] = h + sd / 2;
  }
  for (size_t s = 0; s < scenarios; s++) power[s] = exp(-near[s] * near[s] / 2);
  for (size_t s = 0; s < scenarios; s++) {
    double u = fmin(fabs(near[s]), 37.5), v = far[s], qu = bottom(u), qv = bottom(v);
    double share = (copysign(top(u), near[s]) * qv - top(v) * qu) * power[s] / (qu * qv) + (near[s] < 0 ? 1 : 0);
    double inside = type * (forwards[s] - strike);
    into[s] = fmin(forwards[s], strike) * fmax(share, 0) + fmax(inside, 0);
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
  double *head = take(file, 3);
  scenarios = (size_t)head[0], options = (size_t)head[1], rootTime = head[2];
  if (scenarios > MOST) return 1;
  forwards = take(file, scenarios), vols = take(file, scenarios);
  strikes = take(file, options), types = take(file, options);
  fclose(file);
  prices = aligned_alloc(64, scenarios * options * 8 + 64);
  logs = aligned_alloc(64, scenarios * 8 + 64);
  for (size_t s = 0; s < scenarios; s++) logs[s] = log(forwards[s]);
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    double start = now();
    for (size_t i = 0; i < options; i++) price(types[i], strikes[i], prices + i * scenarios);
    double ms = now() - start;
    if (!strncmp(line, "answers", 7)) {
      FILE *out = fopen(arguments[2], "wb");
      if (!out || fwrite(prices, 8, scenarios * options, out) != scenarios * options || fclose(out)) return 1;
    }
    printf("%.6f\n", ms);
    fflush(stdout);
  }
  return 0;
}
