#include "esp_check.h"
#include "nvs.h"
#include "nvs_flash.h"
#include "ports_private.h"

/* Wi-Fi's radio keeps its calibration in a namespace of its own. */
#define NAMESPACE "continuum"

static const char *TAG = "values";

static nvs_handle_t s_nvs;

static size_t s_read(void *context, const char *key, void *bytes, size_t capacity)
{
    (void)context;
    size_t size = capacity;
    return nvs_get_blob(s_nvs, key, bytes, &size) == ESP_OK ? size : 0;
}

static bool s_write(void *context, const char *key, const void *bytes, size_t count)
{
    (void)context;
    esp_err_t err = nvs_set_blob(s_nvs, key, bytes, count);
    if (err == ESP_OK) {
        err = nvs_commit(s_nvs);
    }
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "%s could not be stored: %s", key, esp_err_to_name(err));
    }
    return err == ESP_OK;
}

static bool s_erase(void *context, const char *key)
{
    (void)context;
    esp_err_t err = nvs_erase_key(s_nvs, key);
    return err == ESP_ERR_NVS_NOT_FOUND || (err == ESP_OK && nvs_commit(s_nvs) == ESP_OK);
}

static bool s_erase_all(void *context)
{
    (void)context;
    /* `nvs_erase_all` only marks entries: passwords would stay in flash. Nothing is stored any more until the restart. */
    nvs_close(s_nvs);
    s_nvs = 0;
    return nvs_flash_deinit() == ESP_OK && nvs_flash_erase() == ESP_OK;
}

esp_err_t values_port_open(struct node_values_port *port)
{
    ESP_RETURN_ON_ERROR(nvs_open(NAMESPACE, NVS_READWRITE, &s_nvs), TAG, "NVS has no namespace %s", NAMESPACE);
    *port = (struct node_values_port) {
        .values = {.read = s_read, .write = s_write, .erase = s_erase},
        .erase_all = s_erase_all,
    };
    return ESP_OK;
}
