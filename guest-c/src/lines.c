#include "lines.h"

#include "guest_abi.gen.h"
#include "text.h"

enum { FIELDS_MAX = 4 };

/* Reads a number that ends at a comma or a NUL and moves the cursor there; false when there is none. */
static bool parse_number(const char **cursor, int32_t *number)
{
    const char *at = *cursor;
    bool negative = *at == '-';
    if (negative) {
        at++;
    }
    if (*at < '0' || *at > '9') {
        return false;
    }
    /* Kept negative, because the negative half of int32_t is the larger one. */
    int64_t value = 0;
    while (*at >= '0' && *at <= '9') {
        value = value * 10 - (*at++ - '0');
        if (value < INT32_MIN) {
            return false;
        }
    }
    if (!negative && value == INT32_MIN) {
        return false;
    }
    *number = (int32_t)(negative ? value : -value);
    *cursor = at;
    return *at == ',' || *at == '\0';
}

/* The number of fields, 0 for a malformed line. */
static int parse_line(const struct lines *lines, int32_t fields[FIELDS_MAX])
{
    const char *at = lines->line;
    for (int count = 0; count < FIELDS_MAX; count++) {
        if (!parse_number(&at, &fields[count])) {
            return 0;
        }
        if (*at == '\0') {
            /* A NUL within the line is malformed too. */
            return at == lines->line + lines->length ? count + 1 : 0;
        }
        at++;
    }
    return 0;
}

/* Two decimals, halves away from zero; the products are exact in double precision. */
static void write_average(struct text *text, float average)
{
    bool negative = average < 0;
    double magnitude = negative ? -(double)average : (double)average;
    uint64_t hundredths = (uint64_t)(magnitude * 100 + 0.5);
    if (negative && hundredths != 0) {
        text_byte(text, '-');
    }
    text_unsigned(text, (uint32_t)(hundredths / 100));
    text_byte(text, '.');
    text_unsigned(text, (uint32_t)(hundredths / 10 % 10));
    text_unsigned(text, (uint32_t)(hundredths % 10));
}

static void write_reading(struct lines *lines, struct text *text, const int32_t fields[FIELDS_MAX])
{
    int32_t verdict = irrigation_process(fields[0], fields[1], fields[2], fields[3]);
    text_string(text, "{\"raw\":");
    text_signed(text, fields[0]);
    text_string(text, ",\"pct\":");
    text_signed(text, verdict & ABI_VERDICT_PERCENT_MASK);
    text_string(text, ",\"irrigar\":");
    text_byte(text, (verdict & ABI_VERDICT_IRRIGATE_BIT) != 0 ? '1' : '0');
    text_string(text, ",\"ema\":");
    write_average(text, irrigation_filter_step(&lines->filter, fields[0]));
    text_string(text, ",\"anomaly\":");
    text_signed(text, irrigation_detect(&lines->detector, fields[0]));
    text_string(text, "}\n");
}

static void answer(struct lines *lines)
{
    struct text text = {lines->answer, sizeof lines->answer, 0};
    int32_t fields[FIELDS_MAX] = {0, ABI_DEFAULT_DRY, ABI_DEFAULT_WET, ABI_DEFAULT_THRESHOLD};
    if (lines->length > 0 && lines->line[lines->length - 1] == '\r') {
        lines->length--;
    }
    lines->line[lines->length] = '\0';

    if (lines->overlong) {
        text_string(&text, "{\"error\":\"line longer than 63 bytes\"}\n");
    } else {
        int count = parse_line(lines, fields);
        if (count == 1 || count == FIELDS_MAX) {
            write_reading(lines, &text, fields);
        } else {
            text_string(&text, "{\"error\":\"expected raw or raw,dry,wet,threshold as 32-bit integers\"}\n");
        }
    }
    text_end(&text);
    lines->answer_length = text.length;
    lines->length = 0;
    lines->overlong = false;
}

bool lines_feed(struct lines *lines, char byte)
{
    if (byte == '\n') {
        answer(lines);
        return true;
    }
    if (lines->length == LINES_MAX_BYTES) {
        lines->overlong = true;
    } else {
        lines->line[lines->length++] = byte;
    }
    return false;
}

bool lines_end(struct lines *lines)
{
    if (lines->length == 0) {
        return false;
    }
    answer(lines);
    return true;
}
