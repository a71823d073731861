#include "esp_log.h"
#include "esp_partition.h"
#include "ports_private.h"

/* Subtypes of the type `data` in partitions.csv. */
#define GUEST_SUBTYPE 0x40
#define OUTBOX_SUBTYPE 0x41

static const char *TAG = "flash";

static const esp_partition_t *s_guest_slots[GUEST_SLOTS];

static const esp_partition_t *s_find(esp_partition_subtype_t subtype, const char *label)
{
    const esp_partition_t *partition = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, subtype, label);
    if (partition == NULL) {
        ESP_LOGE(TAG, "the partition table names no %s", label);
    }
    return partition;
}

static bool s_outbox_read(void *context, uint32_t offset, void *bytes, size_t count)
{
    return esp_partition_read(context, offset, bytes, count) == ESP_OK;
}

static bool s_outbox_write(void *context, uint32_t offset, const void *bytes, size_t count)
{
    return esp_partition_write(context, offset, bytes, count) == ESP_OK;
}

static bool s_outbox_erase(void *context, uint32_t offset, size_t count)
{
    return esp_partition_erase_range(context, offset, count) == ESP_OK;
}

static bool s_slot_read(void *context, uint32_t slot, uint32_t offset, void *bytes, size_t count)
{
    (void)context;
    return slot < GUEST_SLOTS && esp_partition_read(s_guest_slots[slot], offset, bytes, count) == ESP_OK;
}

static bool s_slot_write(void *context, uint32_t slot, uint32_t offset, const void *bytes, size_t count)
{
    (void)context;
    return slot < GUEST_SLOTS && esp_partition_write(s_guest_slots[slot], offset, bytes, count) == ESP_OK;
}

static bool s_slot_erase(void *context, uint32_t slot, uint32_t offset, size_t count)
{
    (void)context;
    return slot < GUEST_SLOTS && esp_partition_erase_range(s_guest_slots[slot], offset, count) == ESP_OK;
}

esp_err_t flash_port_open(struct guest_flash *guest_slots, struct node_flash *outbox)
{
    static const char *const labels[GUEST_SLOTS] = {"guest_0", "guest_1"};

    for (size_t slot = 0; slot < GUEST_SLOTS; slot++) {
        s_guest_slots[slot] = s_find(GUEST_SUBTYPE, labels[slot]);
        if (s_guest_slots[slot] == NULL) {
            return ESP_ERR_NOT_FOUND;
        }
    }
    if (s_guest_slots[0]->size != s_guest_slots[1]->size) {
        ESP_LOGE(TAG, "guest_0 and guest_1 differ in size");
        return ESP_ERR_INVALID_SIZE;
    }
    *guest_slots = (struct guest_flash) {
        .slot_bytes = s_guest_slots[0]->size,
        .sector_bytes = s_guest_slots[0]->erase_size,
        .read = s_slot_read,
        .write = s_slot_write,
        .erase = s_slot_erase,
    };

    /* A node can do without: messages that wait are then lost with the power. */
    const esp_partition_t *partition = s_find(OUTBOX_SUBTYPE, "outbox");
    *outbox = (struct node_flash) {
        .context = (void *)partition,
        .bytes = partition == NULL ? 0 : partition->size,
        .sector_bytes = partition == NULL ? 0 : partition->erase_size,
        .read = s_outbox_read,
        .write = s_outbox_write,
        .erase = s_outbox_erase,
    };
    return ESP_OK;
}
