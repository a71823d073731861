/* Binds the line logic to WASI preview 1: stdin to stdout, without a libc. */
#include "guest_abi.gen.h"
#include "lines.h"

struct slice {
    const void *bytes;
    uint32_t length;
};

#define WASI_IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

/* Both return 0 or an errno, and store the number of bytes moved. */
WASI_IMPORT(fd_read)
int32_t fd_read(int32_t fd, const struct slice *slices, uint32_t count, uint32_t *moved);

WASI_IMPORT(fd_write)
int32_t fd_write(int32_t fd, const struct slice *slices, uint32_t count, uint32_t *moved);

WASI_IMPORT(proc_exit)
_Noreturn void proc_exit(int32_t code);

enum { STDIN = 0, STDOUT = 1 };

static void write_answer(const struct lines *lines)
{
    struct slice rest = {lines->answer, lines->answer_length};
    while (rest.length != 0) {
        uint32_t written = 0;
        /* A write that moves nothing would be repeated for ever. */
        if (fd_write(STDOUT, &rest, 1, &written) != 0 || written == 0 || written > rest.length) {
            proc_exit(1);
        }
        rest.bytes = (const char *)rest.bytes + written;
        rest.length -= written;
    }
}

GUEST_EXPORT("_start")
void wasi_start(void)
{
    static struct lines lines;
    static char chunk[256];
    struct slice target = {chunk, sizeof chunk};
    for (;;) {
        uint32_t received = 0;
        if (fd_read(STDIN, &target, 1, &received) != 0 || received > sizeof chunk) {
            proc_exit(1);
        }
        if (received == 0) {
            break;
        }
        for (uint32_t index = 0; index < received; index++) {
            if (lines_feed(&lines, chunk[index])) {
                write_answer(&lines);
            }
        }
    }
    if (lines_end(&lines)) {
        write_answer(&lines);
    }
}
