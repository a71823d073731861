#include <stdatomic.h>

#include "driver/gpio.h"
#include "esp_adc/adc_oneshot.h"
#include "esp_check.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "ports_private.h"

#define BLINK_US 250000
/* Five seconds, ending dark or as the guest has it. */
#define BLINKS 20

#if CONFIG_CONTINUUM_PUMP_ACTIVE_LOW
#define PUMP_INVERTED true
#else
#define PUMP_INVERTED false
#endif
#if CONFIG_CONTINUUM_LEDS_ACTIVE_LOW
#define LEDS_INVERTED true
#else
#define LEDS_INVERTED false
#endif

static const char *TAG = "board";

static struct output {
    /* As the guest ABI names it. */
    int32_t pin;
    int gpio;
    bool inverted;
    bool light;
    atomic_bool high;
} s_outputs[] = {
    {18, CONFIG_CONTINUUM_PIN_RED, LEDS_INVERTED, true, false},
    {19, CONFIG_CONTINUUM_PIN_GREEN, LEDS_INVERTED, true, false},
    {21, CONFIG_CONTINUUM_PIN_BLUE, LEDS_INVERTED, true, false},
    {23, CONFIG_CONTINUUM_PIN_PUMP, PUMP_INVERTED, false, false},
};
#define OUTPUTS (sizeof s_outputs / sizeof s_outputs[0])

static adc_oneshot_unit_handle_t s_adc;
static esp_timer_handle_t s_blinker;
/* Zero while the lights show what the guest wants. */
static atomic_int s_blinks_left;

static void s_drive(const struct output *output, bool high)
{
    if (output->gpio >= 0) {
        gpio_set_level(output->gpio, high != output->inverted);
    }
}

static void s_set_output(void *context, int32_t pin, bool high)
{
    (void)context;
    for (size_t i = 0; i < OUTPUTS; i++) {
        struct output *output = &s_outputs[i];
        if (output->pin != pin) {
            continue;
        }
        atomic_store(&output->high, high);
        if (!output->light || atomic_load(&s_blinks_left) == 0) {
            s_drive(output, high);
        }
    }
}

static void s_all_off(void *context)
{
    (void)context;
    for (size_t i = 0; i < OUTPUTS; i++) {
        atomic_store(&s_outputs[i].high, false);
        s_drive(&s_outputs[i], false);
    }
}

static void s_off_before_restart(void)
{
    s_all_off(NULL);
}

static void s_blink(void *unused)
{
    int left = atomic_fetch_sub(&s_blinks_left, 1) - 1;
    for (size_t i = 0; i < OUTPUTS; i++) {
        if (s_outputs[i].light) {
            s_drive(&s_outputs[i], left > 0 ? left % 2 == 1 : atomic_load(&s_outputs[i].high));
        }
    }
    if (left <= 0) {
        atomic_store(&s_blinks_left, 0);
        esp_timer_stop(s_blinker);
    }
}

static void s_identify(void *context)
{
    (void)context;
    atomic_store(&s_blinks_left, BLINKS);
    esp_timer_stop(s_blinker);
    esp_timer_start_periodic(s_blinker, BLINK_US);
}

static int32_t s_sample_soil(void *context)
{
    (void)context;
    int raw;
    return adc_oneshot_read(s_adc, CONFIG_CONTINUUM_SOIL_ADC_CHANNEL, &raw) == ESP_OK ? raw : -1;
}

static esp_err_t s_open_outputs(void)
{
    for (size_t i = 0; i < OUTPUTS; i++) {
        const struct output *output = &s_outputs[i];
        if (output->gpio < 0) {
            continue;
        }
        ESP_RETURN_ON_FALSE(GPIO_IS_VALID_OUTPUT_GPIO(output->gpio), ESP_ERR_INVALID_ARG, TAG,
                            "GPIO %d cannot be an output; choose another in Kconfig", output->gpio);
        /* The level first: as an output with the wrong one the relay would close for a moment. */
        s_drive(output, false);
        const gpio_config_t config = {.pin_bit_mask = 1ULL << output->gpio, .mode = GPIO_MODE_OUTPUT};
        ESP_RETURN_ON_ERROR(gpio_config(&config), TAG, "GPIO %d", output->gpio);
        s_drive(output, false);
    }
    return ESP_OK;
}

static esp_err_t s_open_probe(void)
{
    const adc_oneshot_unit_init_cfg_t unit = {.unit_id = ADC_UNIT_1};
    const adc_oneshot_chan_cfg_t channel = {
        /* The probe gives up to 3 V. */
        .atten = ADC_ATTEN_DB_12,
        .bitwidth = ADC_BITWIDTH_12,
    };
    ESP_RETURN_ON_ERROR(adc_oneshot_new_unit(&unit, &s_adc), TAG, "ADC1");
    return adc_oneshot_config_channel(s_adc, CONFIG_CONTINUUM_SOIL_ADC_CHANNEL, &channel);
}

esp_err_t board_port_open(struct node_board_port *port)
{
    const esp_timer_create_args_t blinker = {.callback = s_blink, .name = "identify"};

    ESP_RETURN_ON_ERROR(s_open_outputs(), TAG, "relay and lights");
    ESP_RETURN_ON_ERROR(esp_register_shutdown_handler(s_off_before_restart), TAG, "shutdown");
    ESP_RETURN_ON_ERROR(s_open_probe(), TAG, "soil probe");
    ESP_RETURN_ON_ERROR(esp_timer_create(&blinker, &s_blinker), TAG, "timer");
    *port = (struct node_board_port) {
        .sample_soil = s_sample_soil,
        .set_output = s_set_output,
        .all_off = s_all_off,
        .identify = s_identify,
    };
    return ESP_OK;
}
