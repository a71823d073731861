/* Frames among text, noise and each other. */
#include <stdio.h>
#include <string.h>

#include "improv_link.h"
#include "scenario.h"

static char s_requests[256];
static uint8_t s_written[4096];
static size_t s_written_size;

static void s_request(void *context, uint8_t command, const uint8_t *data, uint8_t size)
{
    (void)context;
    size_t length = strlen(s_requests);
    snprintf(s_requests + length, sizeof s_requests - length, "%02x:%.*s ", command, size, (const char *)data);
}

static void s_write(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    memcpy(s_written + s_written_size, bytes, size);
    s_written_size += size;
}

static const struct improv_link_port s_port = {.write = s_write, .request = s_request};

static size_t s_frame(uint8_t command, const char *text, uint8_t *bytes)
{
    uint8_t data[IMPROV_MAX_DATA];
    size_t size = strlen(text);
    data[0] = command;
    data[1] = (uint8_t)size;
    memcpy(data + 2, text, size);
    return improv_frame_write(IMPROV_REQUEST, data, (uint8_t)(size + 2), bytes);
}

static void s_take(struct improv_link *link, const void *bytes, size_t size)
{
    improv_link_take(link, bytes, size);
}

/* Strings of the results that were written, separated by |, one line for each result. */
static void s_results(char *text, size_t capacity)
{
    struct improv_parser parser = {0};
    struct improv_frame frame;
    size_t length = 0;
    text[0] = 0;
    for (size_t at = 0; at < s_written_size; at++) {
        if (!improv_parser_take(&parser, s_written[at], &frame) || frame.type != IMPROV_RESULT) {
            continue;
        }
        length += (size_t)snprintf(text + length, capacity - length, "%02x", frame.data[0]);
        for (size_t from = 2; from < frame.size; from += 1u + frame.data[from]) {
            length += (size_t)snprintf(text + length, capacity - length, "|%.*s", frame.data[from],
                                       (const char *)frame.data + from + 1);
        }
        length += (size_t)snprintf(text + length, capacity - length, "\n");
    }
    s_written_size = 0;
}

int main(void)
{
    struct improv_link link;
    uint8_t bytes[600];
    char results[2048];
    improv_link_open(&link, &s_port);

    scenario("A request is found behind text, noise and a frame that was cut off");
    s_take(&link, "I (312) node: IMPRO", 19);
    size_t size = s_frame(0xa6, "", bytes);
    s_take(&link, bytes, size - 4);
    size = s_frame(0xa8, "{}", bytes);
    s_take(&link, "IMPROV\x01\x03\xff", 9);
    s_take(&link, bytes, size);
    CHECK_TEXT(s_requests, "");
    /* The head that was noise promised 255 bytes more; the frame shows once it is known to be none. */
    memset(bytes, '.', 300);
    s_take(&link, bytes, 300);
    CHECK_TEXT(s_requests, "a8:{} ");
    improv_link_ok(&link, "yes");
    s_results(results, sizeof results);
    CHECK_TEXT(results, "a8|ok|yes\n");

    scenario("A changed byte anywhere is noticed");
    for (size_t at = 1; at + 1 < s_frame(0xa9, "abc", bytes); at++) {
        scenario_detail("byte %zu", at);
        improv_link_open(&link, &s_port);
        s_requests[0] = 0;
        size = s_frame(0xa9, "abc", bytes);
        bytes[at] ^= 0x20;
        s_take(&link, bytes, size);
        CHECK_TEXT(s_requests, "");
    }

    scenario("A second request is refused while the first is at work");
    improv_link_open(&link, &s_port);
    s_requests[0] = 0;
    s_written_size = 0;
    s_take(&link, bytes, s_frame(0x04, "", bytes));
    s_take(&link, bytes, s_frame(0xa6, "", bytes));
    CHECK_TEXT(s_requests, "04: ");
    s_results(results, sizeof results);
    CHECK_CONTAINS(results, "a6|refused|Another request is at work");
    const char *found[] = {"home", "-40", "YES"};
    improv_link_plain(&link, found, 3, false);
    improv_link_plain(&link, NULL, 0, true);
    s_take(&link, bytes, s_frame(0xa6, "", bytes));
    CHECK_TEXT(s_requests, "04: a6: ");
    const char *item[] = {"wifi", "online"};
    improv_link_item(&link, item, 2);
    improv_link_refuse(&link, "No.");
    s_results(results, sizeof results);
    CHECK_TEXT(results, "04|home|-40|YES\n04\na6|item|wifi|online\na6|refused|No.\n");

    scenario("An answer that is too long for a frame comes in pieces");
    s_take(&link, bytes, s_frame(0xa7, "", bytes));
    char lengthy[501];
    memset(lengthy, 'x', 500);
    lengthy[500] = 0;
    improv_link_ok(&link, lengthy);
    s_results(results, sizeof results);
    CHECK(strlen(results) == 500 + strlen("a7|item|\na7|item|\na7|ok|\n"));
    return scenarios_passed();
}
