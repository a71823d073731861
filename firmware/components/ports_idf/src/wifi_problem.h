/* Why a network was not joined, or was lost. */
#ifndef WIFI_PROBLEM_H
#define WIFI_PROBLEM_H

#include <stddef.h>

#include "node_ports.h"

/*
 * What a `wifi_err_reason_t` means. `sentence` is filled for NODE_WIFI_OTHER. `joined` tells that the network had been
 * joined: then no password was wrong.
 */
enum node_wifi_problem wifi_problem(int reason, bool joined, char *sentence, size_t capacity);

#endif
