/* How the ports are opened, and where they post what happens. One of each in a board. */
#ifndef PORTS_PRIVATE_H
#define PORTS_PRIVATE_H

#include "esp_err.h"
#include "node_events.h"

/* The node that events are posted to; NULL until it is attached. */
struct node *ports_node(void);

esp_err_t board_port_open(struct node_board_port *port);
esp_err_t clock_port_open(struct node_clock_port *port);
/* After Wi-Fi: asks for the time whenever there is a network. */
esp_err_t clock_port_ask_network(void);
/* A partition that is missing leaves its port with a size of 0. */
esp_err_t flash_port_open(struct guest_flash *guest_slots, struct node_flash *outbox);
esp_err_t identity_read(struct node_identity *identity);
/* After Wi-Fi. */
esp_err_t mdns_port_open(struct node_mdns_port *port);
esp_err_t mqtt_port_open(struct node_mqtt_port *port);
esp_err_t system_port_open(struct node_system_port *port);
esp_err_t values_port_open(struct node_values_port *port);
esp_err_t wifi_port_open(struct node_wifi_port *port);

#endif
