#include "guest_thread.h"

#include <limits.h>

#include "guest_host.h"

bool guest_thread_create(pthread_t *thread, void *(*work)(void *context), void *context, size_t stack_bytes)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool made = pthread_attr_setstacksize(&attributes, stack_bytes) == 0 &&
                pthread_create(thread, &attributes, work, context) == 0;
    pthread_attr_destroy(&attributes);
    return made;
}

struct job {
    void (*work)(void *context);
    void *context;
};

static void *s_run_job(void *context)
{
    struct job *job = context;
    job->work(job->context);
    return NULL;
}

bool guest_in_thread(void (*work)(void *context), void *context, size_t stack_bytes)
{
    struct job job = {work, context};
    pthread_t thread;
    return guest_thread_create(&thread, s_run_job, &job, stack_bytes) && pthread_join(thread, NULL) == 0;
}
