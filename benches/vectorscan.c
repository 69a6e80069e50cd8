/* Vectorscan as a redactor, for benches/compare.sh: the patterns of the command line, 1 MiB at a time
 * cut at the last line end, starts of matches asked for, matches replaced by [REDACTED].
 *
 * Vectorscan reports every end of a match: of those that overlap, the union is replaced, which does
 * it no wrong in time. cc -O2 -o vectorscan vectorscan.c -lhs */
#define _GNU_SOURCE
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, SPANS = CHUNK };

struct spans {
    size_t count;
    struct { unsigned long long from, to; } of[SPANS];
};

static int take(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    struct spans *spans = context;
    (void)id, (void)flags;
    while (spans->count > 0 && from <= spans->of[spans->count - 1].from) spans->count--;
    if (spans->count > 0 && from < spans->of[spans->count - 1].to) {
        spans->of[spans->count - 1].to = to;
        return 0;
    }
    if (spans->count == SPANS) return 1;
    spans->of[spans->count].from = from, spans->of[spans->count].to = to;
    spans->count++;
    return 0;
}

static void put(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(1, bytes, length);
        if (written <= 0) exit(2);
        bytes += written, length -= (size_t)written;
    }
}

int main(int count, char **arguments) {
    unsigned patterns = (unsigned)(count - 1), *flags = calloc(patterns, sizeof *flags), *ids = calloc(patterns, sizeof *ids);
    static const char label[] = "[REDACTED]";
    hs_database_t *database;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *error;
    struct spans *spans = malloc(sizeof *spans);
    /* the shortest match is two bytes: labels make the output at most six times as long */
    char *in = malloc(CHUNK), *out = malloc(6 * CHUNK);
    size_t held = 0;
    if (!flags || !ids || !spans || !in || !out) return 2;
    for (unsigned at = 0; at < patterns; at++) flags[at] = HS_FLAG_SOM_LEFTMOST, ids[at] = at;
    if (hs_compile_multi((const char *const *)arguments + 1, flags, ids, patterns, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 2;
    for (;;) {
        ssize_t got = 1;
        while (held < CHUNK && (got = read(0, in + held, CHUNK - held)) > 0) held += (size_t)got;
        if (got < 0) return 2;
        size_t end = held;
        if (got > 0) {
            const char *feed = memrchr(in, '\n', held);
            if (feed) end = (size_t)(feed - in) + 1;
        }
        spans->count = 0;
        if (end > 0 && hs_scan(database, in, (unsigned)end, 0, scratch, take, spans) != HS_SUCCESS) return 2;
        size_t copied = 0, length = 0;
        for (size_t at = 0; at < spans->count; at++) {
            memcpy(out + length, in + copied, spans->of[at].from - copied), length += spans->of[at].from - copied;
            memcpy(out + length, label, sizeof label - 1), length += sizeof label - 1;
            copied = spans->of[at].to;
        }
        memcpy(out + length, in + copied, end - copied), length += end - copied;
        put(out, length);
        memmove(in, in + end, held - end), held -= end;
        if (got == 0) return 0;
    }
}
