#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "esp_netif_ip_addr.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "mdns.h"
#include "ports_private.h"

#define NAME_PATIENCE_MS 5000
/* Shorter, as it is always spent: a first answer may hold an IPv6 address only, so others are waited for. */
#define BROKER_PATIENCE_MS 3000
#define MOST_ANSWERS 4
#define FINDER_STACK_BYTES 4096
#define FINDER_PRIORITY 4

static const char *TAG = "mdns";

/* `broker` or `broker.local` are the same name; queries go without the domain. */
static void s_cut_domain(char *name)
{
    static const char domain[] = ".local";
    size_t length = strlen(name);
    if (length > 0 && name[length - 1] == '.') {
        name[--length] = '\0';
    }
    size_t domain_length = sizeof domain - 1;
    if (length > domain_length && strcasecmp(name + length - domain_length, domain) == 0) {
        name[length - domain_length] = '\0';
    }
}

static void s_find_name(const char *name)
{
    char text[IP4ADDR_STRLEN_MAX];
    esp_ip4_addr_t address;
    const char *found = NULL;

    if (mdns_query_a(name, NAME_PATIENCE_MS, &address) == ESP_OK) {
        found = esp_ip4addr_ntoa(&address, text, sizeof text);
    }
    node_post_resolved(ports_node(), found, NULL, 0);
}

static bool s_first_ipv4(const mdns_result_t *result, char *text, size_t capacity)
{
    for (const mdns_ip_addr_t *address = result->addr; address != NULL; address = address->next) {
        if (address->addr.type == ESP_IPADDR_TYPE_V4) {
            return esp_ip4addr_ntoa(&address->addr.u_addr.ip4, text, capacity) != NULL;
        }
    }
    return false;
}

static void s_find_broker(void)
{
    char text[IP4ADDR_STRLEN_MAX];
    mdns_result_t *results = NULL;
    const mdns_result_t *broker = NULL;

    mdns_query_ptr("_mqtt", "_tcp", BROKER_PATIENCE_MS, MOST_ANSWERS, &results);
    for (const mdns_result_t *result = results; result != NULL && broker == NULL; result = result->next) {
        if (result->hostname != NULL && s_first_ipv4(result, text, sizeof text)) {
            broker = result;
        }
    }
    if (broker == NULL) {
        node_post_resolved(ports_node(), NULL, NULL, 0);
    } else {
        node_post_resolved(ports_node(), text, broker->hostname, broker->port);
    }
    mdns_query_results_free(results);
}

static void s_finder(void *owned_name)
{
    char *name = owned_name;
    if (name == NULL) {
        s_find_broker();
    } else {
        s_cut_domain(name);
        s_find_name(name);
        free(name);
    }
    vTaskDelete(NULL);
}

static void s_resolve(void *context, const char *name)
{
    (void)context;
    char *owned = name == NULL ? NULL : strdup(name);
    if ((name != NULL && owned == NULL) ||
        xTaskCreate(s_finder, "finder", FINDER_STACK_BYTES, owned, FINDER_PRIORITY, NULL) != pdPASS) {
        ESP_LOGE(TAG, "no memory to look for the broker");
        free(owned);
        node_post_resolved(ports_node(), NULL, NULL, 0);
    }
}

esp_err_t mdns_port_open(struct node_mdns_port *port)
{
    ESP_RETURN_ON_ERROR(mdns_init(), TAG, "mDNS does not start");
    *port = (struct node_mdns_port) {.resolve = s_resolve};
    return ESP_OK;
}
