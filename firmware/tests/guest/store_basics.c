/* Which guests a board takes, which one it runs, and how it goes back. */
#include <stdio.h>

#include "guest_header.h"
#include "offered_module.h"
#include "ram_flash.h"
#include "ram_values.h"
#include "scenario.h"

static struct power s_power;
static struct ram_flash s_flash;
static struct ram_values s_values;
static struct guest_store s_store;
static struct guest_record s_record;
static struct guest_refusal s_refusal;
static struct signing_key s_key;
static struct signing_key s_stranger;
static struct guest_trust s_trust;
static struct offered_module s_module;

static void s_reboot(void)
{
    bool rolled_back = false;
    CHECK(guest_store_open(&s_store, &s_flash.port, &s_values.port, &rolled_back));
}

static void s_new_board(void)
{
    s_power = (struct power){.cut_at = UINT32_MAX};
    ram_flash_init(&s_flash, &s_power);
    ram_values_init(&s_values, &s_power);
    s_reboot();
}

static bool s_send(const char *name, uint32_t size, uint32_t seed)
{
    offered_module_make(&s_module, name, size, seed, &s_key);
    return offered_module_send(&s_module, &s_store, &s_trust, 237, &s_record, &s_refusal);
}

static void s_expect_current(const char *name, bool on_trial)
{
    CHECK(guest_store_current(&s_store, &s_record));
    CHECK_TEXT(s_record.offer.name, name);
    CHECK(s_record.on_trial == on_trial);
    static uint8_t bytes[RAM_FLASH_SLOT_BYTES];
    CHECK(guest_store_load(&s_store, &s_record, bytes));
    CHECK(!s_flash.misused);
}

static void s_life(void)
{
    scenario("A new board has no guest.");
    s_new_board();
    CHECK(!guest_store_current(&s_store, &s_record));

    scenario("A guest that was sent runs on trial, is accepted, and is there after a reboot.");
    CHECK(s_send("a.wasm", 5000, 1));
    s_expect_current("a.wasm", true);
    s_reboot();
    s_expect_current("a.wasm", true);
    CHECK(guest_store_accept(&s_store));
    s_reboot();
    s_expect_current("a.wasm", false);

    scenario("A new guest that fails its trial gives way to the one before it.");
    CHECK(s_send("b.wasm", 9000, 2));
    s_expect_current("b.wasm", true);
    CHECK(guest_store_reject(&s_store));
    s_expect_current("a.wasm", false);
    s_reboot();
    s_expect_current("a.wasm", false);

    scenario("Guests take turns in the two slots, and the newest that was accepted runs.");
    for (uint32_t turn = 0; turn < 5; turn++) {
        char name[16];
        snprintf(name, sizeof name, "turn-%u", turn);
        CHECK(s_send(name, 3000 + turn * 1000, 10 + turn));
        CHECK(s_record.slot == (turn + 1) % 2);
        CHECK(guest_store_accept(&s_store));
        s_reboot();
        s_expect_current(name, false);
    }

    scenario("A guest with which the board dies each time is given up.");
    CHECK(s_send("deadly.wasm", 700, 3));
    for (int start = 0; start < GUEST_TRIAL_STARTS_MAX; start++) {
        s_reboot();
        s_expect_current("deadly.wasm", true);
        CHECK(guest_store_trial_starts(&s_store));
    }
    bool rolled_back = false;
    CHECK(guest_store_open(&s_store, &s_flash.port, &s_values.port, &rolled_back));
    CHECK(rolled_back);
    s_expect_current("turn-4", false);

    scenario("The first guest of a board that fails its trial leaves none.");
    s_new_board();
    CHECK(s_send("first.wasm", 100, 4));
    CHECK(guest_store_reject(&s_store));
    CHECK(!guest_store_current(&s_store, &s_record));
}

static void s_expect_refusal(const struct guest_offer *offer, const struct guest_trust *trust, const char *part)
{
    uint32_t next = 7;
    CHECK(!guest_store_begin(&s_store, offer, trust, &next, &s_refusal));
    CHECK_CONTAINS(s_refusal.reason, part);
    CHECK(next == 0);
}

