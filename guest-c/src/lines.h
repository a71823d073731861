/*
 * Lines in, one answer a line out, free of any host. A line is `raw` or `raw,dry,wet,threshold`,
 * decimal, without blanks; the answer is a JSON object and a newline. A line that is neither gets
 * {"error":"..."} and leaves the filter and the detector as they were.
 */
#ifndef LINES_H
#define LINES_H

#include "irrigation.h"

/* Four int32_t with commas and a carriage return are at most 48 bytes. */
#define LINES_MAX_BYTES 63

/* All-zero bytes are a valid initial state. */
struct lines {
    char line[LINES_MAX_BYTES + 1];
    uint32_t length;
    bool overlong;
    struct irrigation_filter filter;
    struct irrigation_detector detector;
    /* The last answer, NUL-terminated. Longest: 76 bytes for a reading, 74 for an error. */
    char answer[96];
    uint32_t answer_length;
};

/* Takes one byte of input; true when it ended a line and the answer is ready. */
bool lines_feed(struct lines *lines, char byte);

/* Ends the input; true when it had a last line without a newline and the answer is ready. */
bool lines_end(struct lines *lines);

#endif
