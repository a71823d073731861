#include "mqtt_job.h"

#include <stdlib.h>
#include <string.h>

static size_t s_room(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

/* Copies to where `*end` points and moves it on. */
static const void *s_keep(char **end, const void *bytes, size_t count)
{
    if (bytes == NULL) {
        return NULL;
    }
    void *copy = *end;
    memcpy(copy, bytes, count);
    *end += count;
    return copy;
}

static const char *s_keep_text(char **end, const char *text)
{
    return s_keep(end, text, s_room(text));
}

struct node_mqtt_options *mqtt_job_copy_options(const struct node_mqtt_options *options)
{
    size_t texts = s_room(options->host) + s_room(options->address) + s_room(options->ca) + s_room(options->user) +
                   s_room(options->password) + s_room(options->client_id) + s_room(options->will_topic) +
                   s_room(options->will_payload);
    struct node_mqtt_options *copy = malloc(sizeof *copy + texts);
    if (copy == NULL) {
        return NULL;
    }
    char *end = (char *)(copy + 1);
    *copy = *options;
    copy->host = s_keep_text(&end, options->host);
    copy->address = s_keep_text(&end, options->address);
    copy->ca = s_keep_text(&end, options->ca);
    copy->user = s_keep_text(&end, options->user);
    copy->password = s_keep_text(&end, options->password);
    copy->client_id = s_keep_text(&end, options->client_id);
    copy->will_topic = s_keep_text(&end, options->will_topic);
    copy->will_payload = s_keep_text(&end, options->will_payload);
    return copy;
}

struct node_mqtt_publication *mqtt_job_copy_publication(const struct node_mqtt_publication *publication)
{
    size_t count = publication->property_count;
    size_t bytes = s_room(publication->topic) + publication->size + publication->correlation_size;
    for (size_t i = 0; i < count; i++) {
        bytes += s_room(publication->properties[i].name) + s_room(publication->properties[i].value);
    }
    /* The properties come first: behind bytes of any length their pointers would be misaligned. */
    struct {
        struct node_mqtt_publication publication;
        struct protocol_property properties[];
    } *copy = malloc(sizeof *copy + count * sizeof copy->properties[0] + bytes);
    if (copy == NULL) {
        return NULL;
    }
    char *end = (char *)&copy->properties[count];
    for (size_t i = 0; i < count; i++) {
        copy->properties[i].name = s_keep_text(&end, publication->properties[i].name);
        copy->properties[i].value = s_keep_text(&end, publication->properties[i].value);
    }
    copy->publication = *publication;
    copy->publication.properties = copy->properties;
    copy->publication.topic = s_keep_text(&end, publication->topic);
    copy->publication.payload = s_keep(&end, publication->payload, publication->size);
    copy->publication.correlation = s_keep(&end, publication->correlation, publication->correlation_size);
    return &copy->publication;
}
