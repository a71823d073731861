#include <string.h>

#include "improv_frame.h"

static const uint8_t s_head[] = {'I', 'M', 'P', 'R', 'O', 'V', 1};

size_t improv_frame_write(enum improv_type type, const uint8_t *data, uint8_t size, uint8_t *bytes)
{
    uint8_t *at = bytes;
    *at++ = '\n';
    memcpy(at, s_head, sizeof s_head);
    at += sizeof s_head;
    *at++ = (uint8_t)type;
    *at++ = size;
    if (size > 0) {
        memcpy(at, data, size);
        at += size;
    }
    uint8_t sum = 0;
    for (const uint8_t *byte = bytes + 1; byte < at; byte++) {
        sum = (uint8_t)(sum + *byte);
    }
    *at++ = sum;
    *at++ = '\n';
    return (size_t)(at - bytes);
}
