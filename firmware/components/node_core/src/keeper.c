#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keeper.h"

#define SECOND_US 1000000LL
/* As the simulated nodes do it: web/sim/params/node.json. */
#define FIRST_BACK_OFF_US SECOND_US
#define LONGEST_BACK_OFF_US (60 * SECOND_US)
#define HEALTHY_US (60 * SECOND_US)
/* A guest that has not made its steps by then may wait for something that never comes. */
#define TRIAL_US (120 * SECOND_US)

/* Whose trial it is, so that it can be reported after a reboot. */
#define TRIAL_KEY "trial.offer"

struct trial_note {
    uint8_t sha256[GUEST_SHA256_BYTES];
    char name[GUEST_NAME_BYTES + 1];
};

static void s_report(struct keeper *keeper, enum protocol_phase phase, const char *name, const uint8_t *sha256,
                     double progress, const char *reason)
{
    struct protocol_guest_state state = {
        .phase = phase, .name = name, .sha256 = sha256, .progress = progress, .reason = reason};
    keeper->port->report(keeper->port->context, &state);
}

static void s_say(struct keeper *keeper, char level, const char *format, const char *first, const char *second)
{
    char text[PROTOCOL_REASON_BYTES + 96];
    snprintf(text, sizeof text, format, first, second);
    keeper->port->log(keeper->port->context, level, text);
}

/* The last fault or refusal, for whoever asks. */
static void s_remember(struct keeper *keeper, const char *reason)
{
    struct protocol_reason cut;
    protocol_refuse(&cut, "%s", reason);
    memcpy(keeper->reason, cut.text, sizeof keeper->reason);
}

static void s_note_trial(struct keeper *keeper, const struct guest_offer *offer)
{
    const struct guest_values *values = &keeper->ports->values.values;
    if (offer == NULL) {
        values->erase(values->context, TRIAL_KEY);
        return;
    }
    struct trial_note note = {0};
    memcpy(note.sha256, offer->sha256, sizeof note.sha256);
    memcpy(note.name, offer->name, sizeof note.name);
    values->write(values->context, TRIAL_KEY, &note, sizeof note);
}

void keeper_open(struct keeper *keeper, const struct node_ports *ports, const struct keeper_port *port)
{
    *keeper = (struct keeper){
        .port = port, .ports = ports, .native = ports->rules.native_guest, .due_us = INT64_MAX,
        .back_off_us = FIRST_BACK_OFF_US, .stack_free_bytes = -1};
    bool rolled_back = false;
    guest_host_init();
    keeper->store_open = guest_store_open(&keeper->store, &ports->guest_slots, &ports->values.values, &rolled_back);
    if (!keeper->store_open) {
        s_say(keeper, 'E', "The partitions for guests cannot be read: no guest can be kept.", "", "");
    }
    struct trial_note note;
    if (rolled_back) {
        static const char reason[] = "The new guest failed on trial, so the old one runs again: the board died with it each time.";
        const struct guest_values *values = &ports->values.values;
        bool known = values->read(values->context, TRIAL_KEY, &note, sizeof note) == sizeof note;
        note.name[GUEST_NAME_BYTES] = 0;
        s_report(keeper, PROTOCOL_ROLLED_BACK, known ? note.name : "", known ? note.sha256 : NULL, 1, reason);
        s_remember(keeper, reason);
        s_note_trial(keeper, NULL);
    }
}

/* Ends what runs without a word. */
static void s_halt(struct keeper *keeper)
{
    keeper->generation++;
    keeper->due_us = INT64_MAX;
    guest_close(keeper->guest);
    keeper->guest = NULL;
    keeper->port->outputs_off(keeper->port->context);
}

void keeper_close(struct keeper *keeper)
{
    s_halt(keeper);
    keeper->state = KEEPER_NONE;
}

