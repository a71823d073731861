#include "protocol_json.h"
#include "protocol_payloads.h"

static void s_add_known(struct protocol_json_writer *writer, const char *name, int64_t value)
{
    if (value >= 0) {
        protocol_json_add_integer(writer, name, value);
    }
}

size_t protocol_metrics_write(const struct protocol_metrics *metrics, char *text, size_t capacity)
{
    struct protocol_json_writer writer;
    protocol_json_begin(&writer, text, capacity);
    s_add_known(&writer, "heap_free", metrics->heap_free_bytes);
    s_add_known(&writer, "stack_free", metrics->stack_free_bytes);
    s_add_known(&writer, "step_us", metrics->step_us);
    s_add_known(&writer, "step_instructions", metrics->step_instructions);
    if (metrics->rssi_dbm != 0) {
        protocol_json_add_integer(&writer, "rssi_dbm", metrics->rssi_dbm);
    }
    s_add_known(&writer, "bytes_sent", metrics->bytes_sent);
    s_add_known(&writer, "energy_mj", metrics->energy_mj);
    return protocol_json_end(&writer);
}
