#include "scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *s_sentence = "before the first scenario";
static char s_detail[256];
static int s_count;

void scenario(const char *sentence)
{
    s_sentence = sentence;
    s_detail[0] = '\0';
    s_count++;
}

void scenario_detail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(s_detail, sizeof s_detail, format, values);
    va_end(values);
}

int scenarios_passed(void)
{
    printf("%d scenarios passed\n", s_count);
    return s_count > 0 ? 0 : 1;
}

static void s_fail(const char *file, int line)
{
    fprintf(stderr, "%s:%d: FAILED: %s\n", file, line, s_sentence);
    if (s_detail[0] != '\0') {
        fprintf(stderr, "  with %s\n", s_detail);
    }
}

void scenario_check(bool holds, const char *condition, const char *file, int line)
{
    if (!holds) {
        s_fail(file, line);
        fprintf(stderr, "  does not hold: %s\n", condition);
        exit(1);
    }
}

void scenario_check_text(const char *found, const char *expected, bool whole, const char *file, int line)
{
    if (whole ? strcmp(found, expected) != 0 : strstr(found, expected) == NULL) {
        s_fail(file, line);
        fprintf(stderr, "  expected%s: %s\n  found: %s\n", whole ? "" : " to contain", expected, found);
        exit(1);
    }
}
