#include "guest_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* More entries than any guest needs. */
#define TABLE_ENTRIES_MAX 4096
/* Of pages or entries; more is taken for this. */
#define SUM_MAX 100000

/* ---- Sections, before WAMR has seen the module ---- */

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static uint8_t s_byte(struct reader *reader)
{
    if (reader->at == reader->end) {
        reader->failed = true;
        return 0;
    }
    return *reader->at++;
}

/* LEB128; what does not fit 64 bits ends the reading. */
static uint64_t s_number(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = s_byte(reader);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

/* The initial size of limits; the maximum is passed over. */
static uint64_t s_initial(struct reader *reader)
{
    bool has_maximum = (s_byte(reader) & 1) != 0;
    uint64_t initial = s_number(reader);
    if (has_maximum) {
        s_number(reader);
    }
    return initial;
}

enum { SECTION_TABLE = 4, SECTION_MEMORY = 5 };

static bool s_check_section(uint8_t id, struct reader *body, const struct guest_limits *limits, bool *memory,
                            struct guest_fault *fault)
{
    if (id != SECTION_TABLE && id != SECTION_MEMORY) {
        return true;
    }
    uint64_t count = s_number(body);
    uint64_t sum = 0;
    for (uint64_t index = 0; index < count && !body->failed; index++) {
        if (id == SECTION_TABLE) {
            s_byte(body);
        }
        uint64_t initial = s_initial(body);
        sum = initial > SUM_MAX || sum > SUM_MAX ? SUM_MAX : sum + initial;
    }
    if (body->failed) {
        /* WAMR says where it is damaged. */
        return true;
    }
    if (id == SECTION_TABLE && sum > TABLE_ENTRIES_MAX) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED, "Its tables have %" PRIu32 " entries; a guest may have %d.",
                        (uint32_t)sum, TABLE_ENTRIES_MAX);
        return false;
    }
    if (id == SECTION_MEMORY && sum > limits->memory_pages) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It asks for %" PRIu32 " pages of memory (%" PRIu32 " KiB) to begin with; a guest may have %" PRIu32
                        " (%" PRIu32 " KiB). Link it with a smaller stack and --initial-memory.",
                        (uint32_t)sum, (uint32_t)sum * 64, limits->memory_pages, limits->memory_pages * 64);
        return false;
    }
    *memory = *memory || (id == SECTION_MEMORY && count > 0);
    return true;
}

bool guest_check_bytes(const uint8_t *bytes, size_t size, const struct guest_limits *limits, struct guest_fault *fault)
{
    static const uint8_t preamble[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    if (size > limits->module_bytes) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "The file has %zu bytes; a guest may have at most %" PRIu32 ". Build it for size and strip it.",
                        size, limits->module_bytes);
        return false;
    }
    /* WAMR takes ahead-of-time compiled files too; those are machine code that nothing bounds. */
    if (size < sizeof preamble || memcmp(bytes, preamble, sizeof preamble) != 0) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED, "It is not a WebAssembly module (version 1).");
        return false;
    }
    bool memory = false;
    struct reader reader = {bytes + sizeof preamble, bytes + size, false};
    while (reader.at < reader.end) {
        uint8_t id = s_byte(&reader);
        uint64_t length = s_number(&reader);
        if (reader.failed || length > (uint64_t)(reader.end - reader.at)) {
            guest_fault_set(fault, GUEST_FAULT_REFUSED, "The module is cut off: its last section is incomplete.");
            return false;
        }
        struct reader body = {reader.at, reader.at + length, false};
        if (!s_check_section(id, &body, limits, &memory, fault)) {
            return false;
        }
        reader.at += length;
    }
    if (!memory) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It has no memory of its own, so the host could pass it no text. Build it with a memory of one page.");
    }
    return memory;
}

/* ---- Imports and exports ---- */

/* Types as letters: parameters, a colon, results. */
struct known_function {
    const char *name;
    const char *type;
};

static const struct known_function s_imports[] = {
    {"read_sensor", "i:i"}, {"set_output", "ii:"},    {"delay_ms", "i:"},   {"wasm_log", "i:"},
    {"log_int", "i:"},      {"mqtt_publish", "ii:i"}, {"get_config", "i:i"},
};

