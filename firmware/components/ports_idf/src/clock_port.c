#include <sys/time.h>

#include "esp_check.h"
#include "esp_netif_sntp.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "ports_private.h"

/* 1 January 2024. Before it the clock was not set: it begins in 1970 at power-on. */
#define FIRST_CREDIBLE_S 1704067200

static const char *TAG = "clock";

static int64_t s_uptime_us(void *context)
{
    (void)context;
    return esp_timer_get_time();
}

static int64_t s_wall_us(void *context)
{
    (void)context;
    struct timeval now;
    if (gettimeofday(&now, NULL) != 0 || now.tv_sec < FIRST_CREDIBLE_S) {
        return 0;
    }
    return (int64_t)now.tv_sec * 1000000 + now.tv_usec;
}

static void s_sleep_ms(void *context, uint32_t ms)
{
    (void)context;
    /* Rounded up: sleeping for 0 ticks would starve lower priorities. */
    vTaskDelay((ms + portTICK_PERIOD_MS - 1) / portTICK_PERIOD_MS);
}

esp_err_t clock_port_open(struct node_clock_port *port)
{
    *port = (struct node_clock_port) {.uptime_us = s_uptime_us, .wall_us = s_wall_us, .sleep_ms = s_sleep_ms};
    return ESP_OK;
}

esp_err_t clock_port_ask_network(void)
{
    esp_sntp_config_t config = ESP_NETIF_SNTP_DEFAULT_CONFIG(CONFIG_CONTINUUM_NTP_SERVER);
    config.server_from_dhcp = true;
    /* DHCP would else put its server into the place of the first configured one, and forget it with the lease. */
    config.index_of_first_server = 1;
    config.renew_servers_after_new_IP = true;
    config.ip_event_to_renew = IP_EVENT_STA_GOT_IP;
    config.wait_for_sync = false;
    if (CONFIG_CONTINUUM_NTP_SERVER[0] == '\0') {
        config.num_of_servers = 0;
    }
    ESP_RETURN_ON_ERROR(esp_netif_sntp_init(&config), TAG, "no time from the network");
    return ESP_OK;
}
