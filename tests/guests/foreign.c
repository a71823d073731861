/*
 * A module as found in the field: plain `main`, every symbol exported, two pages of memory, field names
 * in its payload, a topic without a prefix, and no knowledge of the sampling period.
 */
#include "field.h"

/* With a stack of 64 KiB this lies in the second page. */
char workspace[512];

int main(void)
{
    wasm_log("guest up");
    while (1) {
        int raw = read_sensor(0);
        int dry = get_config(0);
        int wet = get_config(1);
        int is_dry = raw > get_config(2);
        int percent = dry == wet ? 0 : 100 - (raw - wet) * 100 / (dry - wet);
        char *at = workspace;
        percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
        set_output(18, is_dry);
        set_output(19, !is_dry);
        set_output(23, is_dry);
        at = put_text(at, "{\"umidade\":");
        at = put_number(at, raw);
        at = put_text(at, ",\"seco\":");
        at = put_number(at, is_dry);
        at = put_text(at, ",\"pct\":");
        at = put_number(at, percent);
        *put_text(at, "}") = 0;
        mqtt_publish("data", workspace);
        delay_ms(2000);
    }
}
