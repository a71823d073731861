/*
 * Runs hostile guests on the firmware's host, in one process with two honest ones:
 *
 *   beside_neighbours REPEATS FIRST_HONEST SECOND_HONEST MODULE...
 *
 * Before each module it prints `begin MODULE`, so that who reads knows which one the process did not survive; then one
 * line of JSON. While a hostile guest runs, the honest ones run again and again, each in a thread of its own, and what
 * they do is compared with what they did alone.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guest_abi.gen.h"
#include "read_file.h"
#include "scripted_board.h"

#define KEPT_MAX 8
#define KEPT_BYTES 256
/* Of virtual time; a guest that only rests is then asked to stop. */
#define HOSTILE_END_US 8000000
#define HONEST_CYCLES 40
#define ALONE_PASSES 20
#define REPEATS_MAX 50
/* A run that takes longer is not repeated. */
#define REPEAT_BELOW_US 300000

static const char s_node[] = "hostile";

static int64_t s_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct guest_code s_module(const char *path)
{
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    return (struct guest_code){bytes, size};
}

/* ---- The honest guests ---- */

struct neighbour {
    struct guest_code code;
    pthread_t thread;
    atomic_bool stop;
    char *alone;
    int64_t alone_us;
    /* Since it was begun: passes, those that differed from the one alone, and the longest. */
    uint32_t passes;
    uint32_t changed;
    int64_t longest_us;
};

static char *s_pass(const struct neighbour *neighbour, int64_t *took_us)
{
    char *log = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&log, &size);
    struct scripted_board board;
    scripted_board_steady(&board, 1650, HONEST_CYCLES, file);
    struct guest_limits limits = guest_limits_default();
    struct guest_report report;
    int64_t began = s_clock_us();
    scripted_board_run(&board, &neighbour->code, &limits, &report);
    *took_us = s_clock_us() - began;
    fclose(file);
    return log;
}

static void *s_work(void *context)
{
    struct neighbour *neighbour = context;
    do {
        int64_t took = 0;
        char *log = s_pass(neighbour, &took);
        neighbour->passes++;
        neighbour->changed += strcmp(log, neighbour->alone) != 0;
        neighbour->longest_us = took > neighbour->longest_us ? took : neighbour->longest_us;
        free(log);
    } while (!atomic_load(&neighbour->stop));
    return NULL;
}

static void s_begin(struct neighbour *neighbour)
{
    neighbour->passes = 0;
    neighbour->changed = 0;
    neighbour->longest_us = 0;
    atomic_store(&neighbour->stop, false);
    if (pthread_create(&neighbour->thread, NULL, s_work, neighbour) != 0) {
        fprintf(stderr, "There is no thread for a neighbour.\n");
        exit(2);
    }
}

static void s_end(struct neighbour *neighbour)
{
    atomic_store(&neighbour->stop, true);
    pthread_join(neighbour->thread, NULL);
}

/* ---- The hostile one ---- */

struct texts {
    uint32_t count;
    char kept[KEPT_MAX][KEPT_BYTES];
};

static void s_keep(struct texts *texts, const char *text)
{
    if (texts->count < KEPT_MAX) {
        snprintf(texts->kept[texts->count], KEPT_BYTES, "%s", text);
    }
    texts->count++;
}

struct board {
    int64_t now_us;
    /* Of the wall clock: when the guest was last let go on. */
    int64_t resumed_us;
    bool passed;
    uint32_t in_slice;
    uint32_t most_in_slice;
    struct texts said;
    struct texts refusals;
    struct texts topics;
    struct texts pins;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ended;
    struct guest_report report;
};

static int64_t s_now_us(void *context)
{
    return ((struct board *)context)->now_us;
}

static void s_sleep_ms(void *context, uint32_t ms)
{
    struct board *board = context;
    board->now_us += (int64_t)ms * 1000;
    board->in_slice = 0;
    board->resumed_us = s_clock_us();
}

static int32_t s_read_adc(void *context)
{
    (void)context;
    return 1500;
}

static void s_set_pin(void *context, int32_t pin, bool high)
{
    struct board *board = context;
    bool own = pin == 18 || pin == 19 || pin == 21 || pin == 23;
    if (!own) {
        char text[32];
        snprintf(text, sizeof text, "%" PRId32 "=%d", pin, high);
        s_keep(&board->pins, text);
    }
}

static void s_log(void *context, enum guest_voice voice, const char *text)
{
    struct board *board = context;
    if (voice != GUEST_VOICE_OUT) {
        s_keep(&board->refusals, text);
    } else if (strcmp(text, "31337") == 0) {
        board->passed = true;
    } else {
        s_keep(&board->said, text);
    }
}

static int32_t s_publish(void *context, const char *topic, const char *payload)
{
    (void)payload;
    struct board *board = context;
    s_keep(&board->topics, topic);
    board->in_slice++;
    board->most_in_slice = board->in_slice > board->most_in_slice ? board->in_slice : board->most_in_slice;
    return 0;
}

static int32_t s_config(void *context, int32_t key)
{
    (void)context;
    static const int32_t values[] = {ABI_DEFAULT_DRY, ABI_DEFAULT_WET, ABI_DEFAULT_THRESHOLD, ABI_DEFAULT_PERIOD_MS,
                                     ABI_DEFAULT_HYSTERESIS};
    return key >= 0 && key < 5 ? values[key] : 0;
}