static void s_trusts(void)
{
    scenario("Who is not trusted cannot put a guest on the board.");
    s_new_board();
    struct guest_trust by_cable = {.unsigned_allowed = true};
    offered_module_make(&s_module, "m.wasm", 2000, 5, &s_stranger);
    s_expect_refusal(&s_module.offer, &s_trust, "is not one this board trusts");
    s_expect_refusal(&s_module.offer, &by_cable, "is not one this board trusts");

    offered_module_make(&s_module, "m.wasm", 2000, 5, &s_key);
    struct guest_offer forged = s_module.offer;
    forged.signature[10] ^= 1;
    s_expect_refusal(&forged, &s_trust, "does not hold for this name and module");
    forged = s_module.offer;
    forged.name[0] = 'n';
    s_expect_refusal(&forged, &s_trust, "does not hold for this name and module");
    forged = s_module.offer;
    forged.sha256[0] ^= 1;
    s_expect_refusal(&forged, &s_trust, "does not hold for this name and module");

    scenario("An unsigned module may come by cable, while no keys are set, and no other way.");
    offered_module_make(&s_module, "m.wasm", 2000, 5, NULL);
    s_expect_refusal(&s_module.offer, &s_trust, "is not signed");
    CHECK(offered_module_send(&s_module, &s_store, &by_cable, 200, &s_record, &s_refusal));

    scenario("A module whose bytes are not those that were signed never gets a header.");
    s_new_board();
    offered_module_make(&s_module, "m.wasm", 2000, 5, &s_key);
    s_module.bytes[1999] ^= 0x40;
    CHECK(!offered_module_send(&s_module, &s_store, &s_trust, 200, &s_record, &s_refusal));
    CHECK_CONTAINS(s_refusal.reason, "its SHA-256 differs");
    CHECK(!guest_store_current(&s_store, &s_record));
    s_reboot();
    CHECK(!guest_store_current(&s_store, &s_record));

    scenario("A module that fits no slot, or has no proper name, is refused before a byte of it is stored.");
    offered_module_make(&s_module, "m.wasm", 2000, 5, &s_key);
    struct guest_offer offer = s_module.offer;
    offer.size = RAM_FLASH_SLOT_BYTES - GUEST_MODULE_OFFSET + 1;
    s_expect_refusal(&offer, &s_trust, "a slot of this board holds 1 to 12288");
    offer.size = 0;
    s_expect_refusal(&offer, &s_trust, "The module has 0 bytes");
    offered_module_make(&s_module, "two\nlines", 2000, 5, &s_key);
    s_expect_refusal(&s_module.offer, &s_trust, "no control characters");
}

