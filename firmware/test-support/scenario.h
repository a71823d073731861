/* Checks that say which scenario they belong to. The first that fails ends the program with exit code 1. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <string.h>

/* What a user would lose if the checks that follow failed. */
void scenario(const char *sentence);

/* To be printed with a failure: a seed, the input, the step. Kept until the next scenario. */
void scenario_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints how many scenarios passed; the exit code of main. */
int scenarios_passed(void);

void scenario_check(bool holds, const char *condition, const char *file, int line);
void scenario_check_text(const char *found, const char *expected, bool whole, const char *file, int line);

#define CHECK(condition) scenario_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_TEXT(found, expected) scenario_check_text((found), (expected), true, __FILE__, __LINE__)
#define CHECK_CONTAINS(found, part) scenario_check_text((found), (part), false, __FILE__, __LINE__)

#endif
