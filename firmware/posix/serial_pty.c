/* The serial line as a pseudo terminal. Text and frames go to it; text also goes to stdout. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "board.h"

static int s_other_end = -1;
static pthread_t s_listener;
static atomic_bool s_listening;

bool serial_pty_open(struct board *board)
{
    board->serial = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (board->serial < 0 || grantpt(board->serial) != 0 || unlockpt(board->serial) != 0) {
        fprintf(stderr, "The serial line cannot be opened: %s.\n", strerror(errno));
        return false;
    }
    const char *name = ptsname(board->serial);
    /* Kept open: without anyone at the other end a pty fails to be read. */
    s_other_end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    if (s_other_end >= 0 && tcgetattr(s_other_end, &raw) == 0) {
        cfmakeraw(&raw);
        cfsetspeed(&raw, B115200);
        tcsetattr(s_other_end, TCSANOW, &raw);
    }
    fcntl(board->serial, F_SETFL, O_NONBLOCK);
    const char *link = board->options.serial_link;
    if (link != NULL) {
        unlink(link);
        if (symlink(name, link) != 0) {
            fprintf(stderr, "%s cannot be linked to the serial line: %s.\n", link, strerror(errno));
            return false;
        }
    }
    printf("Serial line: %s\n", link == NULL ? name : link);
    return true;
}

static void *s_listen(void *context)
{
    struct board *board = context;
    uint8_t bytes[512];
    while (atomic_load(&s_listening)) {
        struct pollfd line = {.fd = board->serial, .events = POLLIN};
        if (poll(&line, 1, 100) <= 0) {
            continue;
        }
        ssize_t size = read(board->serial, bytes, sizeof bytes);
        if (size > 0) {
            node_post_serial(board->node, bytes, (size_t)size);
        }
    }
    return NULL;
}

void serial_pty_listen(struct board *board)
{
    atomic_store(&s_listening, true);
    if (pthread_create(&s_listener, NULL, s_listen, board) != 0) {
        atomic_store(&s_listening, false);
    }
}

void serial_pty_close(struct board *board)
{
    if (atomic_exchange(&s_listening, false)) {
        pthread_join(s_listener, NULL);
    }
    if (board->options.serial_link != NULL) {
        unlink(board->options.serial_link);
    }
    close(s_other_end);
    close(board->serial);
}

void board_write_serial(struct board *board, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    pthread_mutex_lock(&board->serial_lock);
    while (size > 0) {
        ssize_t written = write(board->serial, at, size);
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        } else if (errno == EAGAIN) {
            /* Nobody reads: what a UART sends into the air is gone, too. The line is emptied so that the newest is there. */
            tcflush(s_other_end, TCIFLUSH);
            if (tcflush(board->serial, TCOFLUSH) != 0) {
                break;
            }
            struct pollfd line = {.fd = board->serial, .events = POLLOUT};
            if (poll(&line, 1, 10) <= 0) {
                break;
            }
        } else if (errno != EINTR) {
            break;
        }
    }
    pthread_mutex_unlock(&board->serial_lock);
}
