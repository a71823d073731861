/*
 * What a compute-heavy guest does, a kernel for each kind of work. Built with the irrigation guest's instruction set
 * and optimisation level:
 *   clang-22 --target=wasm32 -mcpu=mvp -std=c11 -Os -ffreestanding -fno-builtin -Wall -Wextra -Werror -nostdlib \
 *     -Wl,--no-entry,-z,stack-size=4096,--initial-memory=131072,--max-memory=131072,--strip-all -o kernels.wasm kernels.c
 */
#define EXPORT(name) __attribute__((export_name(name)))

typedef unsigned char u8;
typedef unsigned int u32;

static u8 bytes[16384];
static u32 words[8192];
static float samples[4096];

static u32 next_random(u32 *state) {
  u32 x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return *state = x;
}

/* Byte loads, table look-ups. */
EXPORT("crc") u32 crc(u32 rounds) {
  u32 *table = words;
  for (u32 i = 0; i < 256; i++) {
    u32 c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  for (u32 i = 0; i < sizeof bytes; i++) bytes[i] = (u8)(i * 31);
  u32 crc = ~0u;
  while (rounds--)
    for (u32 i = 0; i < sizeof bytes; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >> 8);
  return ~crc;
}

/* Byte stores in strides. */
EXPORT("sieve") u32 sieve(u32 rounds) {
  u32 count = 0;
  while (rounds--) {
    for (u32 i = 0; i < sizeof bytes; i++) bytes[i] = 1;
    for (u32 i = 2; i * i < sizeof bytes; i++)
      if (bytes[i])
        for (u32 k = i * i; k < sizeof bytes; k += i) bytes[k] = 0;
    for (u32 i = 2; i < sizeof bytes; i++) count += bytes[i];
  }
  return count;
}

/* Nested loops over words. */
EXPORT("matrix") u32 matrix(u32 rounds) {
  enum { N = 48 };
  u32 *a = words, *b = words + N * N, *c = words + 2 * N * N;
  for (u32 i = 0; i < 2 * N * N; i++) words[i] = i * 2654435761u;
  while (rounds--) {
    for (u32 i = 0; i < N; i++)
      for (u32 k = 0; k < N; k++) {
        u32 sum = 0;
        for (u32 j = 0; j < N; j++) sum += a[i * N + j] * b[j * N + k];
        c[i * N + k] = sum;
      }
    a[rounds % (N * N)] ^= c[rounds % N];
  }
  return c[N + 1];
}

static void sort_range(u32 *v, int low, int high) {
  while (low < high) {
    u32 pivot = v[(low + high) >> 1];
    int i = low, k = high;
    while (i <= k) {
      while (v[i] < pivot) i++;
      while (v[k] > pivot) k--;
      if (i <= k) {
        u32 t = v[i];
        v[i++] = v[k];
        v[k--] = t;
      }
    }
    sort_range(v, low, k);
    low = i;
  }
}

/* Recursion, comparisons that no processor can predict, swaps. */
EXPORT("sort") u32 sort(u32 rounds) {
  u32 state = 2463534242u, sum = 0;
  while (rounds--) {
    for (u32 i = 0; i < 4096; i++) words[i] = next_random(&state);
    sort_range(words, 0, 4095);
    sum += words[2048];
  }
  return sum;
}

__attribute__((noinline)) static u32 fibonacci(u32 n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/* Calls and little else. */
EXPORT("calls") u32 calls(u32 rounds) {
  u32 sum = 0;
  while (rounds--) sum ^= fibonacci(16 + (sum & 3));
  return sum;
}

/* Floating point with state in memory: a cascade of filters. */
EXPORT("filter") u32 filter(u32 rounds) {
  static float state[8];
  u32 seed = 88172645u;
  for (u32 i = 0; i < 4096; i++) samples[i] = (float)(next_random(&seed) & 0xfff);
  float peak = 0;
  while (rounds--)
    for (u32 i = 0; i < 4096; i++) {
      float x = samples[i];
      for (u32 k = 0; k < 8; k++) {
        state[k] += (x - state[k]) * 0.3f;
        x = state[k];
      }
      if (x > peak) peak = x;
    }
  return (u32)peak;
}

/* Arithmetic in registers: few loads, long blocks. */
EXPORT("hash") u32 hash(u32 rounds) {
  u32 a = 1, b = 2, c = 3, d = 4;
  for (u32 i = 0; i < rounds * 20000; i++) {
    a = (a ^ b) * 16777619u + i;
    b = (b << 7 | b >> 25) ^ c;
    c = (c + d) * 2246822519u;
    d = (d >> 15) ^ a;
  }
  return a ^ b ^ c ^ d;
}

/* An interpreter: a switch in a loop, unpredictable and short. */
EXPORT("machine") u32 machine(u32 rounds) {
  u32 seed = 123456789u, acc = 0, x = 1, y = 2;
  for (u32 i = 0; i < 1024; i++) bytes[i] = (u8)(next_random(&seed) % 10);
  for (u32 n = 0; n < rounds; n++)
    for (u32 pc = 0; pc < 1024; pc++)
      switch (bytes[pc]) {
      case 0: acc += x; break;
      case 1: acc ^= y; break;
      case 2: x = acc + pc; break;
      case 3: y = acc * 3; break;
      case 4: words[acc & 1023] = x; break;
      case 5: x = words[y & 1023]; break;
      case 6: if (acc & 1) pc++; break;
      case 7: acc = acc << 1 | acc >> 31; break;
      case 8: y -= x; break;
      default: acc += 7;
      }
  return acc;
}

static int parse(const u8 *text, u32 length) {
  int fields = 0, value = 0, sign = 1;
  for (u32 i = 0; i < length; i++) {
    u8 c = text[i];
    if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
    else if (c == '-') sign = -1;
    else if (c == ',' || c == '\n') {
      fields ^= sign * value;
      value = 0;
      sign = 1;
    } else return -1;
  }
  return fields;
}

/* Text: writes numbers and reads them back. */
EXPORT("text") u32 text(u32 rounds) {
  u32 seed = 362436069u, sum = 0;
  while (rounds--) {
    u32 at = 0;
    while (at < sizeof bytes - 16) {
      u32 value = next_random(&seed) % 100000;
      if (value & 1) bytes[at++] = '-';
      u8 digits[10];
      int count = 0;
      do digits[count++] = (u8)('0' + value % 10);
      while (value /= 10);
      while (count) bytes[at++] = digits[--count];
      bytes[at++] = ',';
    }
    sum += (u32)parse(bytes, at);
  }
  return sum;
}
