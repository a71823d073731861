#include "esp_app_desc.h"
#include "esp_check.h"
#include "esp_mac.h"
#include "esp_system.h"
#include "ports_private.h"

static const char *TAG = "identity";

static enum node_reset s_reset(void)
{
    switch (esp_reset_reason()) {
    case ESP_RST_POWERON:
    case ESP_RST_EXT:
        return NODE_RESET_POWER;
    case ESP_RST_SW:
    case ESP_RST_DEEPSLEEP:
        return NODE_RESET_SOFTWARE;
    case ESP_RST_PANIC:
        return NODE_RESET_PANIC;
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT:
        return NODE_RESET_WATCHDOG;
    case ESP_RST_BROWNOUT:
    case ESP_RST_PWR_GLITCH:
        return NODE_RESET_BROWNOUT;
    default:
        return NODE_RESET_OTHER;
    }
}

esp_err_t identity_read(struct node_identity *identity)
{
    *identity = (struct node_identity) {
        .firmware = esp_app_get_description()->version,
        .chip = CONFIG_IDF_TARGET,
        .reset = s_reset(),
    };
    ESP_RETURN_ON_ERROR(esp_read_mac(identity->mac, ESP_MAC_WIFI_STA), TAG, "the chip has no MAC address");
    return ESP_OK;
}
