/* A node of the continuum: what a board does between its first instruction and its last, without the board. */
#ifndef NODE_H
#define NODE_H

#include "node_events.h"
#include "node_ports.h"

struct node;

/*
 * Reads what is stored and counts the boot. NULL without memory. `ports` is copied; what it points to must last.
 * One in a process: the WAMR runtime under it is global.
 */
struct node *node_create(const struct node_ports *ports);

/* Starts the guest that is installed and goes online. After this, events may be posted. */
void node_start(struct node *node);

/* Does what is due. Returns when it wants to be called again, in microseconds since boot; earlier is no harm. */
int64_t node_poll(struct node *node, int64_t now_us);

/* Waits until an event is posted or it is `until_us`. Returns the time. */
int64_t node_wait(struct node *node, int64_t until_us);

/* Ends the guest and says goodbye to the broker. */
void node_stop(struct node *node);
void node_destroy(struct node *node);

#endif
