/* The board that this process is: what the ports of its parts share. */
#ifndef BOARD_H
#define BOARD_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "node.h"

#define BOARD_SECTOR_BYTES 4096
/* As in firmware/partitions.csv. */
#define BOARD_PARTITION_BYTES 0x40000

struct board_options {
    const char *state;
    const char *node;
    const char *root;
    const char *broker;
    const char *user;
    const char *password;
    const char *ca_file;
    const char *keys_file;
    const char *guest_file;
    const char *soil_file;
    const char *serial_link;
    enum node_reset reset;
    uint32_t seed;
    uint32_t period_ms;
    uint32_t metrics_s;
    bool native;
};

/* False when the process is done: it has explained itself. */
bool board_options_read(struct board_options *options, int count, char **arguments, int *exit_code);

struct board {
    struct board_options options;
    struct node *node;
    atomic_bool restart;

    /* Between text and frames of the serial line. */
    pthread_mutex_t serial_lock;
    int serial;

    char values_folder[PATH_MAX];
    int guest_slots[GUEST_SLOTS];
    int outbox;

    pthread_mutex_t soil_lock;
    FILE *soil_script;
    int32_t soil_value;
    uint32_t soil_samples;
    uint32_t soil_random;
    double soil_water;
    int64_t soil_us;
    bool pump;

    struct mqtt_line *line;
    uint32_t connections;
    pthread_mutex_t mqtt_lock;
};

/* Each fills in a port; false: it has said why not. */
bool flash_files_open(struct board *board, struct node_ports *ports);
bool value_files_open(struct board *board, struct node_ports *ports);
bool serial_pty_open(struct board *board);
void serial_pty_close(struct board *board);
bool soil_probe_open(struct board *board, struct node_ports *ports);
void clock_port_open(struct node_ports *ports);
void system_ports_open(struct board *board, struct node_ports *ports);
void network_ports_open(struct board *board, struct node_ports *ports);
void mqtt_mosquitto_open(struct board *board, struct node_ports *ports);

/* Lets bytes come in from now on: the node is there. */
void serial_pty_listen(struct board *board);

/* What the command line says, as if it had come over the serial line. */
bool provision(struct board *board, const struct node_ports *ports);

/* Gives a board without a guest its first. */
bool install_guest(struct board *board, const struct node_ports *ports);

void board_write_serial(struct board *board, const void *bytes, size_t size);
void board_log(struct board *board, char level, const char *tag, const char *text);

#endif
