#include "wifi_problem.h"

#include <stdio.h>

#include "esp_wifi_types.h"

static const struct {
    wifi_err_reason_t reason;
    const char *sentence;
} s_sentences[] = {
    {WIFI_REASON_AUTH_EXPIRE, "The network did not answer in time; the signal may be too weak."},
    {WIFI_REASON_AUTH_LEAVE, "The network sent this board away."},
    {WIFI_REASON_DISASSOC_DUE_TO_INACTIVITY, "The network forgot this board because it was silent."},
    {WIFI_REASON_ASSOC_TOOMANY, "The network serves no more stations."},
    {WIFI_REASON_BEACON_TIMEOUT, "The network is not heard any more."},
    {WIFI_REASON_ASSOC_FAIL, "The network refused this board."},
    {WIFI_REASON_CONNECTION_FAIL, "The network could not be joined."},
    {WIFI_REASON_NO_AP_FOUND_W_COMPATIBLE_SECURITY, "The network asks for another kind of security than the board has."},
    {WIFI_REASON_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD, "The network is open, but a password was given."},
    {WIFI_REASON_NO_AP_FOUND_IN_RSSI_THRESHOLD, "The network is too weak."},
};

static bool s_of_password(int reason)
{
    return reason == WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT || reason == WIFI_REASON_HANDSHAKE_TIMEOUT ||
           reason == WIFI_REASON_AUTH_FAIL || reason == WIFI_REASON_MIC_FAILURE;
}

enum node_wifi_problem wifi_problem(int reason, bool joined, char *sentence, size_t capacity)
{
    sentence[0] = '\0';
    if (reason == WIFI_REASON_NO_AP_FOUND) {
        return NODE_WIFI_NOT_FOUND;
    }
    if (!joined && s_of_password(reason)) {
        return NODE_WIFI_WRONG_PASSWORD;
    }
    for (size_t i = 0; i < sizeof s_sentences / sizeof s_sentences[0]; i++) {
        if ((int)s_sentences[i].reason == reason) {
            snprintf(sentence, capacity, "%s", s_sentences[i].sentence);
            return NODE_WIFI_OTHER;
        }
    }
    snprintf(sentence, capacity, "The network ended the connection (reason %d of wifi_err_reason_t).", reason);
    return NODE_WIFI_OTHER;
}
