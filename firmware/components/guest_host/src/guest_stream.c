/* Per-value calls. */
#include <stdlib.h>
#include <string.h>

#include "guest_stream.h"

bool guest_stream_open(struct guest_stream **out, const struct guest_code *code, const struct guest_limits *limits,
                       struct guest_exports *exports, struct guest_fault *fault)
{
    *out = NULL;
    *fault = (struct guest_fault){0};
    struct guest_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        guest_fault_set(fault, GUEST_FAULT_BOARD, "The board has no memory left for a guest.");
        return false;
    }
    stream->native = code->module == NULL;
    stream->run.limits = *limits;
    *exports = (struct guest_exports){true, true, true, true};
    if (stream->native) {
        *out = stream;
        return true;
    }
    if (!guest_wasm_open(&stream->wasm, code, &stream->run)) {
        *fault = stream->run.fault;
        guest_stream_close(stream);
        return false;
    }
    *exports = stream->wasm.exports;
    stream->process = guest_wasm_export(&stream->wasm, "process");
    stream->filter_value = guest_wasm_export(&stream->wasm, "filter_value");
    stream->detect_anomaly = guest_wasm_export(&stream->wasm, "detect_anomaly");
    *out = stream;
    return true;
}

static bool s_call(struct guest_stream *stream, wasm_function_inst_t function, const char *name, uint32_t count,
                   uint32_t *cells, struct guest_fault *fault)
{
    if (function == NULL) {
        guest_fault_set(&stream->run.fault, GUEST_FAULT_REFUSED, "It exports no `%s`.", name);
    }
    if (stream->run.fault.kind != GUEST_FAULT_NONE ||
        !guest_wasm_call(&stream->wasm, &stream->run, function, count, cells)) {
        *fault = stream->run.fault;
        return false;
    }
    return true;
}

bool guest_stream_process(struct guest_stream *stream, int32_t raw, int32_t dry, int32_t wet, int32_t threshold,
                          int32_t *verdict, struct guest_fault *fault)
{
    if (stream->native) {
        *verdict = irrigation_process(raw, dry, wet, threshold);
        return true;
    }
    uint32_t cells[4] = {(uint32_t)raw, (uint32_t)dry, (uint32_t)wet, (uint32_t)threshold};
    if (!s_call(stream, stream->process, "process", 4, cells, fault)) {
        return false;
    }
    *verdict = (int32_t)cells[0];
    return true;
}

bool guest_stream_filter(struct guest_stream *stream, int32_t raw, float *average, struct guest_fault *fault)
{
    if (stream->native) {
        *average = irrigation_filter_step(&stream->filter, raw);
        return true;
    }
    uint32_t cells[1] = {(uint32_t)raw};
    if (!s_call(stream, stream->filter_value, "filter_value", 1, cells, fault)) {
        return false;
    }
    memcpy(average, cells, sizeof *average);
    return true;
}

bool guest_stream_detect(struct guest_stream *stream, int32_t raw, int32_t *anomaly, struct guest_fault *fault)
{
    if (stream->native) {
        *anomaly = irrigation_detect(&stream->detector, raw);
        return true;
    }
    uint32_t cells[1] = {(uint32_t)raw};
    if (!s_call(stream, stream->detect_anomaly, "detect_anomaly", 1, cells, fault)) {
        return false;
    }
    *anomaly = (int32_t)cells[0];
    return true;
}

void guest_stream_close(struct guest_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (!stream->native) {
        guest_wasm_close(&stream->wasm);
    }
    free(stream);
}

bool guest_check(const struct guest_code *code, const struct guest_limits *limits, struct guest_exports *exports,
                 struct guest_fault *fault)
{
    struct guest_stream *stream = NULL;
    bool good = guest_stream_open(&stream, code, limits, exports, fault);
    guest_stream_close(stream);
    return good;
}
