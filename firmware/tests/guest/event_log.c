/* Prints what a guest does on the firmware's host: `event_log SCRIPT MODULE`, where MODULE may be `native`. */
#include <stdlib.h>
#include <string.h>

#include "read_file.h"
#include "scripted_board.h"

int main(int count, char **words)
{
    if (count != 3 || !guest_host_init()) {
        fprintf(stderr, "usage: event_log SCRIPT MODULE|native\n");
        return 2;
    }
    size_t size = 0;
    uint8_t *script = read_file(words[1], &size);
    struct scripted_board board;
    scripted_board_read(&board, (const char *)script, stdout);
    struct guest_code code = {NULL, 0};
    uint8_t *module = NULL;
    if (strcmp(words[2], "native") != 0) {
        module = read_file(words[2], &size);
        code = (struct guest_code){module, size};
    }
    struct guest_limits limits = guest_limits_default();
    struct guest_report report;
    scripted_board_run(&board, &code, &limits, &report);
    free(module);
    free(script);
    return 0;
}
