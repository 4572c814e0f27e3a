#include "inventory-service/serials/serial_unit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

SerialMove Move(int day, const char* cause, const char* partner, const char* from, const char* to, bool is_back = false,
                int n = 1) {
  return {.product = "bike",
          .serial = "S1",
          .partner = partner,
          .from = from,
          .to = to,
          .is_back = is_back,
          .date = Date::FromDays(20000 + day),
          .cause = cause,
          .n = n};
}

std::string TextOf(const std::vector<SerialMove>& moves) {
  const auto unit = Follow(moves);
  if (!unit.has_value()) return "nowhere";
  std::string text = StrCat(unit->partner, " ", unit->place, " in ", unit->history.size());
  for (const SerialContradiction& one : unit->contradictions) {
    StrAppend(&text, "; ", one.after.cause, " after ", one.before.cause);
  }
  return text;
}

TEST(SerialUnit, WhereAUnitIs) {
  const SerialMove shipped = Move(1, "partners/acme/shipments/A/lines/1", "acme", "@vendor", "main/in_transit");
  const SerialMove received = Move(3, "partners/acme/receipts/R/lines/1", "acme", "main/in_transit", "main");
  const SerialMove sold = Move(5, "partners/acme/sales/S.1", "acme", "main", "@customer");
  const SerialMove back = Move(7, "partners/acme/sales/S.2", "acme", "main", "@customer", true);
  const SerialMove over = Move(8, "partners/acme/movements/T.1", "acme", "main", "@transfer");
  const SerialMove came = Move(8, "partners/acme/movements/T.1", "bolt", "@transfer", "east", false, 2);
  const SerialMove bolt_sold = Move(9, "partners/bolt/sales/B.1", "bolt", "east", "@customer");
  const SerialMove reversal = Move(5, "partners/acme/sales/S.1.r1", "acme", "main", "@customer", true);
  const struct {
    const char* what;
    std::vector<SerialMove> moves;
    const char* want;
  } kCases[] = {
      {"nothing", {}, "nowhere"},
      {"on its way", {shipped}, "acme main/in_transit in 1"},
      {"there", {shipped, received}, "acme main in 2"},
      {"sold", {shipped, received, sold}, "acme @customer in 3"},
      {"the sale is reversed", {shipped, received, sold, reversal}, "acme main in 2"},
      {"everything is reversed", {sold, reversal}, "nowhere"},
      {"brought back", {shipped, sold, back}, "acme main in 3"},
      {"handed over and sold", {shipped, over, came, bolt_sold}, "bolt @customer in 4"},
      {"sold twice",
       {shipped, sold, Move(6, "partners/acme/sales/S.9", "acme", "main", "@customer")},
       "acme @customer in 3; partners/acme/sales/S.9 after partners/acme/sales/S.1"},
      {"sold by somebody who never had it",
       {shipped, bolt_sold},
       "bolt @customer in 2; partners/bolt/sales/B.1 after partners/acme/shipments/A/lines/1"},
      {"begins with a sale, as what came before is not told", {sold}, "acme @customer in 1"},
      {"sold on the day it came: the way decides, not the name",
       {Move(1, "partners/acme/aaa/S.1", "acme", "main", "@customer"), shipped},
       "acme @customer in 2"},
      {"moved within the site without being told",
       {shipped, Move(4, "partners/acme/movements/D.1", "acme", "main/demo", "main")},
       "acme main in 2"},
  };
  std::mt19937 random(7);
  for (const auto& c : kCases) {
    std::vector<SerialMove> moves = c.moves;
    for (int round = 0; round < 20; ++round) {
      EXPECT_EQ(TextOf(moves), c.want) << c.what;
      std::shuffle(moves.begin(), moves.end(), random);
    }
  }
  const auto unit = Follow({shipped, received, sold});
  EXPECT_TRUE(IsAtSite(*Follow({shipped}), "acme", "main"));
  EXPECT_FALSE(IsAtSite(*Follow({shipped}), "bolt", "main"));
  EXPECT_FALSE(IsAtSite(*unit, "acme", "main"));
}

TEST(SerialUnit, HowAUnitIsPacked) {
  const absl::Time now = absl::FromUnixSeconds(1780000000);
  const SerialPack untold{.product = "bike", .serial = "S1"};
  const auto packed = Repack(untold, "P1", now);
  ASSERT_TRUE(packed.ok());
  EXPECT_EQ(packed->parent_pack, "P1");
  EXPECT_EQ(packed->version, 1);
  EXPECT_EQ(packed->update_time, now);
  EXPECT_EQ(Repack(*packed, "P1", now + absl::Seconds(1))->version, 1) << "the same again";
  const auto moved = Repack(*packed, "P2", now);
  EXPECT_EQ(moved->version, 2);
  EXPECT_EQ(Repack(*moved, "", now)->parent_pack, "");
  EXPECT_EQ(Repack(untold, "", now)->version, 0);
  const auto itself = Repack(untold, "S1", now);
  ASSERT_FALSE(itself.ok());
  EXPECT_EQ(ReasonOf(itself.status()), Reason::kInvalidField);
  EXPECT_EQ(itself.status().message(),
            "serial_unit.parent_pack: got 'S1', want another code than the unit's own serial number");
}

}  // namespace
}  // namespace tributary::inventory
