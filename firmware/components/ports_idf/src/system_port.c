#include <inttypes.h>
#include <string.h>

#include "esp_log.h"
#include "esp_random.h"
#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "ports_private.h"
#include "serial_line.h"

static void s_restart(void *context)
{
    (void)context;
    /* What was said last leaves the line first. */
    serial_line_flush();
    esp_restart();
}

static uint32_t s_heap_free_bytes(void *context)
{
    (void)context;
    return esp_get_free_heap_size();
}

static int32_t s_stack_free_bytes(void *context)
{
    (void)context;
    /* ESP-IDF counts stacks in bytes. */
    return uxTaskGetStackHighWaterMark(NULL);
}

static void s_random(void *context, void *bytes, size_t size)
{
    (void)context;
    esp_fill_random(bytes, size);
}

static void s_serial_write(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    serial_line_write(bytes, size);
}

static esp_log_level_t s_level(char level)
{
    static const char letters[] = "NEWIDV";
    const char *found = strchr(letters, level);
    return found == NULL || level == '\0' ? ESP_LOG_INFO : (esp_log_level_t)(found - letters);
}

static void s_log(void *context, char level, const char *tag, const char *text)
{
    (void)context;
    esp_log_level_t at = s_level(level);
    if (at <= esp_log_level_get(tag)) {
        esp_log_write(at, tag, "%c (%" PRIu32 ") %s: %s\n", level, esp_log_timestamp(), tag, text);
    }
}

esp_err_t system_port_open(struct node_system_port *port)
{
    *port = (struct node_system_port) {
        .restart = s_restart,
        .heap_free_bytes = s_heap_free_bytes,
        .stack_free_bytes = s_stack_free_bytes,
        .random = s_random,
        .serial_write = s_serial_write,
        .log = s_log,
    };
    return ESP_OK;
}