/* Loads the current guest; the store gives up one whose bytes have changed, and offers the one before. */
static uint8_t *s_load(struct keeper *keeper, size_t *size)
{
    while (keeper->store_open && guest_store_current(&keeper->store, &keeper->record)) {
        uint8_t *module = malloc(keeper->record.offer.size);
        if (module == NULL) {
            snprintf(keeper->reason, sizeof keeper->reason, "The board has no memory for a module of %u bytes.",
                     (unsigned)keeper->record.offer.size);
            return NULL;
        }
        if (guest_store_load(&keeper->store, &keeper->record, module)) {
            *size = keeper->record.offer.size;
            return module;
        }
        free(module);
        s_say(keeper, 'E', "%s: what lies in flash is not what was verified; it is given up.",
              keeper->record.offer.name, "");
    }
    return NULL;
}

static void s_faulted(struct keeper *keeper, const char *reason, int64_t now_us);

static void s_run(struct keeper *keeper, int64_t now_us)
{
    struct guest_code code = {0};
    uint8_t *module = NULL;
    keeper->has_record = false;
    if (!keeper->native) {
        module = s_load(keeper, &code.module_bytes);
        keeper->has_record = module != NULL;
        if (module == NULL) {
            struct guest_record there;
            keeper->state = KEEPER_NONE;
            if (keeper->store_open && guest_store_current(&keeper->store, &there)) {
                /* There is one, but no memory for it just now. */
                keeper->state = KEEPER_RUNNING;
                keeper->started_us = now_us;
                s_faulted(keeper, keeper->reason, now_us);
            }
            return;
        }
        code.module = module;
    }
    bool trial = keeper->has_record && keeper->record.on_trial;
    keeper->generation++;
    keeper->steps = 0;
    keeper->sum_step_us = 0;
    keeper->sum_instructions = 0;
    keeper->trial_steps = 0;
    keeper->started_us = now_us;
    keeper->state = trial ? KEEPER_TRYING : KEEPER_RUNNING;
    keeper->due_us = INT64_MAX;
    if (trial) {
        int64_t patience_us = (KEEPER_TRIAL_STEPS + 1) * 1000LL * keeper->port->period_ms(keeper->port->context);
        keeper->due_us = now_us + (patience_us > TRIAL_US ? patience_us : TRIAL_US);
        guest_store_trial_starts(&keeper->store);
    }
    struct guest_limits limits = guest_limits_default();
    struct guest_place place = keeper->port->place(keeper->port->context);
    struct guest_fault fault = {0};
    bool started = guest_start(&keeper->guest, &code, &place, &limits,
                               keeper->port->guest_port(keeper->port->context, keeper->generation),
                               keeper->port->guest_watch(keeper->port->context), &fault);
    free(module);
    if (started) {
        char digest[9] = "native";
        if (keeper->has_record) {
            protocol_hex_encode(keeper->record.offer.sha256, 4, digest);
        }
        s_say(keeper, 'I', trial ? "%s %s... is tried" : "%s %s... runs",
              keeper->has_record ? keeper->record.offer.name : "irrigation", digest);
        keeper->port->replaced(keeper->port->context);
        return;
    }
    keeper->guest = NULL;
    s_faulted(keeper, fault.reason, now_us);
}

/* The guest on trial has failed: the one before it runs again. */
static void s_roll_back(struct keeper *keeper, const char *reason, int64_t now_us)
{
    struct guest_offer offer = keeper->record.offer;
    char why[PROTOCOL_REASON_BYTES + 96];
    s_halt(keeper);
    guest_store_reject(&keeper->store);
    s_note_trial(keeper, NULL);
    struct guest_record before;
    bool any = guest_store_current(&keeper->store, &before);
    snprintf(why, sizeof why, "The new guest failed on trial, so %s: %s",
             any ? "the old one runs again" : "none runs, because there was none before", reason);
    s_report(keeper, PROTOCOL_ROLLED_BACK, offer.name, offer.sha256, 1, why);
    s_run(keeper, now_us);
    s_remember(keeper, why);
    if (keeper->state == KEEPER_NONE) {
        keeper->port->replaced(keeper->port->context);
    }
}

