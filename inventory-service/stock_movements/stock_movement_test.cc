#include "inventory-service/stock_movements/stock_movement.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using R = MovementReason;
constexpr const char* kOnHand = "partners/acme/sites/main/on_hand";
constexpr const char* kQuarantine = "partners/acme/sites/main/quarantine";
constexpr const char* kDemo = "partners/acme/sites/main/demo";

StockMovement Of(R reason, const char* from, const char* to) {
  StockMovement movement;
  movement.reason = reason;
  movement.reason_code = "X";
  movement.quantity = Decimal::FromInt(2);
  EXPECT_TRUE(SetLocations(from, to, &movement).ok()) << from << " " << to;
  return movement;
}

// "field want;" for each violation.
std::string FieldsOf(const std::vector<FieldViolation>& violations) {
  std::string text;
  for (const FieldViolation& violation : violations) StrAppend(&text, violation.field, ";");
  return text;
}

TEST(StockMovement, WhichWaysUnitsMoveForWhichReason) {
  const struct {
    R reason;
    const char* from;
    const char* to;
    const char* refused;
  } kCases[] = {
      {R::kAdjustment, kOnHand, "adjustment", ""},
      {R::kAdjustment, "adjustment", kQuarantine, ""},
      {R::kAdjustment, kOnHand, "scrap", "to_location;"},
      {R::kScrap, kQuarantine, "scrap", ""},
      {R::kScrap, "scrap", kOnHand, "to_location;"},
      {R::kQuarantine, kOnHand, kQuarantine, ""},
      {R::kQuarantine, kQuarantine, kOnHand, "from_location;to_location;"},
      {R::kQuarantine, "vendor", kQuarantine, "from_location;"},
      {R::kRelease, kQuarantine, kOnHand, ""},
      {R::kRelease, kOnHand, kDemo, "from_location;"},
      {R::kRelease, kQuarantine, "scrap", "to_location;"},
      {R::kDemo, kOnHand, kDemo, ""},
      {R::kDemo, kDemo, kOnHand, ""},
      {R::kDemo, kOnHand, kQuarantine, "to_location;"},
      {R::kDemo, kDemo, "partners/acme/sites/north/demo", "to_location;"},
      {R::kRotation, kOnHand, "vendor", ""},
      {R::kRotation, "vendor", kOnHand, ""},
      {R::kRotation, kOnHand, kDemo, "to_location;"},
      {R::kTransfer, kOnHand, "partners/acme/sites/north/on_hand", ""},
      {R::kTransfer, kOnHand, "partners/bolt/sites/main/on_hand", ""},
      {R::kTransfer, kOnHand, "vendor", "to_location;"},
      {R::kTransfer, "vendor", kOnHand, "from_location;"},
      {R::kTransfer, kOnHand, kOnHand, "to_location;"},  // to itself
      {R::kQuarantine, kOnHand, "partners/bolt/sites/main/quarantine", "to_location;"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FieldsOf(MovementViolations(Of(c.reason, c.from, c.to))), c.refused)
        << NameOf(c.reason) << " " << c.from << " -> " << c.to;
  }
  StockMovement bare = Of(R::kAdjustment, kOnHand, "adjustment");
  bare.reason_code.clear();
  bare.quantity = Decimal::FromInt(-1);
  EXPECT_EQ(FieldsOf(MovementViolations(bare)), "quantity;reason_code;");
}

TEST(StockMovement, LocationsAreSitesAndFewBoundaries) {
  StockMovement movement;
  for (const char* bad : {"", "customer", "transfer", "shop", "partners/acme", "partners/acme/sites/main",
                          "partners/acme/sites/main/roof", "partners//sites/main/on_hand",
                          "partners/acme/sites/a.b/on_hand", "partners/acme/sites/a b/on_hand"}) {
    EXPECT_FALSE(SetLocations(bad, kOnHand, &movement).ok()) << bad;
    EXPECT_FALSE(SetLocations(kOnHand, bad, &movement).ok()) << bad;
  }
  EXPECT_FALSE(SetLocations("vendor", "scrap", &movement).ok()) << "a boundary to a boundary";
  ASSERT_TRUE(SetLocations("adjustment", kDemo, &movement).ok());
  EXPECT_EQ(movement.partner, "acme");
  EXPECT_EQ(movement.from, "@adjustment");
  EXPECT_EQ(movement.to, "main/demo");
  EXPECT_EQ(ToLocation(movement), kDemo);
}

TEST(StockMovement, BetweenTwoPartnersEachHasAPosting) {
  StockMovement movement = Of(R::kTransfer, kOnHand, "partners/bolt/sites/east/on_hand");
  movement.partner = "acme";
  const std::vector<Posting> postings = Movements(movement);
  ASSERT_EQ(postings.size(), 2u);
  EXPECT_EQ(postings[0].from, "main");
  EXPECT_EQ(postings[0].to, "@transfer");
  EXPECT_EQ(postings[1].partner, "bolt");
  EXPECT_EQ(postings[1].from, "@transfer");
  EXPECT_EQ(postings[1].to, "east");
  EXPECT_EQ(Movements(Of(R::kTransfer, kOnHand, "partners/acme/sites/north/on_hand")).size(), 1u);
}

TEST(StockMovement, TheFirstDifferenceIsTold) {
  const StockMovement known = Of(R::kScrap, kOnHand, "scrap");
  StockMovement stated = known;
  EXPECT_FALSE(FirstDifference(known, stated).has_value());
  stated.note = "wet";
  EXPECT_EQ(FirstDifference(known, stated)->field, "note");
  stated.from = "main/demo";
  EXPECT_EQ(FirstDifference(known, stated)->field, "from_location");
  stated.serials = {"S1", "S2"};
  EXPECT_EQ(FirstDifference(known, stated)->field, "serials");
}

}  // namespace
}  // namespace tributary::inventory
