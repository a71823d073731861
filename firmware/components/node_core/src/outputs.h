/* The relay and the lights: what the guest asked for, and when the pump has to rest. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include <pthread.h>

#include "node_ports.h"

enum pump { PUMP_OFF, PUMP_RUNNING, PUMP_RESTING };

struct outputs {
    const struct node_board_port *board;
    int64_t longest_us;
    /* The guest's thread and the node's both come here. */
    pthread_mutex_t lock;
    enum pump pump;
    /* Since when it runs or rests. A run goes on through pauses that are too short for the soil to take the water. */
    int64_t since_us;
    /* When it went off last. */
    int64_t off_us;
};

void outputs_open(struct outputs *outputs, const struct node_board_port *board, uint32_t longest_s);
void outputs_close(struct outputs *outputs);

/* As the guest asks. A pump that rests stays off. */
void outputs_set(struct outputs *outputs, int32_t pin, bool high, int64_t now_us);

/* No guest, no watering. */
void outputs_all_off(struct outputs *outputs, int64_t now_us);

/* Whether the pump has just been stopped because it ran too long. `next_us`: when to look again. */
bool outputs_watch(struct outputs *outputs, int64_t now_us, int64_t *next_us);

#endif
