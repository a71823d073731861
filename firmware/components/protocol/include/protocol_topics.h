/* Whose topic is whose: `ROOT/NODE/KIND`. */
#ifndef PROTOCOL_TOPICS_H
#define PROTOCOL_TOPICS_H

#include "protocol_text.h"

#define PROTOCOL_DEFAULT_ROOT "ic"
#define PROTOCOL_NODE_ID_BYTES 32
#define PROTOCOL_ROOT_BYTES 64
/* Of a full topic, with its NUL; what a guest writes has up to 128 bytes. */
#define PROTOCOL_TOPIC_BYTES (PROTOCOL_ROOT_BYTES + PROTOCOL_NODE_ID_BYTES + 128 + 3)

/* Whether it can name a node; it also serves as MQTT client id. */
bool protocol_check_node_id(const char *id, struct protocol_reason *reason);

/* Whether it can be the topic root. It may have several levels. */
bool protocol_check_root(const char *root, struct protocol_reason *reason);

/* `ROOT/NODE/KIND` into `PROTOCOL_TOPIC_BYTES` at `topic`. */
void protocol_node_topic(const char *root, const char *node, const char *kind, char *topic);

#endif
