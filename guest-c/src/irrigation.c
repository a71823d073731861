#include "irrigation.h"

#include "guest_abi.gen.h"

int32_t irrigation_process(int32_t raw, int32_t dry, int32_t wet, int32_t threshold)
{
    /* 64 bits: the differences span 33 bits, and times 100 at most 40. */
    int64_t span = (int64_t)dry - wet;
    int64_t percent = 0;
    if (span != 0) {
        percent = 100 - ((int64_t)raw - wet) * 100 / span;
        if (percent < 0) {
            percent = 0;
        }
        if (percent > 100) {
            percent = 100;
        }
    }
    return (int32_t)percent | (raw > threshold ? ABI_VERDICT_IRRIGATE_BIT : 0);
}

float irrigation_filter_step(struct irrigation_filter *filter, int32_t raw)
{
    float sample = (float)raw;
    if (!filter->primed) {
        filter->primed = true;
        filter->ema = sample;
        return sample;
    }
    /*
     * Each step is stored, so that it rounds to single precision on its own: a fused multiply-add
     * would differ in the last bit from wasm, which has none. Build natively with -ffp-contract=off.
     */
    float error = sample - filter->ema;
    float correction = error * ABI_FILTER_ALPHA;
    filter->ema += correction;
    return filter->ema;
}

int32_t irrigation_detect(struct irrigation_detector *detector, int32_t raw)
{
    if (raw < ABI_RULE_PLAUSIBLE_MIN || raw > ABI_RULE_PLAUSIBLE_MAX) {
        return ABI_ANOMALY_OUT_OF_RANGE;
    }
    if (!detector->primed) {
        detector->primed = true;
        detector->level = raw;
        detector->previous = raw;
        detector->identical = 1;
        return ABI_ANOMALY_NONE;
    }
    if (raw != detector->previous) {
        detector->previous = raw;
        detector->identical = 1;
    } else if (detector->identical < ABI_RULE_STUCK_SAMPLES) {
        detector->identical++;
    }

    /* Both are within the plausible range, so the difference cannot overflow. */
    int32_t jump = raw - detector->level;
    if (jump > ABI_RULE_SPIKE_DELTA || jump < -ABI_RULE_SPIKE_DELTA) {
        detector->spikes++;
        if (detector->spikes >= ABI_RULE_SPIKES_TO_ACCEPT) {
            detector->spikes = 0;
            detector->level = raw;
        }
        return ABI_ANOMALY_SPIKE;
    }
    detector->spikes = 0;
    detector->level = raw;
    return detector->identical >= ABI_RULE_STUCK_SAMPLES ? ABI_ANOMALY_STUCK : ABI_ANOMALY_NONE;
}

bool irrigation_wanted(bool watering, int32_t verdict, int32_t raw, int32_t threshold, int32_t hysteresis)
{
    if ((verdict & ABI_VERDICT_IRRIGATE_BIT) != 0) {
        return true;
    }
    return watering && raw > (int64_t)threshold - hysteresis;
}
