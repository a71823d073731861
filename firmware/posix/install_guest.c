#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "guest_store.h"

static uint8_t *s_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    uint8_t *bytes = malloc(BOARD_PARTITION_BYTES);
    *size = bytes == NULL ? 0 : fread(bytes, 1, BOARD_PARTITION_BYTES, file);
    fclose(file);
    return bytes;
}

static bool s_store(struct guest_store *store, const struct guest_offer *offer, const uint8_t *bytes,
                    struct guest_refusal *refusal)
{
    struct guest_trust trust = {.unsigned_allowed = true};
    struct guest_record record;
    uint32_t next = 0;
    return guest_store_begin(store, offer, &trust, &next, refusal) &&
           guest_store_write(store, next, bytes + next, offer->size - next, &next, refusal) &&
           guest_store_finish(store, &record, refusal) && guest_store_accept(store);
}

bool install_guest(struct board *board, const struct node_ports *ports)
{
    struct guest_store store;
    struct guest_record record;
    const char *path = board->options.guest_file;
    if (path == NULL || !guest_store_open(&store, &ports->guest_slots, &ports->values.values, NULL) ||
        guest_store_current(&store, &record)) {
        return true;
    }
    size_t size = 0;
    uint8_t *bytes = s_read_file(path, &size);
    if (bytes == NULL) {
        return false;
    }
    const char *name = strrchr(path, '/');
    struct guest_offer offer = {.size = (uint32_t)size};
    crypto_hash_sha256(offer.sha256, bytes, size);
    snprintf(offer.name, sizeof offer.name, "%.64s", name == NULL ? path : name + 1);
    struct guest_refusal refusal = {.reason = "the files of its flash could not be written."};
    bool stored = s_store(&store, &offer, bytes, &refusal);
    free(bytes);
    if (!stored) {
        fprintf(stderr, "%s cannot be the first guest: %s\n", path, refusal.reason);
    }
    return stored;
}
