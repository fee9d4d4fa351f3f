/* Stands between a process and its disk: records, fails, and moves the clock. Preloaded.

   Every change below $CHAOS_FOLDER is appended to $CHAOS_LOG, in the order in which it happened,
   so that the folder can be put together as it was at any moment, also without what no fsync had
   made safe. $CHAOS_CONTROL is a file of `struct control`, which the bench writes while we run:
   a full or read-only disk below one of the folders, and a clock that is wrong. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t wall_ns;    /* added to the wall clock */
    int64_t running_ns; /* added to the stopwatch */
    int64_t free_bytes; /* what is free on the victim's disk; below 0: enough */
    int64_t is_read_only;
    char victim[32]; /* the folder, relative to $CHAOS_FOLDER, with its slash */
};

struct entry {
    uint32_t op, path_length;
    uint64_t offset, length;
};

enum { CREATE = 1, WRITE, TRUNCATE, SYNC, RENAME, LINK, UNLINK };

static const char *folder;
static size_t folder_length;
static int log_fd = -1;
static struct control none = {.free_bytes = -1}, *control = &none;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name, &name##_found))
#define FOUND(name) static void *name##_found

static void *real(const char *name, void **found) {
    if (*found == NULL) *found = dlsym(RTLD_NEXT, name);
    return *found;
}

__attribute__((constructor)) static void begin(void) {
    const char *named = getenv("CHAOS_FOLDER"), *log = getenv("CHAOS_LOG");
    const char *controlled = getenv("CHAOS_CONTROL");
    if (named == NULL || log == NULL || controlled == NULL) return;
    log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int fd = syscall(SYS_openat, AT_FDCWD, controlled, O_RDWR | O_CLOEXEC);
    void *shared = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (log_fd < 0 || fd < 0 || shared == MAP_FAILED) abort();
    close(fd);
    control = shared;
    folder = named;
    folder_length = strlen(folder);
}