static void s_arrives(void)
{
    uint32_t next = 0;
    scenario("Bytes that come twice, too early or too many do no harm.");
    s_new_board();
    CHECK(!guest_store_write(&s_store, 0, "abc", 3, &next, &s_refusal));
    CHECK(!guest_store_finish(&s_store, &s_record, &s_refusal));
    offered_module_make(&s_module, "m.wasm", 9000, 6, &s_key);
    CHECK(guest_store_begin(&s_store, &s_module.offer, &s_trust, &next, &s_refusal) && next == 0);
    CHECK(guest_store_write(&s_store, 0, s_module.bytes, 5000, &next, &s_refusal) && next == 5000);
    CHECK(guest_store_write(&s_store, 0, s_module.bytes, 5000, &next, &s_refusal) && next == 5000);
    CHECK(guest_store_write(&s_store, 6000, s_module.bytes, 10, &next, &s_refusal) && next == 5000);
    CHECK(!guest_store_finish(&s_store, &s_record, &s_refusal));
    CHECK_CONTAINS(s_refusal.reason, "Only 5000 of the module's 9000 bytes");

    scenario("A transfer goes on where it was, in the same session and after a reboot.");
    CHECK(guest_store_begin(&s_store, &s_module.offer, &s_trust, &next, &s_refusal) && next == 5000);
    s_reboot();
    CHECK(guest_store_begin(&s_store, &s_module.offer, &s_trust, &next, &s_refusal) && next == 4096);
    CHECK(offered_module_send(&s_module, &s_store, &s_trust, 1000, &s_record, &s_refusal));
    s_expect_current("m.wasm", true);

    scenario("Each request can be repeated: the end, and the whole transfer.");
    CHECK(offered_module_send(&s_module, &s_store, &s_trust, 1000, &s_record, &s_refusal));
    CHECK(guest_store_finish(&s_store, &s_record, &s_refusal));
    s_expect_current("m.wasm", true);
    CHECK(s_record.sequence == 0);

    scenario("While a guest is on trial no other is taken: the one to go back to is kept.");
    CHECK(!s_send("other.wasm", 100, 7));
    CHECK_CONTAINS(s_refusal.reason, "The guest m.wasm is on trial");
    CHECK(guest_store_accept(&s_store));
    CHECK(s_send("other.wasm", 100, 7));

    scenario("Another module than the one that was begun starts anew.");
    s_new_board();
    CHECK(guest_store_begin(&s_store, &s_module.offer, &s_trust, &next, &s_refusal));
    CHECK(guest_store_write(&s_store, 0, s_module.bytes, 50, &next, &s_refusal));
    CHECK(s_send("another.wasm", 200, 8));
    s_expect_current("another.wasm", true);

    scenario("More bytes than were announced end the transfer.");
    s_new_board();
    offered_module_make(&s_module, "m.wasm", 100, 9, &s_key);
    CHECK(guest_store_begin(&s_store, &s_module.offer, &s_trust, &next, &s_refusal));
    CHECK(!guest_store_write(&s_store, 0, s_module.bytes, 101, &next, &s_refusal));
    CHECK(!guest_store_write(&s_store, 0, s_module.bytes, 100, &next, &s_refusal));
}

static void s_rots(void)
{
    static uint8_t bytes[RAM_FLASH_SLOT_BYTES];
    scenario("A guest whose bytes have changed in flash is not run; the other is.");
    s_new_board();
    CHECK(s_send("old.wasm", 5000, 11) && guest_store_accept(&s_store));
    CHECK(s_send("new.wasm", 5000, 12) && guest_store_accept(&s_store));
    s_flash.bytes[s_record.slot][GUEST_MODULE_OFFSET + 4999] ^= 1;
    CHECK(guest_store_current(&s_store, &s_record));
    CHECK(!guest_store_load(&s_store, &s_record, bytes));
    s_expect_current("old.wasm", false);

    scenario("Whatever bit of a header has changed, the slot is none.");
    struct guest_offer offer;
    uint32_t sequence;
    uint8_t header[GUEST_HEADER_BYTES];
    guest_header_write(&s_module.offer, 3, header);
    CHECK(guest_header_read(header, RAM_FLASH_SLOT_BYTES, &offer, &sequence));
    CHECK(sequence == 3 && memcmp(&offer, &s_module.offer, sizeof offer) == 0);
    for (int bit = 0; bit < GUEST_HEADER_BYTES * 8; bit++) {
        scenario_detail("bit %d", bit);
        header[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!guest_header_read(header, RAM_FLASH_SLOT_BYTES, &offer, &sequence));
        header[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* RFC 8032, section 7.1, TEST 1: the public key; its id is what the page computes for it, too. */
static void s_key_ids(void)
{
    scenario("A key has the same id on the board as in the page.");
    static const uint8_t public_key[GUEST_PUBLIC_KEY_BYTES] = {
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
        0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    };
    static const uint8_t expected[GUEST_KEY_ID_BYTES] = {0x21, 0xfe, 0x31, 0xdf, 0xa1, 0x54, 0xa2, 0x61};
    uint8_t id[GUEST_KEY_ID_BYTES];
    guest_key_id(public_key, id);
    CHECK(memcmp(id, expected, sizeof id) == 0);
}

int main(void)
{
    s_new_board();
    signing_key_make(&s_key, 1);
    signing_key_make(&s_stranger, 2);
    s_trust = (struct guest_trust){.public_keys = (const uint8_t(*)[GUEST_PUBLIC_KEY_BYTES])s_key.public_key, .count = 1};
    s_life();
    s_trusts();
    s_arrives();
    s_rots();
    s_key_ids();
    return scenarios_passed();
}
