/* POSIX threads with a stack of a given size; WAMR runs in no other under ESP-IDF. */
#ifndef GUEST_THREAD_H
#define GUEST_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

bool guest_thread_create(pthread_t *thread, void *(*work)(void *context), void *context, size_t stack_bytes);

#endif
