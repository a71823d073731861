/* Runs a target on inputs made from its seeds. `NAME [SEED [INPUTS]]`; a crash prints the input that led to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"

static uint64_t s_state;
static uint8_t s_input[FUZZ_MOST_BYTES];
static size_t s_size;

/* xorshift64* */
static uint32_t s_chance(uint32_t below)
{
    s_state ^= s_state >> 12;
    s_state ^= s_state << 25;
    s_state ^= s_state >> 27;
    return (uint32_t)((s_state * 2685821657736338717ull) >> 33) % below;
}

static void s_change(void)
{
    static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '"', '{', '[', '\\', '-', '0', '9', '/', ':'};
    uint32_t at = s_size == 0 ? 0 : s_chance((uint32_t)s_size);
    uint32_t length = s_size == 0 ? 0 : 1 + s_chance((uint32_t)(s_size - at < 16 ? s_size - at : 16));
    switch (s_chance(6)) {
    case 0:
        s_input[at] ^= (uint8_t)(1u << s_chance(8));
        break;
    case 1:
        s_input[at] = telling[s_chance(sizeof telling)];
        break;
    case 2:
        s_input[at] = (uint8_t)s_chance(256);
        break;
    case 3:
        memmove(s_input + at, s_input + at + length, s_size - at - length);
        s_size -= length;
        break;
    case 4:
        if (s_size + length <= sizeof s_input) {
            memmove(s_input + at + length, s_input + at, s_size - at);
            s_size += length;
        }
        break;
    default:
        s_size = s_size == 0 ? 0 : s_chance((uint32_t)s_size) + 1;
    }
}

static void s_tell(void)
{
    fprintf(stderr, "input of %zu bytes:", s_size);
    for (size_t at = 0; at < s_size; at++) {
        fprintf(stderr, " %02x", s_input[at]);
    }
    fprintf(stderr, "\n");
}

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

int main(int count, char **arguments)
{
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    unsigned long inputs = count > 2 ? strtoul(arguments[2], NULL, 10) : 20000;
    unsigned seeds = 0;
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(s_tell);
    }
    s_state = seed * 0x9e3779b97f4a7c15ull | 1;
    while ((s_size = fuzz_seed(seeds, s_input)) > 0) {
        LLVMFuzzerTestOneInput(s_input, s_size);
        seeds++;
    }
    for (unsigned long input = 0; input < inputs; input++) {
        s_size = fuzz_seed(s_chance(seeds), s_input);
        for (uint32_t changes = 1 + s_chance(8); changes > 0; changes--) {
            s_change();
        }
        LLVMFuzzerTestOneInput(s_input, s_size);
    }
    printf("%lu inputs from %u seeds, seed %llu\n", inputs, seeds, (unsigned long long)seed);
    return 0;
}
