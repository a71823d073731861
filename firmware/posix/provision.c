#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "guest_abi.gen.h"
#include "networks.h"
#include "settings.h"

#define PIECE_BYTES 240
#define MOST_FILE_BYTES 8192

static bool s_set(struct settings *settings, enum setting setting, const char *value)
{
    struct protocol_reason reason;
    size_t offset = 0;
    size_t size = strlen(value);
    do {
        size_t piece = size - offset < PIECE_BYTES ? size - offset : PIECE_BYTES;
        if (!settings_stage(settings, settings_name(setting), offset, (const uint8_t *)value + offset, piece, &reason)) {
            fprintf(stderr, "%s\n", reason.text);
            return false;
        }
        offset += piece;
    } while (offset < size);
    return true;
}

static bool s_set_file(struct settings *settings, enum setting setting, const char *path)
{
    char text[MOST_FILE_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    return s_set(settings, setting, text);
}

static bool s_set_period(const struct guest_values *values, uint32_t period_ms)
{
    struct protocol_config config = {
        .dry = ABI_DEFAULT_DRY, .wet = ABI_DEFAULT_WET, .threshold = ABI_DEFAULT_THRESHOLD,
        .period_ms = (int32_t)period_ms, .hysteresis = ABI_DEFAULT_HYSTERESIS};
    struct protocol_config stored;
    /* A calibration that came over the broker stays. */
    return values->read(values->context, "config", &stored, sizeof stored) == sizeof stored ||
           values->write(values->context, "config", &config, sizeof config);
}

bool provision(struct board *board, const struct node_ports *ports)
{
    const struct board_options *options = &board->options;
    const struct guest_values *values = &ports->values.values;
    const struct {
        enum setting setting;
        const char *value;
    } given[] = {{SETTING_NODE, options->node}, {SETTING_ROOT, options->root}, {SETTING_BROKER, options->broker},
                 {SETTING_USER, options->user}, {SETTING_PASSWORD, options->password}};
    struct settings settings;
    struct networks networks;
    struct protocol_reason reason;
    bool good = true;
    settings_open(&settings, values, ports->identity.mac);
    networks_open(&networks, values);
    for (size_t at = 0; good && at < sizeof given / sizeof *given; at++) {
        good = given[at].value == NULL || s_set(&settings, given[at].setting, given[at].value);
    }
    good = good && (options->ca_file == NULL || s_set_file(&settings, SETTING_CA, options->ca_file)) &&
           (options->keys_file == NULL || s_set_file(&settings, SETTING_KEYS, options->keys_file));
    if (good && !settings_apply(&settings, &reason)) {
        fprintf(stderr, "%s\n", reason.text);
        good = false;
    }
    /* Who names a broker on the command line wants the board online. */
    good = good && (options->broker == NULL || networks_put(&networks, "this-computer", "")) &&
           (options->period_ms == 0 || s_set_period(values, options->period_ms));
    networks_close(&networks);
    settings_close(&settings);
    return good;
}
