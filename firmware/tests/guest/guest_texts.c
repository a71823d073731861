/* The words and the rules that a guest's strings meet: those of the page. */
#include "guest_abi.gen.h"
#include "guest_text.h"
#include "guest_topic.h"
#include "scenario.h"

static void s_expect_topic(const char *root, const char *topic, const char *expected)
{
    char resolved[GUEST_TOPIC_BUFFER_BYTES] = "";
    char reason[480] = "";
    scenario_detail("topic \"%s\" under %s", topic, root);
    CHECK(guest_topic_resolve(root, "esp32-7", topic, resolved, reason, sizeof reason));
    CHECK_TEXT(resolved, expected);
}

static void s_expect_refused(const char *root, const char *topic, const char *expected)
{
    char resolved[GUEST_TOPIC_BUFFER_BYTES] = "";
    char reason[480] = "";
    scenario_detail("topic \"%.60s\" under %s", topic, root);
    CHECK(!guest_topic_resolve(root, "esp32-7", topic, resolved, reason, sizeof reason));
    CHECK_TEXT(reason, expected);
}

static void s_topics(void)
{
    scenario("A guest speaks for its own node, however its topic is written.");
    s_expect_topic("ic", "data", "ic/esp32-7/data");
    s_expect_topic("ic", "ic/esp32/data", "ic/esp32-7/data");
    s_expect_topic("ic", "ic/esp32-7/status", "ic/esp32-7/status");
    s_expect_topic("ic", "of/its/own", "ic/esp32-7/of/its/own");
    s_expect_topic("farm/north", "ic/esp32/data", "farm/north/esp32-7/data");
    s_expect_topic("farm/north", "farm/north/esp32-7/data", "farm/north/esp32-7/data");
    s_expect_topic("farm", "farmer/data", "farm/esp32-7/farmer/data");
    s_expect_topic("ic", "h\xc3\xbcgel", "ic/esp32-7/h\xc3\xbcgel");

    scenario("A guest cannot speak for another node, for its host, or for nobody.");
    s_expect_refused("ic", "ic/other/data", "The guest of esp32-7 may publish under ic/esp32-7/ only, not to \"ic/other/data\".");
    s_expect_refused("ic", "ic", "The guest of esp32-7 may publish under ic/esp32-7/ only, not to \"ic\".");
    s_expect_refused("farm", "ic/other/data",
                     "The guest of esp32-7 may publish under farm/esp32-7/ only, not to \"ic/other/data\".");
    s_expect_refused("ic", "config",
                     "Under \"config\" the host speaks, not the guest; a guest may use data, status and names of its own.");
    s_expect_refused("ic", "ic/esp32/guest/state",
                     "Under \"guest/state\" the host speaks, not the guest; a guest may use data, status and names of its "
                     "own.");
    s_expect_refused("ic", "a//b", "The topic \"a//b\" has an empty level; write it like \"data\" or \"ic/esp32-7/data\".");
    s_expect_refused("ic", "/data", "The topic \"/data\" has an empty level; write it like \"data\" or \"ic/esp32-7/data\".");
    s_expect_refused("ic", "ic/esp32/",
                     "The topic \"ic/esp32/\" has an empty level; write it like \"data\" or \"ic/esp32-7/data\".");
    s_expect_refused("ic", "a/+/b", "The topic \"a/+/b\" contains a wildcard (+ or #); those belong in subscriptions only.");
    s_expect_refused("ic", "", "A topic needs at least one character.");

    scenario("The longest topic of the longest root and node fits.");
    char topic[ABI_LIMIT_TOPIC_BYTES + 2];
    memset(topic, 'a', sizeof topic);
    topic[ABI_LIMIT_TOPIC_BYTES] = '\0';
    char root[65] = {0};
    memset(root, 'r', 64);
    char resolved[GUEST_TOPIC_BUFFER_BYTES];
    char reason[480];
    CHECK(guest_topic_resolve(root, "n0123456789012345678901234567890", topic, resolved, reason, sizeof reason));
    CHECK(strlen(resolved) == 64 + 1 + 32 + 1 + ABI_LIMIT_TOPIC_BYTES);
    topic[ABI_LIMIT_TOPIC_BYTES] = 'a';
    topic[ABI_LIMIT_TOPIC_BYTES + 1] = '\0';
    s_expect_refused("ic", topic, "The guest's topic has 129 bytes; at most 128 are allowed.");
}

static void s_expect_string(const uint8_t *memory, uint64_t size, uint32_t pointer, uint32_t max, const char *reason)
{
    struct guest_fault fault = {0};
    scenario_detail("pointer %u of %u", (unsigned)pointer, (unsigned)size);
    const char *text = guest_text_read(memory, size, pointer, max, "The text", &fault);
    CHECK_TEXT(fault.reason, reason);
    CHECK((text != NULL) == (reason[0] == '\0'));
}

static void s_strings(void)
{
    scenario("A pointer is believed only as far as the guest's memory and the limits reach.");
    /* Exactly as large as the memory, so that the sanitizer sees a byte too much. */
    uint8_t memory[8] = {'a', 'b', 'c', 0, 'd', 'e', 'f', 'g'};
    s_expect_string(memory, 8, 0, 3, "");
    s_expect_string(memory, 8, 3, 3, "");
    s_expect_string(memory, 8, 0, 2, "The text at 0x0 is longer than 2 bytes or has no closing NUL.");
    s_expect_string(memory, 8, 4, 256, "The text at 0x4 runs past the end of the guest's memory: it has no closing NUL.");
    s_expect_string(memory, 8, 7, 0, "The text at 0x7 runs past the end of the guest's memory: it has no closing NUL.");
    s_expect_string(memory, 8, 8, 256, "The text points to 0x8, outside the guest's memory of 8 bytes.");
    s_expect_string(memory, 8, UINT32_MAX, 256, "The text points to 0xffffffff, outside the guest's memory of 8 bytes.");
    s_expect_string(NULL, 0, 0, 256, "The text points to 0x0, outside the guest's memory of 0 bytes.");

    scenario("Text that is not UTF-8 never reaches a broker.");
    static const char *const broken[] = {"\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xff"};
    for (size_t index = 0; index < sizeof broken / sizeof broken[0]; index++) {
        s_expect_string((const uint8_t *)broken[index], strlen(broken[index]) + 1, 0, 256,
                        "The text at 0x0 is not valid UTF-8.");
    }
    s_expect_string((const uint8_t *)"\xf0\x9f\x8c\xb1", 5, 0, 256, "");
}

int main(void)
{
    s_topics();
    s_strings();
    return scenarios_passed();
}