static void s_faulted(struct keeper *keeper, const char *reason, int64_t now_us)
{
    s_say(keeper, 'E', "fault: %s", reason, "");
    if (keeper->state == KEEPER_TRYING) {
        s_roll_back(keeper, reason, now_us);
        return;
    }
    s_halt(keeper);
    s_remember(keeper, reason);
    if (now_us - keeper->started_us >= HEALTHY_US) {
        keeper->back_off_us = FIRST_BACK_OFF_US;
        keeper->faults = 0;
    }
    keeper->port->ended(keeper->port->context, keeper->reason);
    keeper->faults++;
    if (keeper->faults >= KEEPER_MOST_FAULTS) {
        keeper->state = KEEPER_STOPPED;
        keeper->port->gave_up(keeper->port->context);
        return;
    }
    keeper->state = KEEPER_FAULTED;
    keeper->due_us = now_us + keeper->back_off_us;
    keeper->back_off_us = 2 * keeper->back_off_us < LONGEST_BACK_OFF_US ? 2 * keeper->back_off_us : LONGEST_BACK_OFF_US;
}

void keeper_start(struct keeper *keeper, bool safe_mode, int64_t now_us)
{
    if (!safe_mode) {
        s_run(keeper, now_us);
        return;
    }
    keeper->has_record = !keeper->native && keeper->store_open && guest_store_current(&keeper->store, &keeper->record);
    keeper->state = KEEPER_STOPPED;
}

void keeper_restart(struct keeper *keeper, int64_t now_us)
{
    s_halt(keeper);
    keeper->faults = 0;
    keeper->back_off_us = FIRST_BACK_OFF_US;
    s_run(keeper, now_us);
}

bool keeper_ready(const struct keeper *keeper, struct protocol_reason *reason)
{
    if (keeper->state == KEEPER_TRYING || keeper->receiving) {
        return protocol_refuse(reason, "Another module is on trial; send this one when that is decided.");
    }
    if (keeper->native) {
        return protocol_refuse(reason, "Under this strategy the node runs native code, which is not replaced over the air.");
    }
    return keeper->store_open ||
           protocol_refuse(reason, "The board's partitions for guests cannot be read: install its firmware anew.");
}

bool keeper_begin(struct keeper *keeper, const struct guest_offer *offer, const struct guest_trust *trust, uint32_t *next,
                  struct protocol_reason *reason)
{
    struct guest_refusal refusal = {0};
    return guest_store_begin(&keeper->store, offer, trust, next, &refusal) ||
           protocol_refuse(reason, "%s", refusal.reason);
}

bool keeper_data(struct keeper *keeper, uint32_t offset, const void *bytes, size_t size, uint32_t *next,
                 struct protocol_reason *reason)
{
    struct guest_refusal refusal = {0};
    return guest_store_write(&keeper->store, offset, bytes, size, next, &refusal) ||
           protocol_refuse(reason, "%s", refusal.reason);
}

/* Whether the module that was just stored could run here at all. */
static bool s_runnable(struct keeper *keeper, struct protocol_reason *reason)
{
    size_t size = 0;
    uint8_t *module = s_load(keeper, &size);
    if (module == NULL) {
        return protocol_refuse(reason, "The module could not be read back from flash.");
    }
    bool good = keeper_check(module, size, reason);
    free(module);
    return good;
}

