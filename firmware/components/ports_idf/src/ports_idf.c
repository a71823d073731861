#include "ports_idf.h"

#include <stdatomic.h>

#include "esp_check.h"
#include "ports_private.h"
#include "serial_line.h"

static const char *TAG = "ports";

static _Atomic(struct node *) s_node;

struct node *ports_node(void)
{
    return atomic_load(&s_node);
}

esp_err_t ports_idf_open(struct node_ports *ports)
{
    /* First of all: until its pin is driven the relay floats. */
    ESP_RETURN_ON_ERROR(board_port_open(&ports->board), TAG, "probe, relay or lights");
    ESP_RETURN_ON_ERROR(serial_line_open(), TAG, "serial line");
    ESP_RETURN_ON_ERROR(system_port_open(&ports->system), TAG, "system");
    ESP_RETURN_ON_ERROR(identity_read(&ports->identity), TAG, "identity");
    ESP_RETURN_ON_ERROR(clock_port_open(&ports->clock), TAG, "clock");
    ESP_RETURN_ON_ERROR(values_port_open(&ports->values), TAG, "stored values");
    ESP_RETURN_ON_ERROR(flash_port_open(&ports->guest_slots, &ports->outbox), TAG, "flash");
    ESP_RETURN_ON_ERROR(wifi_port_open(&ports->wifi), TAG, "Wi-Fi");
    ESP_RETURN_ON_ERROR(clock_port_ask_network(), TAG, "time");
    ESP_RETURN_ON_ERROR(mdns_port_open(&ports->mdns), TAG, "mDNS");
    ESP_RETURN_ON_ERROR(mqtt_port_open(&ports->mqtt), TAG, "MQTT");
    ports->rules = (struct node_rules) {
        .pump_longest_s = CONFIG_CONTINUUM_PUMP_LONGEST_S,
        .metrics_period_s = CONFIG_CONTINUUM_METRICS_PERIOD_S,
        .keep_alive_s = CONFIG_CONTINUUM_KEEP_ALIVE_S,
#if CONFIG_CONTINUUM_NATIVE_GUEST
        .native_guest = true,
#endif
    };
    return ESP_OK;
}

esp_err_t ports_idf_attach(struct node *node)
{
    atomic_store(&s_node, node);
    return serial_line_listen();
}
