/* The Wi-Fi networks that a board may join, any number that NVS has room for; the last that worked is the first. */
#ifndef NETWORKS_H
#define NETWORKS_H

#include "node_ports.h"

#define NETWORKS_MOST 32

struct network {
    char ssid[NODE_SSID_BYTES + 1];
    char password[NODE_PASSPHRASE_BYTES + 1];
};

struct networks {
    const struct guest_values *values;
    struct network *list;
    size_t count;
};

void networks_open(struct networks *networks, const struct guest_values *values);
void networks_close(struct networks *networks);

/* NULL when it is not stored. */
const struct network *networks_find(const struct networks *networks, const char *ssid);

/* Adds it, or replaces its password. False when there is no room for it. */
bool networks_put(struct networks *networks, const char *ssid, const char *password);

/* True also when it was not stored. */
bool networks_forget(struct networks *networks, const char *ssid);

#endif
