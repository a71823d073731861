/* Partitions as files that behave like NOR flash: erased bytes are 0xff, and writing only clears bits. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"

static bool s_read_file(int file, uint32_t offset, void *bytes, size_t count)
{
    return offset + count <= BOARD_PARTITION_BYTES && pread(file, bytes, count, offset) == (ssize_t)count;
}

static bool s_write_file(int file, uint32_t offset, const void *bytes, size_t count)
{
    uint8_t *there = malloc(count + 1);
    bool written = there != NULL && s_read_file(file, offset, there, count);
    for (size_t at = 0; written && at < count; at++) {
        there[at] &= ((const uint8_t *)bytes)[at];
    }
    written = written && pwrite(file, there, count, offset) == (ssize_t)count;
    free(there);
    return written;
}

static bool s_erase_file(int file, uint32_t offset, size_t count)
{
    uint8_t blank[BOARD_SECTOR_BYTES];
    memset(blank, 0xff, sizeof blank);
    if (offset % sizeof blank != 0 || count % sizeof blank != 0 || offset + count > BOARD_PARTITION_BYTES) {
        return false;
    }
    for (size_t at = 0; at < count; at += sizeof blank) {
        if (pwrite(file, blank, sizeof blank, (off_t)(offset + at)) != (ssize_t)sizeof blank) {
            return false;
        }
    }
    return true;
}

static bool s_read_slot(void *context, uint32_t slot, uint32_t offset, void *bytes, size_t count)
{
    const struct board *board = context;
    return s_read_file(board->guest_slots[slot], offset, bytes, count);
}

static bool s_write_slot(void *context, uint32_t slot, uint32_t offset, const void *bytes, size_t count)
{
    const struct board *board = context;
    return s_write_file(board->guest_slots[slot], offset, bytes, count);
}

static bool s_erase_slot(void *context, uint32_t slot, uint32_t offset, size_t count)
{
    const struct board *board = context;
    return s_erase_file(board->guest_slots[slot], offset, count);
}

static bool s_read_outbox(void *context, uint32_t offset, void *bytes, size_t count)
{
    const struct board *board = context;
    return s_read_file(board->outbox, offset, bytes, count);
}

static bool s_write_outbox(void *context, uint32_t offset, const void *bytes, size_t count)
{
    const struct board *board = context;
    return s_write_file(board->outbox, offset, bytes, count);
}

static bool s_erase_outbox(void *context, uint32_t offset, size_t count)
{
    const struct board *board = context;
    return s_erase_file(board->outbox, offset, count);
}

static int s_open(const struct board *board, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s.bin", board->options.state, name);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        fprintf(stderr, "%s cannot be opened: %s.\n", path, strerror(errno));
        return -1;
    }
    if (lseek(file, 0, SEEK_END) < BOARD_PARTITION_BYTES && !s_erase_file(file, 0, BOARD_PARTITION_BYTES)) {
        fprintf(stderr, "%s cannot be written: %s.\n", path, strerror(errno));
        close(file);
        return -1;
    }
    return file;
}

bool flash_files_open(struct board *board, struct node_ports *ports)
{
    board->guest_slots[0] = s_open(board, "guest_0");
    board->guest_slots[1] = s_open(board, "guest_1");
    board->outbox = s_open(board, "outbox");
    ports->guest_slots = (struct guest_flash){
        .context = board,
        .slot_bytes = BOARD_PARTITION_BYTES,
        .sector_bytes = BOARD_SECTOR_BYTES,
        .read = s_read_slot,
        .write = s_write_slot,
        .erase = s_erase_slot,
    };
    ports->outbox = (struct node_flash){
        .context = board,
        .bytes = BOARD_PARTITION_BYTES,
        .sector_bytes = BOARD_SECTOR_BYTES,
        .read = s_read_outbox,
        .write = s_write_outbox,
        .erase = s_erase_outbox,
    };
    return board->guest_slots[0] >= 0 && board->guest_slots[1] >= 0 && board->outbox >= 0;
}
