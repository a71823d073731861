/* A board as a process: files for its flash, a pty for its serial line, libmosquitto for its network. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board.h"

#define LONGEST_WAIT_US 200000

static volatile sig_atomic_t s_asked_to_end;

static void s_end(int signal)
{
    (void)signal;
    s_asked_to_end = 1;
}

static void s_catch_signals(void)
{
    struct sigaction action = {.sa_handler = s_end};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* A restart of the board is a new process in the place of this one. */
static void s_start_again(int count, char **arguments)
{
    char **again = calloc((size_t)count + 2, sizeof *again);
    static char reset[] = "--reset=software";
    if (again == NULL) {
        return;
    }
    int kept = 0;
    for (int at = 0; at < count; at++) {
        if (strncmp(arguments[at], "--reset=", 8) != 0) {
            again[kept++] = arguments[at];
        }
    }
    again[kept] = reset;
    execv("/proc/self/exe", again);
    perror("The board could not be started again");
    free(again);
}

static void s_live(struct board *board)
{
    int64_t now_us = node_wait(board->node, 0);
    while (!s_asked_to_end && !atomic_load(&board->restart)) {
        int64_t next_us = node_poll(board->node, now_us);
        int64_t longest_us = now_us + LONGEST_WAIT_US;
        now_us = node_wait(board->node, next_us < longest_us ? next_us : longest_us);
    }
}

int main(int count, char **arguments)
{
    static struct board board;
    static struct node_ports ports;
    int exit_code = 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!board_options_read(&board.options, count, arguments, &exit_code)) {
        return exit_code;
    }
    exit_code = 1;
    pthread_mutex_init(&board.serial_lock, NULL);
    pthread_mutex_init(&board.soil_lock, NULL);
    pthread_mutex_init(&board.mqtt_lock, NULL);
    s_catch_signals();
    mkdir(board.options.state, 0700);
    clock_port_open(&ports);
    if (!value_files_open(&board, &ports) || !flash_files_open(&board, &ports) || !serial_pty_open(&board) ||
        !soil_probe_open(&board, &ports)) {
        return exit_code;
    }
    system_ports_open(&board, &ports);
    network_ports_open(&board, &ports);
    mqtt_mosquitto_open(&board, &ports);
    ports.rules.native_guest = board.options.native;
    ports.rules.metrics_period_s = board.options.metrics_s;
    if (!provision(&board, &ports) || !install_guest(&board, &ports)) {
        goto close_serial;
    }
    board.node = node_create(&ports);
    if (board.node == NULL) {
        fprintf(stderr, "There is no memory for a node.\n");
        goto close_serial;
    }
    serial_pty_listen(&board);
    node_start(board.node);
    s_live(&board);
    bool again = atomic_load(&board.restart);
    if (!again) {
        node_stop(board.node);
    }
    serial_pty_close(&board);
    node_destroy(board.node);
    if (again) {
        s_start_again(count, arguments);
        return exit_code;
    }
    return 0;
close_serial:
    serial_pty_close(&board);
    return exit_code;
}
