/*
 * The probe: readings from a file or from stdin, or else soil that dries within minutes and that the pump waters. Its
 * noise is the same for the same seed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "guest_abi.gen.h"

/* A read of the sensor is the mean of so many samples. */
#define SAMPLES_PER_READ 16
#define DRIES_IN_S 600.0
#define WATERED_IN_S 30.0
#define NOISE_COUNTS 6

static int32_t s_noise(struct board *board)
{
    /* xorshift32 */
    uint32_t x = board->soil_random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    board->soil_random = x;
    return (int32_t)(x % (2 * NOISE_COUNTS + 1)) - NOISE_COUNTS;
}

static int64_t (*s_uptime_us)(void *context);

static int32_t s_modelled(struct board *board)
{
    int64_t now_us = s_uptime_us(NULL);
    double passed_s = (double)(now_us - board->soil_us) / 1e6;
    board->soil_us = now_us;
    board->soil_water += board->pump ? passed_s / WATERED_IN_S : -passed_s / DRIES_IN_S;
    board->soil_water = board->soil_water < 0 ? 0 : board->soil_water > 1 ? 1 : board->soil_water;
    double count = ABI_DEFAULT_DRY - board->soil_water * (ABI_DEFAULT_DRY - ABI_DEFAULT_WET);
    return (int32_t)count + s_noise(board);
}

static int32_t s_sample(void *context)
{
    struct board *board = context;
    pthread_mutex_lock(&board->soil_lock);
    int32_t value;
    if (board->options.soil_file == NULL) {
        value = s_modelled(board);
    } else {
        char line[32];
        /* The last line goes on. */
        if (board->soil_script != NULL && board->soil_samples++ % SAMPLES_PER_READ == 0 &&
            fgets(line, sizeof line, board->soil_script) != NULL) {
            board->soil_value = (int32_t)strtol(line, NULL, 10);
        }
        value = board->soil_value;
    }
    pthread_mutex_unlock(&board->soil_lock);
    return value;
}

static void *s_follow_stdin(void *context)
{
    struct board *board = context;
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        pthread_mutex_lock(&board->soil_lock);
        board->soil_value = (int32_t)strtol(line, NULL, 10);
        pthread_mutex_unlock(&board->soil_lock);
    }
    return NULL;
}

static const char *s_name_of(int32_t pin)
{
    switch (pin) {
    case ABI_PIN_RED:
        return "red";
    case ABI_PIN_GREEN:
        return "green";
    case ABI_PIN_BLUE:
        return "blue";
    default:
        return "pump";
    }
}

static atomic_uint s_high;

static void s_set_output(void *context, int32_t pin, bool high)
{
    struct board *board = context;
    unsigned bit = 1u << (pin & 31);
    unsigned before = high ? atomic_fetch_or(&s_high, bit) : atomic_fetch_and(&s_high, ~bit);
    if (((before & bit) != 0) == high) {
        return;
    }
    if (pin == ABI_PIN_PUMP) {
        pthread_mutex_lock(&board->soil_lock);
        s_modelled(board);
        board->pump = high;
        pthread_mutex_unlock(&board->soil_lock);
    }
    char text[32];
    snprintf(text, sizeof text, "%s %s", s_name_of(pin), high ? "on" : "off");
    board_log(board, 'I', "board", text);
}

static void s_all_off(void *context)
{
    static const int32_t pins[] = {ABI_PIN_RED, ABI_PIN_GREEN, ABI_PIN_BLUE, ABI_PIN_PUMP};
    for (size_t at = 0; at < sizeof pins / sizeof *pins; at++) {
        s_set_output(context, pins[at], false);
    }
}

static void s_identify(void *context)
{
    board_log(context, 'I', "board", "Here I am.");
}

bool soil_probe_open(struct board *board, struct node_ports *ports)
{
    const char *path = board->options.soil_file;
    board->soil_random = board->options.seed * 2654435761u | 1;
    board->soil_water = 0.8;
    board->soil_value = -1;
    s_uptime_us = ports->clock.uptime_us;
    if (path != NULL && strcmp(path, "-") == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, s_follow_stdin, board) == 0) {
            pthread_detach(thread);
        }
    } else if (path != NULL && (board->soil_script = fopen(path, "r")) == NULL) {
        fprintf(stderr, "The readings in %s cannot be read: %s.\n", path, strerror(errno));
        return false;
    }
    ports->board = (struct node_board_port){.context = board, .sample_soil = s_sample, .set_output = s_set_output,
                                            .all_off = s_all_off, .identify = s_identify};
    return true;
}
