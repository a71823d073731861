/*
 * A loop as modules in the field have it: one page of memory, `main` with everything exported, and in
 * each cycle a reading and a line for people. Fleets are measured with it, built with two lengths of the
 * cycle: as short as the guest ABI's default, and as a field that is watered by the hour needs it.
 */
#ifndef CYCLE_MS
#define CYCLE_MS 3000
#endif

#include "field.h"

char payload[128];

int main(void)
{
    wasm_log("guest up");
    while (1) {
        int raw = read_sensor(0);
        int dry = get_config(0);
        int wet = get_config(1);
        int is_dry = raw > get_config(2);
        int percent = dry == wet ? 0 : 100 - (raw - wet) * 100 / (dry - wet);
        char *at = payload;
        percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
        set_output(18, is_dry);
        set_output(19, !is_dry);
        set_output(23, is_dry);
        at = put_text(at, "{\"raw\":");
        at = put_number(at, raw);
        at = put_text(at, ",\"pct\":");
        at = put_number(at, percent);
        at = put_text(at, ",\"irrigar\":");
        at = put_number(at, is_dry);
        *put_text(at, "}") = 0;
        mqtt_publish("ic/esp32/data", payload);
        mqtt_publish("ic/esp32/status", is_dry ? "irrigating" : "moist enough");
        delay_ms(CYCLE_MS);
    }
}
