/*
 * What the guest decides, free of any host: the same file serves the wasm guest, the WASI
 * build and the firmware. The functions are total: every int32_t is a valid argument.
 */
#ifndef IRRIGATION_H
#define IRRIGATION_H

#include <stdbool.h>
#include <stdint.h>

/* All-zero bytes are a valid initial state of both structs. */
struct irrigation_filter {
    float ema;
    bool primed;
};

struct irrigation_detector {
    /* Last accepted level, ADC counts. */
    int32_t level;
    /* Consecutive spikes seen so far. */
    int32_t spikes;
    int32_t previous;
    /* Length of the run of samples equal to previous; stops growing at the rule's limit. */
    int32_t identical;
    bool primed;
};

/*
 * Bits 0-7: moisture percent, bit 8: irrigate. The percent is 100 - (raw - wet) * 100 / (dry - wet),
 * truncated as C does, clamped to 0..100; 0 when dry equals wet, for then there is no scale.
 */
int32_t irrigation_process(int32_t raw, int32_t dry, int32_t wet, int32_t threshold);

/* One step of the moving average, ADC counts; the first sample initialises it. */
float irrigation_filter_step(struct irrigation_filter *filter, int32_t raw);

/*
 * An ABI_ANOMALY_ code. Samples out of the plausible range leave the state untouched. The last of
 * ABI_RULE_SPIKES_TO_ACCEPT consecutive spikes is still reported and becomes the new level.
 */
int32_t irrigation_detect(struct irrigation_detector *detector, int32_t raw);

/*
 * Whether to water: above the threshold always; once on, until the reading is at or below
 * threshold - hysteresis. A negative hysteresis has no effect.
 */
bool irrigation_wanted(bool watering, int32_t verdict, int32_t raw, int32_t threshold, int32_t hysteresis);

#endif
