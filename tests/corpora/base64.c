/* Two functions of an application, for SQLite: BIN2B64 and B642BIN. https://www.sqlite.org/loadext.html */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
#include <string.h>

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(sqlite3_context *context, int count, sqlite3_value **values) {
    const unsigned char *bytes = sqlite3_value_blob(values[0]);
    int length = sqlite3_value_bytes(values[0]);
    char *text = sqlite3_malloc(length / 3 * 4 + 5);
    int at = 0;
    (void)count;
    for (int i = 0; i < length; i += 3) {
        int left = length - i;
        unsigned three = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        text[at++] = DIGITS[three >> 18];
        text[at++] = DIGITS[three >> 12 & 63];
        text[at++] = left > 1 ? DIGITS[three >> 6 & 63] : '=';
        text[at++] = left > 2 ? DIGITS[three & 63] : '=';
    }
    sqlite3_result_text(context, text, at, sqlite3_free);
}

static void decode(sqlite3_context *context, int count, sqlite3_value **values) {
    const char *text = (const char *)sqlite3_value_text(values[0]);
    int length = text ? (int)strlen(text) : 0;
    unsigned char *bytes = sqlite3_malloc(length / 4 * 3 + 4);
    unsigned bits = 0;
    int held = 0, at = 0;
    (void)count;
    for (int i = 0; i < length && text[i] != '='; i++) {
        bits = bits << 6 | (unsigned)(strchr(DIGITS, text[i]) - DIGITS);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[at++] = (unsigned char)(bits >> held);
        }
    }
    sqlite3_result_blob(context, bytes, at, sqlite3_free);
}

int sqlite3_extension_init(sqlite3 *database, char **error, const sqlite3_api_routines *api) {
    (void)error;
    SQLITE_EXTENSION_INIT2(api);
    sqlite3_create_function(database, "BIN2B64", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, 0, encode, 0, 0);
    return sqlite3_create_function(database, "B642BIN", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, 0, decode, 0, 0);
}
