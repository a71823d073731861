/* Requests over a serial line, one at a time, and the answers to them. */
#ifndef IMPROV_LINK_H
#define IMPROV_LINK_H

#include "improv_frame.h"

enum improv_command {
    IMPROV_WIFI = 0x01,
    IMPROV_CURRENT_STATE = 0x02,
    IMPROV_DEVICE = 0x03,
    IMPROV_SCAN = 0x04,
    IMPROV_SET = 0xa0,
    IMPROV_APPLY = 0xa1,
    IMPROV_SETTINGS = 0xa2,
    IMPROV_GUEST_BEGIN = 0xa3,
    IMPROV_GUEST_DATA = 0xa4,
    IMPROV_GUEST_END = 0xa5,
    IMPROV_STATUS = 0xa6,
    IMPROV_NODE_COMMAND = 0xa7,
    IMPROV_CALIBRATE = 0xa8,
    IMPROV_NETWORKS = 0xa9,
    IMPROV_FORGET = 0xaa,
    IMPROV_ERASE_SETTINGS = 0xab,
};

/* Improv's own: what a board says it is in. */
enum improv_state {
    IMPROV_READY = 2,
    IMPROV_PROVISIONING = 3,
    IMPROV_PROVISIONED = 4,
};

enum improv_error {
    IMPROV_NO_ERROR = 0,
    IMPROV_INVALID_REQUEST = 1,
    IMPROV_UNKNOWN_COMMAND = 2,
    IMPROV_UNABLE_TO_CONNECT = 3,
};

/* Bytes of the second string of an answer with one, so that both fit into a frame. */
#define IMPROV_PIECE_BYTES 240

struct improv_link_port {
    void *context;
    void (*write)(void *context, const uint8_t *bytes, size_t size);
    /* A request has come. It is at work until one of the functions below ends it, which may be long after this returns. */
    void (*request)(void *context, uint8_t command, const uint8_t *data, uint8_t size);
};

struct improv_link {
    const struct improv_link_port *port;
    struct improv_parser parser;
    /* The request at work; 0 when there is none. */
    uint8_t at_work;
};

void improv_link_open(struct improv_link *link, const struct improv_link_port *port);

void improv_link_take(struct improv_link *link, const uint8_t *bytes, size_t size);

/* Says, asked or not, what the board is in. */
void improv_link_say_state(struct improv_link *link, enum improv_state state);

/* A result of the request at work that does not end it: `item` and these strings. */
void improv_link_item(struct improv_link *link, const char *const *strings, size_t count);

/* Ends the request at work: `ok`, and `detail` unless it is NULL. A longer one goes before it in pieces, as `item`. */
void improv_link_ok(struct improv_link *link, const char *detail);

/* Ends it: `refused` and the sentence. */
void improv_link_refuse(struct improv_link *link, const char *sentence);

/* A result of one of Improv's own requests: the strings as they are; `last` ends it. */
void improv_link_plain(struct improv_link *link, const char *const *strings, size_t count, bool last);

/* Ends one of Improv's own requests with an error, or with none when only a state answers it. */
void improv_link_error(struct improv_link *link, enum improv_error error);

#endif
