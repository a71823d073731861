#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_timer.h"
#include "esp_wifi.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "ports_private.h"
#include "wifi_problem.h"

#define ADDRESS_PATIENCE_US 15000000
/* After this the driver will not tell any more that it has left. */
#define LEAVING_PATIENCE_US 3000000
#define MOST_NETWORKS 24
#define SENTENCE_BYTES 96

static const char *TAG = "wifi";

static SemaphoreHandle_t s_lock;
static esp_timer_handle_t s_patience;

/* Under the lock. */
static enum { IDLE, JOINING, WITHOUT_ADDRESS, JOINED, LEAVING } s_state;
/* Joined when the one before has been left. */
static bool s_join_next;
static wifi_config_t s_network;
static bool s_scan_wanted;

static void s_take(void)
{
    xSemaphoreTake(s_lock, portMAX_DELAY);
}

static void s_give(void)
{
    xSemaphoreGive(s_lock);
}

static void s_await(int64_t us)
{
    esp_timer_stop(s_patience);
    if (us > 0) {
        esp_timer_start_once(s_patience, us);
    }
}

static void s_leave_locked(void)
{
    s_state = LEAVING;
    esp_wifi_disconnect();
    s_await(LEAVING_PATIENCE_US);
}

static esp_err_t s_join_locked(void)
{
    s_join_next = false;
    s_await(0);
    esp_err_t err = esp_wifi_set_config(WIFI_IF_STA, &s_network);
    if (err == ESP_OK) {
        err = esp_wifi_connect();
    }
    s_state = err == ESP_OK ? JOINING : IDLE;
    return err;
}

static void s_post_refusal(esp_err_t err)
{
    ESP_LOGW(TAG, "the driver refuses the network: %s", esp_err_to_name(err));
    node_post_wifi_offline(ports_node(), NODE_WIFI_OTHER, "The Wi-Fi driver refuses these settings.");
}

/* The driver scans neither while it joins nor twice at once. */
static void s_scan_if_wanted(void)
{
    s_take();
    bool begun = s_scan_wanted && esp_wifi_scan_start(NULL, false) == ESP_OK;
    if (begun) {
        s_scan_wanted = false;
    }
    s_give();
}

/* The link is gone, or it was given up. */
static void s_ended(int reason)
{
    char sentence[SENTENCE_BYTES] = "";
    enum node_wifi_problem problem = NODE_WIFI_OK;
    esp_err_t refused = ESP_OK;

    s_take();
    if (s_state == LEAVING) {
        s_state = IDLE;
        if (s_join_next) {
            refused = s_join_locked();
        }
    } else if (s_state != IDLE) {
        problem = wifi_problem(reason, s_state == JOINED, sentence, sizeof sentence);
        s_state = IDLE;
        s_await(0);
    }
    s_give();

    /* Outside the lock: posting may wait for the node, which may wait for the lock. */
    if (problem != NODE_WIFI_OK) {
        node_post_wifi_offline(ports_node(), problem, problem == NODE_WIFI_OTHER ? sentence : NULL);
    }
    if (refused != ESP_OK) {
        s_post_refusal(refused);
    }
    s_scan_if_wanted();
}

static void s_patience_ends(void *unused)
{
    s_take();
    bool leaving = s_state == LEAVING;
    bool without_address = s_state == WITHOUT_ADDRESS;
    if (without_address) {
        s_leave_locked();
    }
    s_give();
    if (leaving) {
        s_ended(WIFI_REASON_ASSOC_LEAVE);
    }
    if (without_address) {
        node_post_wifi_offline(ports_node(), NODE_WIFI_NO_ADDRESS, NULL);
    }
}

static void s_linked(void)
{
    s_take();
    if (s_state == JOINING) {
        s_state = WITHOUT_ADDRESS;
        s_await(ADDRESS_PATIENCE_US);
    }
    s_give();
}

static void s_got_address(const ip_event_got_ip_t *event)
{
    char text[IP4ADDR_STRLEN_MAX];

    s_take();
    bool ours = s_state == WITHOUT_ADDRESS || s_state == JOINED;
    if (ours) {
        s_state = JOINED;
        s_await(0);
    }
    s_give();
    if (ours) {
        node_post_wifi_online(ports_node(), esp_ip4addr_ntoa(&event->ip_info.ip, text, sizeof text));
    }
    s_scan_if_wanted();
}

static bool s_named_before(const wifi_ap_record_t *records, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp((const char *)records[i].ssid, (const char *)records[index].ssid) == 0) {
            return true;
        }
    }
    return false;
}

