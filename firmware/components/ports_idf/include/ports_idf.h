/* The board under a node: the ports of node_core on ESP-IDF. */
#ifndef PORTS_IDF_H
#define PORTS_IDF_H

#include "esp_err.h"
#include "node_ports.h"

struct node;

/*
 * Puts relay and lights into their safe state first, then opens the serial line, flash, Wi-Fi and the rest. NVS must be
 * initialised. Fills `ports` for `node_create`.
 */
esp_err_t ports_idf_open(struct node_ports *ports);

/* From here on, events are posted to the node, and bytes from the serial line. */
esp_err_t ports_idf_attach(struct node *node);

#endif
