#include "serial_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver/uart.h"
#include "esp_check.h"
#include "esp_intr_alloc.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "ports_private.h"
#include "soc/soc_caps.h"
#if SOC_USB_SERIAL_JTAG_SUPPORTED
#include "driver/usb_serial_jtag.h"
#endif

#define UART CONFIG_ESP_CONSOLE_UART_NUM
#define BAUD 115200
/* An Improv frame with 255 bytes of data has 265; a page sends the next one after the answer. */
#define RX_BUFFER_BYTES 1024
#define TX_BUFFER_BYTES 2048
#define CHUNK_BYTES 256
#define LISTENER_STACK_BYTES 3072
#define LISTENER_PRIORITY 6
/* A computer may be connected without reading; then what was to be said is lost, as it is on a UART. */
#define USB_PATIENCE_MS 20
#define FLUSH_MS 200
/* Longer lines of the log are cut. */
#define LINE_BYTES 384

static const char *TAG = "serial";

static SemaphoreHandle_t s_lock;

static void s_write_locked(const void *bytes, size_t size)
{
    uart_write_bytes(UART, bytes, size);
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    static bool unheard;

    if (usb_serial_jtag_is_connected()) {
        /* Waited for once only: every line of the log would else cost its task that long. */
        int sent = usb_serial_jtag_write_bytes(bytes, size, unheard ? 0 : pdMS_TO_TICKS(USB_PATIENCE_MS));
        unheard = sent == 0;
    }
#endif
}

void serial_line_write(const void *bytes, size_t size)
{
    xSemaphoreTake(s_lock, portMAX_DELAY);
    s_write_locked(bytes, size);
    xSemaphoreGive(s_lock);
}

/* ESP-IDF gives whole lines, each with its newline. Static, as many tasks that log have small stacks. */
static int s_log_line(const char *format, va_list arguments)
{
    static char line[LINE_BYTES];

    xSemaphoreTake(s_lock, portMAX_DELAY);
    int wanted = vsnprintf(line, sizeof line - 1, format, arguments);
    if (wanted > 0) {
        size_t size = strlen(line);
        if (line[size - 1] == '\n') {
            size--;
        }
        /* As the ROM and the bootloader end their lines. */
        memcpy(line + size, "\r\n", 2);
        s_write_locked(line, size + 2);
    }
    xSemaphoreGive(s_lock);
    return wanted;
}

static void s_listen_to_uart(void *unused)
{
    static uint8_t bytes[CHUNK_BYTES];

    while (true) {
        /* One byte is waited for, then what has come with it: a full chunk would be waited for in vain. */
        int count = uart_read_bytes(UART, bytes, 1, portMAX_DELAY);
        size_t waiting = 0;
        if (count == 1 && uart_get_buffered_data_len(UART, &waiting) == ESP_OK && waiting > 0) {
            size_t more = waiting < sizeof bytes - 1 ? waiting : sizeof bytes - 1;
            count += uart_read_bytes(UART, bytes + 1, more, 0);
        }
        if (count > 0) {
            node_post_serial(ports_node(), bytes, count);
        }
    }
}

#if SOC_USB_SERIAL_JTAG_SUPPORTED
static void s_listen_to_usb(void *unused)
{
    static uint8_t bytes[CHUNK_BYTES];

    while (true) {
        int count = usb_serial_jtag_read_bytes(bytes, sizeof bytes, portMAX_DELAY);
        if (count > 0) {
            node_post_serial(ports_node(), bytes, count);
        }
    }
}
#endif

esp_err_t serial_line_open(void)
{
    s_lock = xSemaphoreCreateMutex();
    ESP_RETURN_ON_FALSE(s_lock != NULL, ESP_ERR_NO_MEM, TAG, "no memory for the lock");
    const uart_config_t config = {
        .baud_rate = BAUD,
        .data_bits = UART_DATA_8_BITS,
        .parity = UART_PARITY_DISABLE,
        .stop_bits = UART_STOP_BITS_1,
        .flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
        .source_clk = UART_SCLK_DEFAULT,
    };
    ESP_RETURN_ON_ERROR(
        uart_driver_install(UART, RX_BUFFER_BYTES, TX_BUFFER_BYTES, 0, NULL, ESP_INTR_FLAG_IRAM), TAG, "no UART driver");
    ESP_RETURN_ON_ERROR(uart_param_config(UART, &config), TAG, "the UART refuses %d baud", BAUD);
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    usb_serial_jtag_driver_config_t usb = {.rx_buffer_size = RX_BUFFER_BYTES, .tx_buffer_size = TX_BUFFER_BYTES};
    ESP_RETURN_ON_ERROR(usb_serial_jtag_driver_install(&usb), TAG, "no USB-Serial-JTAG driver");
#endif
    esp_log_set_vprintf(s_log_line);
    return ESP_OK;
}

esp_err_t serial_line_listen(void)
{
    ESP_RETURN_ON_FALSE(xTaskCreate(s_listen_to_uart, "uart", LISTENER_STACK_BYTES, NULL, LISTENER_PRIORITY, NULL) ==
                            pdPASS,
                        ESP_ERR_NO_MEM, TAG, "no memory to listen to the UART");
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    ESP_RETURN_ON_FALSE(xTaskCreate(s_listen_to_usb, "usb", LISTENER_STACK_BYTES, NULL, LISTENER_PRIORITY, NULL) ==
                            pdPASS,
                        ESP_ERR_NO_MEM, TAG, "no memory to listen to USB");
#endif
    return ESP_OK;
}

void serial_line_flush(void)
{
    uart_wait_tx_done(UART, pdMS_TO_TICKS(FLUSH_MS));
#if SOC_USB_SERIAL_JTAG_SUPPORTED
    if (usb_serial_jtag_is_connected()) {
        usb_serial_jtag_wait_tx_done(pdMS_TO_TICKS(FLUSH_MS));
    }
#endif
}
