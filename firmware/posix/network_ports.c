/* The network of the machine, dressed as Wi-Fi: one open network that is always in reach. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"

#define ONLY_NETWORK "this-computer"
#define SIGNAL_DBM (-40)

static void s_scan(void *context)
{
    struct board *board = context;
    node_post_network(board->node, ONLY_NETWORK, SIGNAL_DBM, false);
    node_post_scan_done(board->node);
}

static void s_connect(void *context, const char *ssid, const char *password)
{
    struct board *board = context;
    (void)password;
    if (strcmp(ssid, ONLY_NETWORK) == 0) {
        node_post_wifi_online(board->node, "127.0.0.1");
    } else {
        node_post_wifi_offline(board->node, NODE_WIFI_NOT_FOUND, NULL);
    }
}

static void s_disconnect(void *context)
{
    (void)context;
}

/* It has no signal to measure. */
static int s_rssi_dbm(void *context)
{
    (void)context;
    return 0;
}

struct question {
    struct board *board;
    char name[256];
};

static void *s_ask(void *context)
{
    struct question *question = context;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char address[INET6_ADDRSTRLEN] = "";
    if (getaddrinfo(question->name, NULL, &hints, &found) == 0) {
        getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST);
        freeaddrinfo(found);
    }
    node_post_resolved(question->board->node, address[0] == 0 ? NULL : address, NULL, 0);
    free(question);
    return NULL;
}

static void s_resolve(void *context, const char *name)
{
    struct board *board = context;
    struct question *question = name == NULL ? NULL : calloc(1, sizeof *question);
    pthread_t thread;
    if (question != NULL) {
        question->board = board;
        snprintf(question->name, sizeof question->name, "%s", name);
        if (pthread_create(&thread, NULL, s_ask, question) == 0) {
            pthread_detach(thread);
            return;
        }
        free(question);
    }
    /* Services are announced to real boards: this one is told its broker. */
    node_post_resolved(board->node, NULL, NULL, 0);
}

void network_ports_open(struct board *board, struct node_ports *ports)
{
    ports->wifi = (struct node_wifi_port){
        .context = board, .scan = s_scan, .connect = s_connect, .disconnect = s_disconnect, .rssi_dbm = s_rssi_dbm};
    ports->mdns = (struct node_mdns_port){.context = board, .resolve = s_resolve};
}
