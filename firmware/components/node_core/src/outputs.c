#include "guest_abi.gen.h"
#include "outputs.h"

#define PAUSE_US 60000000LL

static int64_t s_pause_us(const struct outputs *outputs)
{
    return outputs->longest_us < PAUSE_US ? outputs->longest_us : PAUSE_US;
}

static void s_pump_off(struct outputs *outputs, int64_t now_us)
{
    outputs->pump = PUMP_OFF;
    outputs->off_us = now_us;
}

void outputs_open(struct outputs *outputs, const struct node_board_port *board, uint32_t longest_s)
{
    *outputs = (struct outputs){.board = board, .longest_us = (int64_t)longest_s * 1000000, .off_us = INT64_MIN / 2};
    pthread_mutex_init(&outputs->lock, NULL);
}

void outputs_close(struct outputs *outputs)
{
    pthread_mutex_destroy(&outputs->lock);
}

void outputs_set(struct outputs *outputs, int32_t pin, bool high, int64_t now_us)
{
    pthread_mutex_lock(&outputs->lock);
    if (pin == ABI_PIN_PUMP) {
        if (outputs->pump == PUMP_RESTING) {
            high = false;
        } else if (high && outputs->pump == PUMP_OFF) {
            outputs->pump = PUMP_RUNNING;
            if (now_us - outputs->off_us >= s_pause_us(outputs)) {
                outputs->since_us = now_us;
            }
        } else if (!high && outputs->pump == PUMP_RUNNING) {
            s_pump_off(outputs, now_us);
        }
    }
    outputs->board->set_output(outputs->board->context, pin, high);
    pthread_mutex_unlock(&outputs->lock);
}

void outputs_all_off(struct outputs *outputs, int64_t now_us)
{
    pthread_mutex_lock(&outputs->lock);
    if (outputs->pump == PUMP_RUNNING) {
        s_pump_off(outputs, now_us);
    }
    outputs->board->all_off(outputs->board->context);
    pthread_mutex_unlock(&outputs->lock);
}

bool outputs_watch(struct outputs *outputs, int64_t now_us, int64_t *next_us)
{
    bool stopped = false;
    pthread_mutex_lock(&outputs->lock);
    bool due = now_us - outputs->since_us >= outputs->longest_us;
    if (outputs->pump == PUMP_RUNNING && due) {
        outputs->board->set_output(outputs->board->context, ABI_PIN_PUMP, false);
        outputs->pump = PUMP_RESTING;
        outputs->since_us = now_us;
        stopped = true;
    } else if (outputs->pump == PUMP_RESTING && due) {
        /* The rest was pause enough. */
        s_pump_off(outputs, now_us - s_pause_us(outputs));
    }
    *next_us = outputs->pump == PUMP_OFF ? INT64_MAX : outputs->since_us + outputs->longest_us;
    pthread_mutex_unlock(&outputs->lock);
    return stopped;
}