static bool s_may_stop(void *context)
{
    return ((struct board *)context)->now_us > HOSTILE_END_US;
}

static void s_ended(void *context, const struct guest_report *report)
{
    struct board *board = context;
    pthread_mutex_lock(&board->lock);
    board->ended = true;
    board->report = *report;
    pthread_cond_signal(&board->changed);
    pthread_mutex_unlock(&board->lock);
}

/* From the act's beginning, or from handing the module over, to the end, microseconds. */
static int64_t s_run(struct board *board, const struct guest_code *code)
{
    *board = (struct board){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    const struct guest_port port = {board, s_now_us, s_sleep_ms, s_read_adc, s_set_pin, s_log, s_publish, s_config, s_may_stop};
    const struct guest_watch watch = {.context = board, .ended = s_ended};
    const struct guest_place place = {"ic", s_node};
    struct guest_limits limits = guest_limits_default();
    struct guest *guest = NULL;
    struct guest_fault fault = {0};
    board->resumed_us = s_clock_us();
    if (!guest_start(&guest, code, &place, &limits, &port, &watch, &fault)) {
        board->report.fault = fault;
        return s_clock_us() - board->resumed_us;
    }
    pthread_mutex_lock(&board->lock);
    while (!board->ended) {
        pthread_cond_wait(&board->changed, &board->lock);
    }
    pthread_mutex_unlock(&board->lock);
    int64_t took = s_clock_us() - board->resumed_us;
    guest_close(guest);
    return took;
}

/* ---- JSON ---- */

static void s_print_text(const char *text)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            printf("\\%c", *at);
        } else if (*at < 0x20) {
            printf("\\u%04x", *at);
        } else {
            putchar(*at);
        }
    }
    putchar('"');
}

static void s_print_texts(const char *name, const struct texts *texts)
{
    printf(",\"%s\":[", name);
    for (uint32_t index = 0; index < texts->count && index < KEPT_MAX; index++) {
        printf(index == 0 ? "" : ",");
        s_print_text(texts->kept[index]);
    }
    putchar(']');
}

static void s_try(const char *path, uint32_t repeats, struct neighbour neighbours[2])
{
    struct guest_code code = s_module(path);
    struct board board;
    int64_t took[REPEATS_MAX];
    uint32_t runs = 0;
    s_begin(&neighbours[0]);
    s_begin(&neighbours[1]);
    while (runs < repeats && (runs == 0 || took[runs - 1] < REPEAT_BELOW_US)) {
        took[runs++] = s_run(&board, &code);
    }
    s_end(&neighbours[0]);
    s_end(&neighbours[1]);
    free((void *)code.module);

    static const char *const states[] = {"running", "returned", "faulted", "stopped"};
    printf("{\"state\":\"%s\",\"fault\":\"%s\",\"reason\":", states[board.report.state],
           guest_fault_word(board.report.fault.kind));
    s_print_text(board.report.fault.reason);
    printf(",\"passed\":%s,\"mostPublishes\":%" PRIu32, board.passed ? "true" : "false", board.most_in_slice);
    s_print_texts("said", &board.said);
    s_print_texts("refusals", &board.refusals);
    s_print_texts("topics", &board.topics);
    s_print_texts("pins", &board.pins);
    printf(",\"tookUs\":[");
    for (uint32_t run = 0; run < runs; run++) {
        printf("%s%" PRId64, run == 0 ? "" : ",", took[run]);
    }
    int64_t extra[2];
    for (int index = 0; index < 2; index++) {
        extra[index] = neighbours[index].longest_us - neighbours[index].alone_us;
    }
    int64_t longest = extra[0] > extra[1] ? extra[0] : extra[1];
    printf("],\"passes\":%" PRIu32 ",\"changed\":%" PRIu32 ",\"extraUs\":%" PRId64 "}\n",
           neighbours[0].passes + neighbours[1].passes, neighbours[0].changed + neighbours[1].changed,
           longest > 0 ? longest : 0);
}

int main(int count, char **words)
{
    if (count < 5 || !guest_host_init()) {
        fprintf(stderr, "usage: beside_neighbours REPEATS FIRST_HONEST SECOND_HONEST MODULE...\n");
        return 2;
    }
    uint32_t repeats = (uint32_t)strtoul(words[1], NULL, 10);
    repeats = repeats < 1 ? 1 : repeats > REPEATS_MAX ? REPEATS_MAX : repeats;
    struct neighbour neighbours[2] = {{.code = s_module(words[2])}, {.code = s_module(words[3])}};
    for (int index = 0; index < 2; index++) {
        for (int pass = 0; pass < ALONE_PASSES; pass++) {
            int64_t took = 0;
            free(neighbours[index].alone);
            neighbours[index].alone = s_pass(&neighbours[index], &took);
            neighbours[index].alone_us = took > neighbours[index].alone_us ? took : neighbours[index].alone_us;
        }
    }
    for (int index = 4; index < count; index++) {
        printf("begin %s\n", words[index]);
        fflush(stdout);
        s_try(words[index], repeats, neighbours);
        fflush(stdout);
    }
    for (int index = 0; index < 2; index++) {
        free(neighbours[index].alone);
        free((void *)neighbours[index].code.module);
    }
    return 0;
}
