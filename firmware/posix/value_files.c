/* NVS as a folder with a file for each key. A value is replaced by renaming, so it is there entirely or not at all. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board.h"

static void s_path(const struct board *board, const char *key, const char *ending, char *path, size_t capacity)
{
    snprintf(path, capacity, "%s/%s%s", board->values_folder, key, ending);
}

static size_t s_read(void *context, const char *key, void *bytes, size_t capacity)
{
    char path[PATH_MAX + 64];
    s_path(context, key, "", path, sizeof path);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return 0;
    }
    size_t size = fread(bytes, 1, capacity, file);
    bool whole = fgetc(file) == EOF;
    fclose(file);
    return whole ? size : 0;
}

static bool s_write(void *context, const char *key, const void *bytes, size_t count)
{
    char path[PATH_MAX + 64];
    char next[PATH_MAX + 64];
    s_path(context, key, "", path, sizeof path);
    s_path(context, key, ".next", next, sizeof next);
    FILE *file = fopen(next, "wb");
    if (file == NULL) {
        return false;
    }
    bool written = fwrite(bytes, 1, count, file) == count;
    written = fclose(file) == 0 && written;
    return written && rename(next, path) == 0;
}

static bool s_erase(void *context, const char *key)
{
    char path[PATH_MAX + 64];
    s_path(context, key, "", path, sizeof path);
    return unlink(path) == 0 || errno == ENOENT;
}

static bool s_erase_all(void *context)
{
    const struct board *board = context;
    DIR *folder = opendir(board->values_folder);
    if (folder == NULL) {
        return false;
    }
    bool erased = true;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            erased = s_erase(context, entry->d_name) && erased;
        }
    }
    closedir(folder);
    return erased;
}

bool value_files_open(struct board *board, struct node_ports *ports)
{
    snprintf(board->values_folder, sizeof board->values_folder, "%s/nvs", board->options.state);
    if (mkdir(board->values_folder, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "The folder %s cannot be made: %s.\n", board->values_folder, strerror(errno));
        return false;
    }
    ports->values = (struct node_values_port){
        .values = {.context = board, .read = s_read, .write = s_write, .erase = s_erase},
        .erase_all = s_erase_all,
    };
    return true;
}
