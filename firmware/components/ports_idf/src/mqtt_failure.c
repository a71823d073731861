#include "mqtt_failure.h"

#include <stdio.h>
#include <string.h>

#include "esp_tls_errors.h"

static const char *s_of_code(int reason_code)
{
    switch (reason_code) {
    case MQTT5_UNSUPPORTED_PROTOCOL_VER:
        return "The broker does not speak MQTT 5.";
    case MQTT5_INVALID_CLIENT_ID:
        return "The broker does not accept this node's id as a client id.";
    case MQTT5_BAD_USERNAME_OR_PWD:
        return "The broker does not know this user and password.";
    case MQTT5_NOT_AUTHORIZED:
        return "The broker does not let this user in.";
    case MQTT5_SERVER_UNAVAILABLE:
    case MQTT5_SERVER_BUSY:
        return "The broker is busy; it will be tried again.";
    case MQTT5_BANNED:
        return "The broker has banned this node.";
    case MQTT5_SERVER_SHUTTING_DOWN:
        return "The broker is shutting down.";
    case MQTT5_KEEP_ALIVE_TIMEOUT:
        return "The broker did not hear from this node in time.";
    case MQTT5_SESSION_TAKEN_OVER:
        return "Another client has connected with this node's id; each node needs an id of its own.";
    case MQTT5_RECEIVE_MAXIMUM_EXCEEDED:
        return "The broker takes fewer messages at once than were sent.";
    case MQTT5_PACKET_TOO_LARGE:
        return "A message is larger than the broker takes.";
    case MQTT5_QUOTA_EXCEEDED:
        return "The broker's quota is used up.";
    case MQTT5_ADMINISTRATIVE_ACTION:
        return "The broker's administrator has ended the connection.";
    default:
        return NULL;
    }
}

static const char *s_of_transport(esp_err_t err)
{
    switch (err) {
    case ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME:
        return "The broker's name is not known in this network.";
    case ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT:
        return "Nothing answers at the broker's address.";
    case ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST:
        return "No broker listens at this address and port.";
    case ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED:
        return "The broker speaks no TLS at this port, or a TLS that this board does not know.";
    case ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED:
        return "The stored certificate of the authority cannot be read.";
    default:
        return NULL;
    }
}

void mqtt_failure_of_error(const esp_mqtt_error_codes_t *error, char sentence[MQTT_FAILURE_BYTES])
{
    const char *known = NULL;
    int code = error->connect_return_code;

    if (error->error_type == MQTT_ERROR_TYPE_CONNECTION_REFUSED) {
        known = s_of_code(code);
        if (known == NULL) {
            snprintf(sentence, MQTT_FAILURE_BYTES, "The broker refuses the connection (MQTT 5 reason code 0x%02x).", code);
            return;
        }
    } else if (error->esp_tls_cert_verify_flags != 0) {
        known = "The broker's certificate is not for this name, or from an authority that is not trusted.";
    } else {
        known = s_of_transport(error->esp_tls_last_esp_err);
        if (known == NULL && error->esp_transport_sock_errno != 0) {
            snprintf(sentence, MQTT_FAILURE_BYTES, "The connection to the broker broke: %s.",
                     strerror(error->esp_transport_sock_errno));
            return;
        }
    }
    snprintf(sentence, MQTT_FAILURE_BYTES, "%s", known != NULL ? known : "The broker did not answer.");
}

void mqtt_failure_of_disconnect(int reason_code, char sentence[MQTT_FAILURE_BYTES])
{
    const char *known = s_of_code(reason_code);
    if (known != NULL) {
        snprintf(sentence, MQTT_FAILURE_BYTES, "%s", known);
    } else if (reason_code != 0) {
        snprintf(sentence, MQTT_FAILURE_BYTES, "The broker ended the connection (MQTT 5 reason code 0x%02x).", reason_code);
    } else {
        snprintf(sentence, MQTT_FAILURE_BYTES, "The broker closed the connection.");
    }
}
