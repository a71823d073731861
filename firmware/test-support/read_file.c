#include "read_file.h"

#include <stdio.h>
#include <stdlib.h>

uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    long length = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        length = ftell(file);
        rewind(file);
    }
    uint8_t *bytes = length < 0 ? NULL : malloc((size_t)length + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)length, file) != (size_t)length) {
        fprintf(stderr, "%s cannot be read.\n", path);
        exit(1);
    }
    fclose(file);
    bytes[length] = 0;
    *size = (size_t)length;
    return bytes;
}
