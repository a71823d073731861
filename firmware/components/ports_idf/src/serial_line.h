/*
 * The serial line: the UART of the console and, on chips that have it, USB-Serial-JTAG. Both say the same and both are
 * listened to, since boards of one chip come with either. ESP-IDF's log goes through here too: lines and frames share
 * one lock, so that neither breaks into the other.
 */
#ifndef SERIAL_LINE_H
#define SERIAL_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"

esp_err_t serial_line_open(void);

/* Hands what comes in to the node from now on. */
esp_err_t serial_line_listen(void);

/* Any task, but no interrupt. */
void serial_line_write(const void *bytes, size_t size);

/* Waits until everything is out, 200 ms at most. */
void serial_line_flush(void);

#endif
