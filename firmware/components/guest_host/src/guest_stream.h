#ifndef GUEST_STREAM_H
#define GUEST_STREAM_H

#include "guest_wasm.h"
#include "irrigation.h"

struct guest_stream {
    struct guest_run run;
    struct guest_wasm wasm;
    wasm_function_inst_t process;
    wasm_function_inst_t filter_value;
    wasm_function_inst_t detect_anomaly;
    bool native;
    struct irrigation_filter filter;
    struct irrigation_detector detector;
};

#endif
