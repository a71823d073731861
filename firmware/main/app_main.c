#include "esp_check.h"
#include "esp_task_wdt.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "node.h"
#include "nvs_flash.h"
#include "ports_idf.h"

/* The node is polled at least this often, or the watchdog would take its waiting for a hang. */
#define POLL_AT_LEAST_US (CONFIG_ESP_TASK_WDT_TIMEOUT_S * 1000000LL / 4)

/* Above the guest's thread (CONFIG_PTHREAD_TASK_PRIO_DEFAULT), which computes as long as its budget lasts. */
#define NODE_PRIORITY 4

static esp_err_t s_open_nvs(void)
{
    esp_err_t err = nvs_flash_init();
    if (err == ESP_ERR_NVS_NO_FREE_PAGES || err == ESP_ERR_NVS_NEW_VERSION_FOUND) {
        /* What another firmware left there cannot be read, and would be in the way for ever. */
        err = nvs_flash_erase();
        if (err == ESP_OK) {
            err = nvs_flash_init();
        }
    }
    return err;
}

void app_main(void)
{
    /* Static: too large for a stack. */
    static struct node_ports ports;

    vTaskPrioritySet(NULL, NODE_PRIORITY);
    ESP_ERROR_CHECK(s_open_nvs());
    ESP_ERROR_CHECK(ports_idf_open(&ports));
    struct node *node = node_create(&ports);
    ESP_ERROR_CHECK(node == NULL ? ESP_ERR_NO_MEM : ESP_OK);
    ESP_ERROR_CHECK(ports_idf_attach(node));
    ESP_ERROR_CHECK(esp_task_wdt_add(NULL));

    node_start(node);
    int64_t now_us = esp_timer_get_time();
    while (true) {
        int64_t until_us = node_poll(node, now_us);
        if (until_us > now_us + POLL_AT_LEAST_US) {
            until_us = now_us + POLL_AT_LEAST_US;
        }
        ESP_ERROR_CHECK(esp_task_wdt_reset());
        now_us = node_wait(node, until_us);
    }
}
