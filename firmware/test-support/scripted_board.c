#include "scripted_board.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "guest_abi.gen.h"

#define SAMPLES_PER_READING 16

static void __attribute__((format(printf, 2, 3))) s_line(const struct scripted_board *board, const char *format, ...)
{
    if (board->log == NULL) {
        return;
    }
    fprintf(board->log, "%" PRId64 " ", board->now_us);
    va_list values;
    va_start(values, format);
    vfprintf(board->log, format, values);
    va_end(values);
    fputc('\n', board->log);
}

static const struct script_cycle *s_cycle(const struct scripted_board *board)
{
    return &board->cycles[board->cycle];
}

static int64_t s_now_us(void *context)
{
    return ((struct scripted_board *)context)->now_us;
}

static void s_sleep_ms(void *context, uint32_t ms)
{
    struct scripted_board *board = context;
    board->now_us += (int64_t)ms * 1000;
    /* The reading is there when its last sample has been waited for. */
    if (board->samples == SAMPLES_PER_READING) {
        board->samples = 0;
        s_line(board, "read_sensor -> %" PRId32, s_cycle(board)->raw);
    }
}

static int32_t s_read_adc(void *context)
{
    struct scripted_board *board = context;
    if (board->samples == 0) {
        board->over = board->readings == board->count;
        if (board->over) {
            return -1;
        }
        board->cycle = board->readings++;
    }
    board->samples++;
    return s_cycle(board)->raw;
}

static void s_set_pin(void *context, int32_t pin, bool high)
{
    s_line(context, "set_output %" PRId32 " %d", pin, high);
}

static void s_log(void *context, enum guest_voice voice, const char *text)
{
    s_line(context, "%s %s", voice == GUEST_VOICE_OUT ? "log" : "refused", text);
}

static int32_t s_publish(void *context, const char *topic, const char *payload)
{
    struct scripted_board *board = context;
    int32_t status = s_cycle(board)->refuse ? -1 : 0;
    s_line(board, "publish %s %s -> %" PRId32, topic, payload, status);
    return status;
}

static int32_t s_config(void *context, int32_t key)
{
    struct scripted_board *board = context;
    int32_t value = key >= 0 && key < SCRIPT_KEYS ? s_cycle(board)->config[key] : 0;
    s_line(board, "get_config %" PRId32 " -> %" PRId32, key, value);
    return value;
}

static bool s_may_stop(void *context)
{
    return ((struct scripted_board *)context)->over;
}

static void s_prepare(struct scripted_board *board, FILE *log)
{
    board->log = log;
    board->port = (struct guest_port){
        .context = board,
        .now_us = s_now_us,
        .sleep_ms = s_sleep_ms,
        .read_adc = s_read_adc,
        .set_pin = s_set_pin,
        .log = s_log,
        .publish = s_publish,
        .config = s_config,
        .may_stop = s_may_stop,
    };
}

static bool s_read_line(struct scripted_board *board, const char *line)
{
    if (sscanf(line, "root %64s", board->root) == 1 || sscanf(line, "node %32s", board->node) == 1) {
        return true;
    }
    if (board->count == SCRIPT_CYCLES_MAX) {
        return false;
    }
    struct script_cycle *cycle = &board->cycles[board->count++];
    char word[8] = "";
    int fields = sscanf(line, "cycle %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %7s",
                        &cycle->raw, &cycle->config[ABI_CONFIG_DRY], &cycle->config[ABI_CONFIG_WET],
                        &cycle->config[ABI_CONFIG_THRESHOLD], &cycle->config[ABI_CONFIG_PERIOD_MS],
                        &cycle->config[ABI_CONFIG_HYSTERESIS], word);
    cycle->refuse = strcmp(word, "refuse") == 0;
    return fields == 6 || (fields == 7 && cycle->refuse);
}

void scripted_board_read(struct scripted_board *board, const char *script, FILE *log)
{
    *board = (struct scripted_board){0};
    s_prepare(board, log);
    const char *at = script;
    while (*at != '\0') {
        char line[128];
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        if (length > 0 && !s_read_line(board, line)) {
            fprintf(stderr, "This line of the script cannot be read: %s\n", line);
            exit(1);
        }
        at += length + (at[length] == '\n');
    }
}

void scripted_board_steady(struct scripted_board *board, int32_t raw, uint32_t cycles, FILE *log)
{
    *board = (struct scripted_board){.root = "ic", .node = "esp32-7", .count = cycles};
    s_prepare(board, log);
    for (uint32_t index = 0; index < cycles; index++) {
        board->cycles[index] = (struct script_cycle){
            raw,
            {ABI_DEFAULT_DRY, ABI_DEFAULT_WET, ABI_DEFAULT_THRESHOLD, ABI_DEFAULT_PERIOD_MS, ABI_DEFAULT_HYSTERESIS},
            false,
        };
    }
}

struct end {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool reached;
    struct guest_report report;
};

static void s_ended(void *context, const struct guest_report *report)
{
    struct end *end = context;
    pthread_mutex_lock(&end->lock);
    end->reached = true;
    end->report = *report;
    pthread_cond_signal(&end->changed);
    pthread_mutex_unlock(&end->lock);
}

bool scripted_board_run(struct scripted_board *board, const struct guest_code *code, const struct guest_limits *limits,
                        struct guest_report *report)
{
    struct end end = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    const struct guest_watch watch = {.context = &end, .ended = s_ended};
    const struct guest_place place = {board->root, board->node};
    struct guest *guest = NULL;
    *report = (struct guest_report){0};
    if (!guest_start(&guest, code, &place, limits, &board->port, &watch, &report->fault)) {
        s_line(board, "end %s: %s", guest_fault_word(report->fault.kind), report->fault.reason);
        return false;
    }
    pthread_mutex_lock(&end.lock);
    while (!end.reached) {
        pthread_cond_wait(&end.changed, &end.lock);
    }
    pthread_mutex_unlock(&end.lock);
    guest_close(guest);
    *report = end.report;
    static const char *const words[] = {"running", "returned", "faulted", "stopped"};
    if (report->state == GUEST_FAULTED) {
        s_line(board, "end %s: %s", guest_fault_word(report->fault.kind), report->fault.reason);
    } else {
        s_line(board, "end %s", words[report->state]);
    }
    return true;
}
