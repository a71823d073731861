#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"
#include "freertos/task.h"
#include "mqtt_job.h"
#include "mqtt_session.h"
#include "ports_private.h"

/*
 * The client's calls wait for its lock, which its task holds while it connects (10 s) and while it hands an event to the
 * node. The node would wait for itself; so a task of its own makes them, and the node never waits.
 */
#define JOBS 24
/* Kept free for connecting and disconnecting. */
#define SPARE_JOBS 6
/* A message goes out through TLS on this task. */
#define STACK_BYTES 6144
#define PRIORITY 4

static const char *TAG = "mqtt";

static QueueHandle_t s_jobs;

/* On the node's thread. */
static uint32_t s_connection;
static int32_t s_last_token;

/* On the task. The session uses its options to its end. */
static struct mqtt_session *s_session;
static struct node_mqtt_options *s_options;
static uint32_t s_session_connection;

static void s_close(bool goodbye)
{
    mqtt_session_close(s_session, goodbye);
    s_session = NULL;
    free(s_options);
    s_options = NULL;
}

static void s_open(struct node_mqtt_options *options, uint32_t connection)
{
    s_close(true);
    s_options = options;
    s_session_connection = connection;
    s_session = mqtt_session_open(options, connection);
    if (s_session == NULL) {
        node_post_mqtt_offline(ports_node(), connection, "The MQTT client could not start: too little memory, or a wrong setting.");
    }
}

static void s_do(const struct mqtt_job *job)
{
    if (job->kind == MQTT_JOB_CONNECT) {
        s_open(job->of.options, job->connection);
        return;
    }
    if (s_session != NULL && job->connection == s_session_connection) {
        if (job->kind == MQTT_JOB_DISCONNECT) {
            s_close(job->goodbye);
        } else if (job->kind == MQTT_JOB_SUBSCRIBE) {
            mqtt_session_subscribe(s_session, job->of.topic);
        } else {
            mqtt_session_publish(s_session, job->of.publication, job->token);
        }
    }
    free(job->of.any);
}

static void s_work(void *unused)
{
    struct mqtt_job job;

    while (true) {
        if (xQueueReceive(s_jobs, &job, portMAX_DELAY) == pdTRUE) {
            s_do(&job);
        }
    }
}

/* Takes what the job owns, also when it returns false. */
static bool s_give(struct mqtt_job job, UBaseType_t spare)
{
    job.connection = s_connection;
    if (job.of.any != NULL && uxQueueSpacesAvailable(s_jobs) > spare && xQueueSend(s_jobs, &job, 0) == pdTRUE) {
        return true;
    }
    free(job.of.any);
    return false;
}

static bool s_connect(void *context, const struct node_mqtt_options *options)
{
    (void)context;
    s_connection++;
    return s_give((struct mqtt_job) {.kind = MQTT_JOB_CONNECT, .of.options = mqtt_job_copy_options(options)}, 0);
}

static void s_disconnect(void *context, bool goodbye)
{
    (void)context;
    struct mqtt_job job = {.kind = MQTT_JOB_DISCONNECT, .connection = s_connection, .goodbye = goodbye};
    /* There is room, but for a node that connects several times in the ten seconds that one attempt may take. */
    xQueueSend(s_jobs, &job, portMAX_DELAY);
}

static bool s_subscribe(void *context, const char *topic)
{
    (void)context;
    return s_give((struct mqtt_job) {.kind = MQTT_JOB_SUBSCRIBE, .of.topic = strdup(topic)}, SPARE_JOBS);
}

static int32_t s_publish(void *context, const struct node_mqtt_publication *publication)
{
    (void)context;
    struct mqtt_job job = {.kind = MQTT_JOB_PUBLISH, .of.publication = mqtt_job_copy_publication(publication)};
    if (publication->qos > 0) {
        s_last_token = s_last_token == INT32_MAX ? 1 : s_last_token + 1;
        job.token = s_last_token;
    }
    return s_give(job, SPARE_JOBS) ? job.token : -1;
}

esp_err_t mqtt_port_open(struct node_mqtt_port *port)
{
    s_jobs = xQueueCreate(JOBS, sizeof(struct mqtt_job));
    ESP_RETURN_ON_FALSE(s_jobs != NULL, ESP_ERR_NO_MEM, TAG, "no memory for the queue");
    ESP_RETURN_ON_FALSE(xTaskCreate(s_work, "mqtt_jobs", STACK_BYTES, NULL, PRIORITY, NULL) == pdPASS, ESP_ERR_NO_MEM,
                        TAG, "no memory for the task");
    *port = (struct node_mqtt_port) {
        .connect = s_connect,
        .disconnect = s_disconnect,
        .subscribe = s_subscribe,
        .publish = s_publish,
    };
    return ESP_OK;
}