bool keeper_end(struct keeper *keeper, int64_t now_us, struct protocol_reason *reason)
{
    struct guest_refusal refusal = {0};
    struct guest_record record;
    if (!guest_store_finish(&keeper->store, &record, &refusal)) {
        return protocol_refuse(reason, "%s", refusal.reason);
    }
    if (!record.on_trial) {
        s_report(keeper, PROTOCOL_ACCEPTED, record.offer.name, record.offer.sha256, 1, NULL);
        if (keeper->state == KEEPER_STOPPED || keeper->state == KEEPER_NONE) {
            keeper_restart(keeper, now_us);
        }
        return true;
    }
    if (!s_runnable(keeper, reason)) {
        guest_store_reject(&keeper->store);
        s_remember(keeper, reason->text);
        keeper->has_record = guest_store_current(&keeper->store, &keeper->record);
        return false;
    }
    s_note_trial(keeper, &record.offer);
    s_report(keeper, PROTOCOL_TRYING, record.offer.name, record.offer.sha256, 0.5, NULL);
    keeper_restart(keeper, now_us);
    return true;
}

void keeper_stepped(struct keeper *keeper, uint32_t generation, uint32_t steps, uint32_t step_us, uint32_t instructions,
                    int32_t stack_free_bytes, int64_t now_us)
{
    if (generation != keeper->generation) {
        return;
    }
    keeper->steps = steps;
    keeper->last_step_us = step_us;
    keeper->last_instructions = instructions;
    keeper->sum_step_us += step_us;
    keeper->sum_instructions += instructions;
    keeper->stack_free_bytes = stack_free_bytes;
    if (keeper->state != KEEPER_TRYING) {
        return;
    }
    const struct guest_offer *offer = &keeper->record.offer;
    keeper->trial_steps++;
    if (keeper->trial_steps < KEEPER_TRIAL_STEPS) {
        s_report(keeper, PROTOCOL_TRYING, offer->name, offer->sha256,
                 0.5 + 0.5 * keeper->trial_steps / KEEPER_TRIAL_STEPS, NULL);
        return;
    }
    if (!guest_store_accept(&keeper->store)) {
        s_roll_back(keeper, "the flash did not take that it was accepted.", now_us);
        return;
    }
    s_note_trial(keeper, NULL);
    keeper->record.on_trial = false;
    keeper->state = KEEPER_RUNNING;
    keeper->due_us = INT64_MAX;
    keeper->reason[0] = 0;
    s_report(keeper, PROTOCOL_ACCEPTED, offer->name, offer->sha256, 1, NULL);
}

void keeper_ended(struct keeper *keeper, uint32_t generation, enum guest_state state, const char *reason, int64_t now_us)
{
    if (generation != keeper->generation) {
        return;
    }
    if (state == GUEST_FAULTED) {
        s_faulted(keeper, reason, now_us);
        return;
    }
    if (keeper->state == KEEPER_TRYING) {
        s_roll_back(keeper, state == GUEST_RETURNED ? "it returned from main." : "it was stopped.", now_us);
        return;
    }
    s_halt(keeper);
    keeper->state = KEEPER_STOPPED;
    s_remember(keeper, "The guest returned from main; nothing runs now.");
    keeper->port->ended(keeper->port->context, keeper->reason);
}

int64_t keeper_poll(struct keeper *keeper, int64_t now_us)
{
    if (now_us < keeper->due_us) {
        return keeper->due_us;
    }
    keeper->due_us = INT64_MAX;
    if (keeper->state == KEEPER_TRYING) {
        int64_t seconds = (now_us - keeper->started_us) / SECOND_US;
        char reason[64];
        snprintf(reason, sizeof reason, "it completed no %d steps within %d s.", KEEPER_TRIAL_STEPS, (int)seconds);
        s_roll_back(keeper, reason, now_us);
    } else if (keeper->state == KEEPER_FAULTED) {
        s_run(keeper, now_us);
    }
    return keeper->due_us;
}

const char *keeper_word(const struct keeper *keeper)
{
    static const char *const words[] = {"none", "running", "trying", "faulted", "stopped"};
    return words[keeper->state];
}

uint8_t *keeper_module(struct keeper *keeper, size_t *bytes)
{
    return keeper->native ? NULL : s_load(keeper, bytes);
}
