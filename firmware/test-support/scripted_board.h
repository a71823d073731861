/*
 * A board in virtual time: it answers a guest from a script and writes one line for each thing that happens. Guests take
 * no time, pauses take as long as they say.
 *
 * A script is text:
 *
 *   root ic
 *   node esp32-7
 *   cycle RAW DRY WET THRESHOLD PERIOD_MS HYSTERESIS [refuse]
 *
 * Each cycle holds from one read of the sensor to the next; RAW is what all of its samples are, -1 a missing probe;
 * with `refuse` the board takes no messages. Before the first read the first cycle holds. When the script is over, the
 * guest is asked to stop.
 */
#ifndef SCRIPTED_BOARD_H
#define SCRIPTED_BOARD_H

#include <stdio.h>

#include "guest_host.h"

#define SCRIPT_CYCLES_MAX 64
#define SCRIPT_KEYS 5

struct script_cycle {
    int32_t raw;
    int32_t config[SCRIPT_KEYS];
    bool refuse;
};

struct scripted_board {
    char root[65];
    char node[33];
    struct script_cycle cycles[SCRIPT_CYCLES_MAX];
    uint32_t count;

    /* Where the lines go; NULL for nowhere. */
    FILE *log;
    int64_t now_us;
    /* Of the reading under way. */
    uint32_t samples;
    uint32_t readings;
    uint32_t cycle;
    bool over;
    struct guest_port port;
};

/* Ends the program with a sentence for a script that cannot be read. */
void scripted_board_read(struct scripted_board *board, const char *script, FILE *log);

/* So many cycles of one reading under the defaults of the ABI. */
void scripted_board_steady(struct scripted_board *board, int32_t raw, uint32_t cycles, FILE *log);

/* Runs the guest to its end, and writes how that came about. False when it could not begin. */
bool scripted_board_run(struct scripted_board *board, const struct guest_code *code, const struct guest_limits *limits,
                        struct guest_report *report);

#endif