static const struct known_function s_exports[] = {
    {"main", ":"},
    {"main", ":i"},
    {"main", "ii:i"},
    {"process", "iiii:i"},
    {"filter_value", "i:f"},
    {"detect_anomaly", "i:i"},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static char s_letter(wasm_valkind_t kind)
{
    switch (kind) {
    case WASM_I32:
        return 'i';
    case WASM_F32:
        return 'f';
    default:
        return '?';
    }
}

#define TYPE_BYTES 24

/* A type with more than a few parameters is none that is known, so it may be cut. */
static void s_type_letters(wasm_func_type_t type, char letters[TYPE_BYTES])
{
    size_t length = 0;
    uint32_t params = wasm_func_type_get_param_count(type);
    uint32_t results = wasm_func_type_get_result_count(type);
    for (uint32_t index = 0; index < params && length < TYPE_BYTES / 2; index++) {
        letters[length++] = s_letter(wasm_func_type_get_param_valkind(type, index));
    }
    letters[length++] = ':';
    for (uint32_t index = 0; index < results && length < TYPE_BYTES - 1; index++) {
        letters[length++] = s_letter(wasm_func_type_get_result_valkind(type, index));
    }
    letters[length] = '\0';
}

/* `(i32, i32) -> i32` */
static void s_describe_type(const char *letters, char text[64])
{
    size_t length = 0;
    bool first = true;
    length += (size_t)snprintf(text, 64, "(");
    for (; *letters != ':' && length < 50; letters++) {
        const char *name = *letters == 'i' ? "i32" : *letters == 'f' ? "f32" : "?";
        length += (size_t)snprintf(text + length, 64 - length, "%s%s", first ? "" : ", ", name);
        first = false;
    }
    const char *result = *letters != ':' ? "?" : letters[1] == 'i' ? "i32" : letters[1] == 'f' ? "f32" : "nothing";
    snprintf(text + length, 64 - length, ") -> %s", result);
}

static bool s_check_import(const wasm_import_t *import, struct guest_fault *fault)
{
    if (import->kind == WASM_IMPORT_EXPORT_KIND_MEMORY) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It imports its memory (`%.40s.%.40s`). A guest brings its own: link it without --import-memory.",
                        import->module_name, import->name);
        return false;
    }
    if (strncmp(import->module_name, "wasi", 4) == 0) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It imports `%.40s.%.40s`: this is a WASI program, which talks over standard input and output. A "
                        "guest may import only functions of `env`: build it without WASI (clang: -nostdlib; Rust: "
                        "wasm32-unknown-unknown).",
                        import->module_name, import->name);
        return false;
    }
    const struct known_function *known = NULL;
    if (import->kind == WASM_IMPORT_EXPORT_KIND_FUNC && strcmp(import->module_name, "env") == 0) {
        for (size_t index = 0; index < COUNT_OF(s_imports); index++) {
            known = strcmp(s_imports[index].name, import->name) == 0 ? &s_imports[index] : known;
        }
    }
    if (known == NULL) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It imports `%.40s.%.40s`, which this host does not offer. A guest may import only the functions "
                        "read_sensor, set_output, delay_ms, wasm_log, log_int, mqtt_publish and get_config of `env`; "
                        "rebuild it without the other.",
                        import->module_name, import->name);
        return false;
    }
    char letters[TYPE_BYTES];
    s_type_letters(import->u.func_type, letters);
    if (strcmp(letters, known->type) == 0) {
        return true;
    }
    char found[64];
    char offered[64];
    s_describe_type(letters, found);
    s_describe_type(known->type, offered);
    guest_fault_set(fault, GUEST_FAULT_REFUSED,
                    "It imports `env.%s` as %s, but this host offers %s. Correct its declaration and rebuild.", known->name,
                    found, offered);
    return false;
}

static bool s_check_export(const wasm_export_t *export, struct guest_exports *exports, struct guest_entry *entry,
                           struct guest_fault *fault)
{
    bool is_function = export->kind == WASM_IMPORT_EXPORT_KIND_FUNC;
    char letters[TYPE_BYTES] = "";
    if (is_function) {
        s_type_letters(export->u.func_type, letters);
    }
    /* clang's name for a main without parameters, beside a `main` that takes two. */
    if (is_function && strcmp(export->name, "__main_void") == 0 && strcmp(letters, ":i") == 0) {
        if (entry->name == NULL || entry->params > 0) {
            *entry = (struct guest_entry){"__main_void", 0};
        }
        return true;
    }
    bool known = false;
    bool fits = false;
    for (size_t index = 0; index < COUNT_OF(s_exports); index++) {
        bool named = strcmp(s_exports[index].name, export->name) == 0;
        known = known || named;
        fits = fits || (named && is_function && strcmp(s_exports[index].type, letters) == 0);
    }
    if (known && !fits) {
        char found[64] = "something else than a function";
        if (is_function) {
            s_describe_type(letters, found);
        }
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It exports `%s` as %s, which is not what a guest's `%s` is. Correct it and rebuild.", export->name,
                        found, export->name);
        return false;
    }
    if (!known) {
        return true;
    }
    if (strcmp(export->name, "main") == 0) {
        uint32_t params = letters[0] == ':' ? 0 : 2;
        if (entry->name == NULL || params == 0) {
            *entry = (struct guest_entry){"main", params};
        }
    }
    exports->process = exports->process || strcmp(export->name, "process") == 0;
    exports->filter_value = exports->filter_value || strcmp(export->name, "filter_value") == 0;
    exports->detect_anomaly = exports->detect_anomaly || strcmp(export->name, "detect_anomaly") == 0;
    return true;
}

bool guest_check_module(wasm_module_t module, struct guest_exports *exports, struct guest_entry *entry,
                        struct guest_fault *fault)
{
    *exports = (struct guest_exports){0};
    *entry = (struct guest_entry){0};
    int32_t imports = wasm_runtime_get_import_count(module);
    for (int32_t index = 0; index < imports; index++) {
        wasm_import_t import = {0};
        wasm_runtime_get_import_type(module, index, &import);
        if (!s_check_import(&import, fault)) {
            return false;
        }
    }
    int32_t count = wasm_runtime_get_export_count(module);
    for (int32_t index = 0; index < count; index++) {
        wasm_export_t export = {0};
        wasm_runtime_get_export_type(module, index, &export);
        if (!s_check_export(&export, exports, entry, fault)) {
            return false;
        }
    }
    exports->loop = entry->name != NULL;
    if (!exports->loop && !exports->process && !exports->filter_value && !exports->detect_anomaly) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED,
                        "It exports none of `main`, `process`, `filter_value` and `detect_anomaly`, so there is nothing to "
                        "run. Export at least one of them (clang: -Wl,--export=main; Rust: #[no_mangle] pub extern \"C\").");
        return false;
    }
    return true;
}
