#include <time.h>

#include "board.h"

static int64_t s_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t s_booted_us;

static int64_t s_uptime_us(void *context)
{
    (void)context;
    return s_us(CLOCK_MONOTONIC) - s_booted_us;
}

static int64_t s_wall_us(void *context)
{
    (void)context;
    return s_us(CLOCK_REALTIME);
}

static void s_sleep_ms(void *context, uint32_t ms)
{
    (void)context;
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

void clock_port_open(struct node_ports *ports)
{
    s_booted_us = s_us(CLOCK_MONOTONIC);
    ports->clock = (struct node_clock_port){.uptime_us = s_uptime_us, .wall_us = s_wall_us, .sleep_ms = s_sleep_ms};
}
