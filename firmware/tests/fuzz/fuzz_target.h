#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_MOST_BYTES 2048

/* As libFuzzer calls it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A good input, from which others are made: its size; 0 when there are only fewer. */
size_t fuzz_seed(unsigned index, uint8_t bytes[FUZZ_MOST_BYTES]);

#endif