/* The path below the folder, or NULL: not ours. */
static const char *ours(const char *path) {
    if (folder == NULL || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
    return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

static const char *ours_fd(int fd, char *path) {
    char link[32];
    if (folder == NULL) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    return ours(path);
}

static void put(const void *data, size_t length) {
    if (length && syscall(SYS_write, log_fd, data, length) != (ssize_t)length) abort();
}

static void note(int op, const char *path, uint64_t offset, const void *data, uint64_t length) {
    struct entry entry = {op, strlen(path), offset, length};
    int kept = errno;
    pthread_mutex_lock(&lock);
    put(&entry, sizeof entry);
    put(path, entry.path_length);
    put(data, length);
    pthread_mutex_unlock(&lock);
    errno = kept;
}

static int is_victim(const char *path) {
    return path && control->victim[0] && !strncmp(path, control->victim, strlen(control->victim));
}

/* Whether the disk refuses to let `path` grow by so many bytes. */
static int refuses(const char *path, int64_t grown) {
    if (!is_victim(path)) return 0;
    if (control->is_read_only) errno = EROFS;
    else if (control->free_bytes >= 0 && grown > control->free_bytes) errno = ENOSPC;
    else {
        if (control->free_bytes >= 0) control->free_bytes -= grown;
        return 0;
    }
    return 1;
}

static int64_t growth(int fd, int64_t end) {
    struct stat now;
    return fstat(fd, &now) == 0 && end > now.st_size ? end - now.st_size : 0;
}

/* Opening */

static int opened(int fd, const char *path, int flags, int was_there) {
    if (fd >= 0 && !was_there) note(CREATE, path, 0, NULL, 0);
    else if (fd >= 0 && (flags & O_TRUNC)) note(TRUNCATE, path, 0, NULL, 0);
    return fd;
}

#define OPEN(name)                                                                     \
    FOUND(name);                                                                       \
    int name(const char *given, int flags, ...) {                                      \
        va_list more;                                                                  \
        va_start(more, flags);                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;        \
        va_end(more);                                                                  \
        const char *path = ours(given);                                                \
        int was_there = path == NULL || faccessat(AT_FDCWD, given, F_OK, 0) == 0;      \
        int changes = (flags & O_ACCMODE) != O_RDONLY || (!was_there && flags & O_CREAT); \
        if (path && changes && refuses(path, was_there ? 0 : 1)) return -1;            \
        int fd = REAL(name)(given, flags, mode);                                       \
        return path ? opened(fd, path, flags, was_there) : fd;                         \
    }
OPEN(open)
OPEN(open64)

/* Writing */

#define WRITTEN(name, arguments, passed, start)                                        \
    FOUND(name);                                                                       \
    ssize_t name arguments {                                                           \
        char buffer[PATH_MAX];                                                         \
        const char *path = ours_fd(fd, buffer);                                        \
        if (path == NULL) return REAL(name) passed;                                    \
        int64_t from = start;                                                          \
        if (refuses(path, growth(fd, from + length))) return -1;                       \
        ssize_t done = REAL(name) passed;                                              \
        if (done > 0) note(WRITE, path, from, data, done);                             \
        return done;                                                                   \
    }
static int64_t next_byte(int fd) {
    return lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
}
WRITTEN(write, (int fd, const void *data, size_t length), (fd, data, length), next_byte(fd))
WRITTEN(pwrite, (int fd, const void *data, size_t length, off_t at), (fd, data, length, at), at)
WRITTEN(pwrite64, (int fd, const void *data, size_t length, off_t at), (fd, data, length, at), at)

#define RESIZED(name)                                                                  \
    FOUND(name);                                                                       \
    int name(int fd, off_t size) {                                                     \
        char buffer[PATH_MAX];                                                         \
        const char *path = ours_fd(fd, buffer);                                        \
        struct stat before;                                                            \
        if (path == NULL || fstat(fd, &before)) return REAL(name)(fd, size);           \
        if (refuses(path, size > before.st_size ? size - before.st_size : 0)) return -1; \
        int done = REAL(name)(fd, size);                                               \
        if (done == 0) note(TRUNCATE, path, size, NULL, 0);                            \
        if (done == 0 && is_victim(path) && control->free_bytes >= 0 && size < before.st_size) \
            control->free_bytes += before.st_size - size;                              \
        return done;                                                                   \
    }
RESIZED(ftruncate)
RESIZED(ftruncate64)

#define ALLOCATED(name)                                                                \
    FOUND(name);                                                                       \
    int name(int fd, off_t at, off_t length) {                                         \
        char buffer[PATH_MAX];                                                         \
        const char *path = ours_fd(fd, buffer);                                        \
        if (path && refuses(path, growth(fd, at + length))) return errno;              \
        int64_t grows = path ? growth(fd, at + length) : 0;                            \
        int failed = REAL(name)(fd, at, length);                                       \
        if (path && !failed && grows) note(TRUNCATE, path, at + length, NULL, 0);      \
        return failed;                                                                 \
    }
ALLOCATED(posix_fallocate)
ALLOCATED(posix_fallocate64)

#define SYNCED(name)                                                                   \
    FOUND(name);                                                                       \
    int name(int fd) {                                                                 \
        char buffer[PATH_MAX];                                                         \
        int done = REAL(name)(fd);                                                     \
        const char *path = ours_fd(fd, buffer);                                        \
        if (path && done == 0) note(SYNC, path, 0, NULL, 0);                           \
        return done;                                                                   \
    }
SYNCED(fsync)
SYNCED(fdatasync)

/* Python copies a file by reading and writing where this fails, and so we see what it writes. */
ssize_t sendfile(int out, int in, off_t *from, size_t length) {
    (void)out, (void)in, (void)from, (void)length;
    errno = ENOTSOCK;
    return -1;
}
ssize_t sendfile64(int out, int in, off_t *from, size_t length) {
    return sendfile(out, in, from, length);
}

/* Names */

#define RENAMED(name, op)                                                              \
    FOUND(name);                                                                       \
    int name(const char *from, const char *to) {                                       \
        const char *path = ours(from), *other = ours(to);                              \
        if (other && refuses(other, 0)) return -1;                                     \
        int done = REAL(name)(from, to);                                               \
        if (path && other && done == 0) note(op, path, 0, other, strlen(other));       \
        return done;                                                                   \
    }
RENAMED(rename, RENAME)
RENAMED(link, LINK)

FOUND(unlink);
int unlink(const char *given) {
    const char *path = ours(given);
    struct stat before = {0};
    if (path) stat(given, &before);
    if (path && refuses(path, 0)) return -1;
    int done = REAL(unlink)(given);
    if (path && done == 0) note(UNLINK, path, 0, NULL, 0);
    if (done == 0 && is_victim(path) && control->free_bytes >= 0 && before.st_nlink == 1)
        control->free_bytes += before.st_size;
    return done;
}

FOUND(utimensat);
int utimensat(int dir, const char *given, const struct timespec times[2], int flags) {
    if (refuses(ours(given), 0)) return -1;
    return REAL(utimensat)(dir, given, times, flags);
}

#define MEASURED(name, type)                                                           \
    FOUND(name);                                                                       \
    int name(const char *given, struct type *found) {                                  \
        int done = REAL(name)(given, found);                                           \
        char whole[PATH_MAX];                                                          \
        if (done || ours(given) == NULL) return done;                                  \
        snprintf(whole, sizeof whole, "%s/", ours(given));                             \
        if (is_victim(whole) && control->free_bytes >= 0)                              \
            found->f_bfree = found->f_bavail = control->free_bytes / found->f_frsize;  \
        return done;                                                                   \
    }
MEASURED(statvfs, statvfs)
MEASURED(statvfs64, statvfs64)

/* Clocks */

FOUND(clock_gettime);
int clock_gettime(clockid_t clock, struct timespec *found) {
    int done = REAL(clock_gettime)(clock, found);
    int64_t more = clock == CLOCK_REALTIME    ? control->wall_ns
                   : clock == CLOCK_MONOTONIC ? control->running_ns
                                              : 0;
    int64_t ns = found->tv_sec * 1000000000LL + found->tv_nsec + more;
    found->tv_sec = ns / 1000000000LL;
    found->tv_nsec = ns % 1000000000LL;
    return done;
}
