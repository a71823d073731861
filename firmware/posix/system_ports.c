#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>

#include "board.h"

static struct node_clock_port s_clock;

void board_log(struct board *board, char level, const char *tag, const char *text)
{
    char line[600];
    long long ms = (long long)(s_clock.uptime_us(s_clock.context) / 1000);
    int length = snprintf(line, sizeof line - 1, "%c (%lld) %s: %s", level, ms, tag, text);
    size_t size = length < (int)sizeof line - 2 ? (size_t)length : sizeof line - 3;
    line[size++] = '\n';
    fwrite(line, 1, size, stdout);
    board_write_serial(board, line, size);
}

static void s_log(void *context, char level, const char *tag, const char *text)
{
    board_log(context, level, tag, text);
}

static void s_serial_write(void *context, const uint8_t *bytes, size_t size)
{
    board_write_serial(context, bytes, size);
}

static void s_restart(void *context)
{
    struct board *board = context;
    atomic_store(&board->restart, true);
}

static uint32_t s_heap_free_bytes(void *context)
{
    (void)context;
    struct sysinfo info;
    if (sysinfo(&info) != 0) {
        return 0;
    }
    uint64_t bytes = (uint64_t)info.freeram * info.mem_unit;
    return bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

/* A process grows its stacks as it needs them. */
static int32_t s_stack_free_bytes(void *context)
{
    (void)context;
    return -1;
}

static void s_random(void *context, void *bytes, size_t size)
{
    (void)context;
    if (getrandom(bytes, size, 0) != (ssize_t)size) {
        fprintf(stderr, "The system gives no random bytes.\n");
        abort();
    }
}

void system_ports_open(struct board *board, struct node_ports *ports)
{
    s_clock = ports->clock;
    ports->system = (struct node_system_port){
        .context = board,
        .restart = s_restart,
        .heap_free_bytes = s_heap_free_bytes,
        .stack_free_bytes = s_stack_free_bytes,
        .random = s_random,
        .serial_write = s_serial_write,
        .log = s_log,
    };
    ports->identity = (struct node_identity){
        .firmware = FIRMWARE_VERSION,
        .chip = "posix",
        .mac = {0x02, 0, 0, (uint8_t)(board->options.seed >> 16), (uint8_t)(board->options.seed >> 8), (uint8_t)board->options.seed},
        .reset = board->options.reset,
    };
}
