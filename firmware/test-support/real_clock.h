#ifndef REAL_CLOCK_H
#define REAL_CLOCK_H

#include <stdint.h>

/* Of this machine; `context` is not looked at. */
int64_t real_now_us(void *context);
void real_sleep_ms(void *context, uint32_t ms);

#endif
