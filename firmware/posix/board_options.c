#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "board.h"

static const char s_usage[] =
    "continuum-board --state DIR [options]\n"
    "\n"
    "  --state DIR       its flash and settings; made when it is not there\n"
    "  --broker URL      mqtt://HOST[:PORT] or mqtts://HOST[:PORT]\n"
    "  --node NAME       node id\n"
    "  --root ROOT       topic root (ic)\n"
    "  --user NAME       for the broker\n"
    "  --password TEXT   for the broker\n"
    "  --ca FILE         PEM of the authority that signed the broker's certificate\n"
    "  --keys FILE       public keys whose guests are trusted, a line ed25519 BASE64 NAME each\n"
    "  --guest FILE      the module that it runs as long as it has none\n"
    "  --native          runs the compiled-in guest instead of modules\n"
    "  --period MS       sampling period, until it is calibrated over the broker\n"
    "  --metrics S       seconds between two metrics (60)\n"
    "  --soil FILE       readings of the probe, a number a line, one for each read; - for lines on stdin, the last counts\n"
    "  --seed N          of the soil when no readings are given (1)\n"
    "  --serial PATH     a link to its serial line, which it also prints\n"
    "  --reset WORD      why it starts: power, software, panic, watchdog, brownout or other (power)\n";

enum choice {
    STATE = 1, BROKER, NODE, ROOT, USER, PASSWORD, CA, KEYS, GUEST, NATIVE, PERIOD, METRICS, SOIL, SEED, SERIAL, RESET, HELP,
};

static bool s_number(const char *name, const char *text, unsigned long least, unsigned long most, uint32_t *value)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || number < least || number > most) {
        fprintf(stderr, "--%s takes a whole number from %lu to %lu, not \"%s\".\n", name, least, most, text);
        return false;
    }
    *value = (uint32_t)number;
    return true;
}

static bool s_reset(const char *text, enum node_reset *reset)
{
    static const char *const words[] = {"power", "software", "panic", "watchdog", "brownout", "other"};
    for (int at = 0; at <= NODE_RESET_OTHER; at++) {
        if (strcmp(text, words[at]) == 0) {
            *reset = (enum node_reset)at;
            return true;
        }
    }
    fprintf(stderr, "--reset takes power, software, panic, watchdog, brownout or other, not \"%s\".\n", text);
    return false;
}

bool board_options_read(struct board_options *options, int count, char **arguments, int *exit_code)
{
    static const struct option known[] = {
        {"state", required_argument, NULL, STATE},   {"broker", required_argument, NULL, BROKER},
        {"node", required_argument, NULL, NODE},     {"root", required_argument, NULL, ROOT},
        {"user", required_argument, NULL, USER},     {"password", required_argument, NULL, PASSWORD},
        {"ca", required_argument, NULL, CA},         {"keys", required_argument, NULL, KEYS},
        {"guest", required_argument, NULL, GUEST},   {"native", no_argument, NULL, NATIVE},
        {"period", required_argument, NULL, PERIOD}, {"metrics", required_argument, NULL, METRICS},
        {"soil", required_argument, NULL, SOIL},     {"seed", required_argument, NULL, SEED},
        {"serial", required_argument, NULL, SERIAL}, {"reset", required_argument, NULL, RESET},
        {"help", no_argument, NULL, HELP},           {NULL, 0, NULL, 0},
    };
    *options = (struct board_options){.seed = 1};
    *exit_code = 2;
    int option;
    bool good = true;
    while (good && (option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        switch (option) {
        case STATE: options->state = optarg; break;
        case BROKER: options->broker = optarg; break;
        case NODE: options->node = optarg; break;
        case ROOT: options->root = optarg; break;
        case USER: options->user = optarg; break;
        case PASSWORD: options->password = optarg; break;
        case CA: options->ca_file = optarg; break;
        case KEYS: options->keys_file = optarg; break;
        case GUEST: options->guest_file = optarg; break;
        case NATIVE: options->native = true; break;
        case SOIL: options->soil_file = optarg; break;
        case SERIAL: options->serial_link = optarg; break;
        case PERIOD: good = s_number("period", optarg, PROTOCOL_MIN_PERIOD_MS, PROTOCOL_MAX_PERIOD_MS, &options->period_ms); break;
        case METRICS: good = s_number("metrics", optarg, 1, 86400, &options->metrics_s); break;
        case SEED: good = s_number("seed", optarg, 0, UINT32_MAX, &options->seed); break;
        case RESET: good = s_reset(optarg, &options->reset); break;
        case HELP:
            printf("%s", s_usage);
            *exit_code = 0;
            return false;
        default: good = false;
        }
    }
    if (good && optind < count) {
        fprintf(stderr, "\"%s\" is no option.\n", arguments[optind]);
        good = false;
    }
    if (good && options->state == NULL) {
        fprintf(stderr, "--state is missing: a board needs a folder for its flash.\n");
        good = false;
    }
    if (!good) {
        fprintf(stderr, "\n%s", s_usage);
    }
    return good;
}
