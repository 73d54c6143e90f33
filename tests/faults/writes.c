// Stands between SQLite and the C library: counts the calls that change the files of one database, and does something at one of them.
//
// WRITES_FILE is the database, WRITES_AT the number of the call from 1, WRITES_ACTION what happens there, and WRITES_LOG gets a line
// for each call. Loaded with LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int calls;
static atomic_int disk_is_full;

// What has to be done instead of a call.
enum verdict { PASS, HALF, FAIL };

// Files whose names begin with that of the database, and its directory.
static int is_ours(const char *path) {
    const char *file = getenv("WRITES_FILE");
    size_t length = strlen(path);
    if (!file || !length)
        return 0;
    return !strncmp(path, file, strlen(file)) || (!strncmp(path, file, length) && file[length] == '/');
}

static int is_our_descriptor(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    return is_ours(path);
}

// A call comes by that changes something; `grows` says whether it wants more room on the disk.
static enum verdict judge(const char *name, int grows) {
    const char *action = getenv("WRITES_ACTION");
    int number = atomic_fetch_add(&calls, 1) + 1;
    int log = syscall(SYS_open, getenv("WRITES_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char line[64];
    syscall(SYS_write, log, line, snprintf(line, sizeof line, "%s\n", name));
    syscall(SYS_close, log);
    if (number == atoi(getenv("WRITES_AT"))) {
        if (!strcmp(action, "half") && !strcmp(name, "write"))
            return HALF;
        if (!strcmp(action, "kill") || !strcmp(action, "half"))
            kill(getpid(), SIGKILL);
        errno = !strcmp(action, "io") ? EIO : ENOSPC;
        if (strcmp(action, "full-on"))
            return FAIL;
        disk_is_full = 1;
    }
    if (!disk_is_full || !grows)
        return PASS;
    errno = ENOSPC;
    return FAIL;
}

static int grows(int fd, off64_t end) {
    struct stat64 now;
    return fstat64(fd, &now) == 0 && end > now.st_size;
}

static ssize_t put(int fd, const void *bytes, size_t count, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = REAL(pwrite64);
    if (!is_our_descriptor(fd))
        return real(fd, bytes, count, at);
    enum verdict verdict = judge("write", grows(fd, at + count));
    if (verdict == HALF) {
        real(fd, bytes, count / 2, at);
        kill(getpid(), SIGKILL);
    }
    return verdict == FAIL ? -1 : real(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return put(fd, bytes, count, at); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return put(fd, bytes, count, at); }

// The same for calls that are done or not.
#define REFUSED(ours, name, grows) ((ours) && judge(name, grows) == FAIL)

int ftruncate64(int fd, off64_t size) {
    return REFUSED(is_our_descriptor(fd), "truncate", grows(fd, size)) ? -1 : REAL(ftruncate64)(fd, size);
}
// What the kernel was given survives the kill of a process, so nobody has to wait for the disk.
int fsync(int fd) { return REFUSED(is_our_descriptor(fd), "sync", 0) ? -1 : 0; }
int fdatasync(int fd) { return REFUSED(is_our_descriptor(fd), "sync", 0) ? -1 : 0; }
int unlink(const char *path) { return REFUSED(is_ours(path), "unlink", 0) ? -1 : REAL(unlink)(path); }

// A file that is there already is only opened.
static int make(const char *path, int flags, va_list arguments) {
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    int makes = flags & O_CREAT && access(path, F_OK) && is_ours(path);
    return REFUSED(makes, "create", 1) ? -1 : REAL(open64)(path, flags, mode);
}

#define OPEN(name)                              \
    int name(const char *path, int flags, ...) { \
        va_list arguments;                       \
        va_start(arguments, flags);              \
        int fd = make(path, flags, arguments);   \
        va_end(arguments);                       \
        return fd;                               \
    }
OPEN(open)
OPEN(open64)
