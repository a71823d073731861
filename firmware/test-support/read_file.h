#ifndef READ_FILE_H
#define READ_FILE_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of a file, to be freed, with a NUL behind them. Ends the program with a sentence when it cannot be read. */
uint8_t *read_file(const char *path, size_t *size);

#endif