/* The driver lists the strongest first, a network with several access points several times. */
static void s_scanned(void)
{
    uint16_t count = MOST_NETWORKS;
    wifi_ap_record_t *records = calloc(count, sizeof *records);

    if (records == NULL || esp_wifi_scan_get_ap_records(&count, records) != ESP_OK) {
        esp_wifi_clear_ap_list();
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        const wifi_ap_record_t *record = &records[i];
        if (record->ssid[0] != '\0' && !s_named_before(records, i)) {
            node_post_network(ports_node(), (const char *)record->ssid, record->rssi, record->authmode != WIFI_AUTH_OPEN);
        }
    }
    free(records);
    node_post_scan_done(ports_node());
}

static void s_on_event(void *unused, esp_event_base_t base, int32_t id, void *data)
{
    if (base == IP_EVENT && id == IP_EVENT_STA_GOT_IP) {
        s_got_address(data);
    } else if (base == WIFI_EVENT && id == WIFI_EVENT_STA_CONNECTED) {
        s_linked();
    } else if (base == WIFI_EVENT && id == WIFI_EVENT_STA_DISCONNECTED) {
        s_ended(((const wifi_event_sta_disconnected_t *)data)->reason);
    } else if (base == WIFI_EVENT && id == WIFI_EVENT_SCAN_DONE) {
        s_scanned();
    }
}

static void s_scan(void *context)
{
    (void)context;
    s_take();
    s_scan_wanted = true;
    s_give();
    s_scan_if_wanted();
}

static void s_connect(void *context, const char *ssid, const char *password)
{
    (void)context;
    esp_err_t refused = ESP_OK;

    s_take();
    memset(&s_network, 0, sizeof s_network);
    /* Both fields take their full length without a NUL. */
    memcpy(s_network.sta.ssid, ssid, strnlen(ssid, sizeof s_network.sta.ssid));
    memcpy(s_network.sta.password, password, strnlen(password, sizeof s_network.sta.password));
    /* The strongest access point of that name, not the first that answers. */
    s_network.sta.scan_method = WIFI_ALL_CHANNEL_SCAN;
    s_network.sta.sort_method = WIFI_CONNECT_AP_BY_SIGNAL;
    /* A password is never shown to an open network that has the name of the right one. */
    s_network.sta.threshold.authmode = password[0] == '\0' ? WIFI_AUTH_OPEN : WIFI_AUTH_WPA_PSK;
    s_network.sta.sae_pwe_h2e = WPA3_SAE_PWE_BOTH;
    if (s_state == IDLE) {
        refused = s_join_locked();
    } else {
        s_join_next = true;
        if (s_state != LEAVING) {
            s_leave_locked();
        }
    }
    s_give();
    if (refused != ESP_OK) {
        s_post_refusal(refused);
    }
}

static void s_disconnect(void *context)
{
    (void)context;
    s_take();
    s_join_next = false;
    if (s_state != IDLE && s_state != LEAVING) {
        s_leave_locked();
    }
    s_give();
}

static int s_rssi_dbm(void *context)
{
    (void)context;
    int rssi;
    return esp_wifi_sta_get_rssi(&rssi) == ESP_OK ? rssi : 0;
}

esp_err_t wifi_port_open(struct node_wifi_port *port)
{
    const wifi_init_config_t config = WIFI_INIT_CONFIG_DEFAULT();
    const esp_timer_create_args_t patience = {.callback = s_patience_ends, .name = "wifi"};

    s_lock = xSemaphoreCreateMutex();
    ESP_RETURN_ON_FALSE(s_lock != NULL, ESP_ERR_NO_MEM, TAG, "no memory for the lock");
    ESP_RETURN_ON_ERROR(esp_timer_create(&patience, &s_patience), TAG, "timer");
    ESP_RETURN_ON_ERROR(esp_netif_init(), TAG, "TCP/IP");
    ESP_RETURN_ON_ERROR(esp_event_loop_create_default(), TAG, "event loop");
    ESP_RETURN_ON_FALSE(esp_netif_create_default_wifi_sta() != NULL, ESP_FAIL, TAG, "network interface");
    ESP_RETURN_ON_ERROR(esp_wifi_init(&config), TAG, "driver");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, s_on_event, NULL), TAG, "events");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, s_on_event, NULL), TAG, "events");
    /* The node keeps the networks; a second copy of the passwords would survive its erasing. */
    ESP_RETURN_ON_ERROR(esp_wifi_set_storage(WIFI_STORAGE_RAM), TAG, "storage");
    ESP_RETURN_ON_ERROR(esp_wifi_set_mode(WIFI_MODE_STA), TAG, "mode");
    ESP_RETURN_ON_ERROR(esp_wifi_start(), TAG, "start");
    *port = (struct node_wifi_port) {
        .scan = s_scan,
        .connect = s_connect,
        .disconnect = s_disconnect,
        .rssi_dbm = s_rssi_dbm,
    };
    return ESP_OK;
}
