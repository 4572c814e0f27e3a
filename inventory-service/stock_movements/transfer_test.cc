#include "inventory-service/stock_movements/transfer.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

const Date kDay = Date::FromYmd(2026, 6, 15).value();

StockMovement Line(int64_t quantity, const char* lot = "") {
  StockMovement line;
  line.partner = "acme";
  line.line = 1;
  line.from = "main";
  line.to = "north";
  line.product = "bike";
  line.lot = lot;
  line.quantity = Decimal::FromInt(quantity);
  line.effective_date = kDay;
  line.posted = true;
  return line;
}

// Of sets of two wheels and a bell.
StockMovement Sets(int64_t quantity) {
  StockMovement line = Line(quantity);
  line.product = "set";
  line.parts = {{"bell", Decimal::FromInt(quantity)}, {"wheel", Decimal::FromInt(2 * quantity)}};
  return line;
}

Site SiteOfAcme(const char* id) {
  Site site;
  site.partner = "acme";
  site.id = id;
  return site;
}

// To another partner.
StockMovement Handed(int64_t quantity, const char* lot = "") {
  StockMovement line = Line(quantity, lot);
  line.to_partner = "bolt";
  line.product_line = "bikes";
  return line;
}

const ShipTo kEast{.site = "north", .region = "cn-51", .lies_in = {"cn-51", "cn"}};

TerritoryGrant GrantOfBolt(std::vector<std::string> regions, std::vector<std::string> product_lines) {
  return {.partner = "bolt",
          .id = "g",
          .regions = std::move(regions),
          .product_lines = std::move(product_lines),
          .effective = {kDay, kDay.AddDays(1)}};
}

// The state in which everything goes.
TransferState Fine() {
  TransferState state;
  state.from = SiteOfAcme("main");
  state.to = SiteOfAcme("north");
  state.units[SourceOf(Line(1))] = Decimal::FromInt(10);
  state.units[SourceOf(Line(1, "L1"))] = Decimal::FromInt(5);
  state.expiries[{"bike", "L1"}] = kDay;
  return state;
}

TEST(Transfer, RefusalsInTheirOrder) {
  const struct {
    const char* what;
    void (*change)(TransferState& state, std::vector<StockMovement>& lines);
    Reason outcome;
  } kCases[] = {
      {"fine", [](TransferState&, std::vector<StockMovement>&) {}, Reason::kUnspecified},
      {"no row of either site",
       [](TransferState& state, std::vector<StockMovement>&) { state.from = state.to = std::nullopt; },
       Reason::kUnspecified},
      {"all that is there",
       [](TransferState&, std::vector<StockMovement>& lines) { lines[0].quantity = Decimal::FromInt(10); },
       Reason::kUnspecified},
      {"more than is there",
       [](TransferState&, std::vector<StockMovement>& lines) { lines[0].quantity = Decimal::FromInt(11); },
       Reason::kInsufficientStock},
      {"more than is there, where no row says so",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         state.from = std::nullopt;
         lines[0].quantity = Decimal::FromInt(11);
       },
       Reason::kInsufficientStock},
      {"more in two lines", [](TransferState&, std::vector<StockMovement>& lines) { lines.push_back(Line(8)); },
       Reason::kInsufficientStock},
      {"more, and back orders are allowed",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         state.from->negative_stock = NegativeStock::kBackOrder;
         lines[0].quantity = Decimal::FromInt(11);
       },
       Reason::kUnspecified},
      {"other units do not count", [](TransferState&, std::vector<StockMovement>& lines) { lines[0].lot = "L2"; },
       Reason::kInsufficientStock},
      {"the lot's last day", [](TransferState&, std::vector<StockMovement>& lines) { lines[0].lot = "L1"; },
       Reason::kUnspecified},
      {"the day after",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Line(99, "L1");
         state.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
       },
       Reason::kLotExpired},
      {"a serial number that nobody knows",
       [](TransferState&, std::vector<StockMovement>& lines) {
         lines[0] = Line(99);
         lines[0].serials = {"S1"};
       },
       Reason::kSerialElsewhere},
      {"one that is elsewhere",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0].serials = {"S1"};
         state.serial_units[{"bike", "S1"}] = {.partner = "acme", .place = "north"};
       },
       Reason::kSerialElsewhere},
      {"one that is there, in another bucket",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0].serials = {"S1"};
         state.serial_units[{"bike", "S1"}] = {.partner = "acme", .place = "main/demo"};
       },
       Reason::kUnspecified},
      {"to a partner of which nobody knows where it is",
       [](TransferState&, std::vector<StockMovement>& lines) { lines[0] = Handed(4); }, Reason::kUnspecified},
      {"to a partner without a grant",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Handed(99, "L1");
         state.expiries[{"bike", "L1"}] = kDay.AddDays(-1);
         state.receiver = kEast;
       },
       Reason::kOutsideTerritory},
      {"to a partner that may have it there",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Handed(4);
         state.receiver = kEast;
         state.grants = {GrantOfBolt({"cn"}, {"bikes"})};
       },
       Reason::kUnspecified},
      {"of another product line",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Handed(4);
         state.receiver = kEast;
         state.grants = {GrantOfBolt({"cn"}, {"pumps"})};
       },
       Reason::kOutsideTerritory},
      {"in another region",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Handed(4);
         state.receiver = kEast;
         state.grants = {GrantOfBolt({"cn-44"}, {})};
       },
       Reason::kOutsideTerritory},
      {"within the partner, wherever",
       [](TransferState& state, std::vector<StockMovement>&) { state.receiver = kEast; }, Reason::kUnspecified},
      {"the site that they leave is closed",
       [](TransferState& state, std::vector<StockMovement>& lines) {
         lines[0] = Line(99, "L1");
         state.from->closed_on = kDay;
       },
       Reason::kSiteClosed},
      {"the site that they come to is closed",
       [](TransferState& state, std::vector<StockMovement>&) { state.to->closed_on = kDay; }, Reason::kSiteClosed},
      {"it closes on the next day",
       [](TransferState& state, std::vector<StockMovement>&) { state.to->closed_on = kDay.AddDays(1); },
       Reason::kUnspecified},
  };
  for (const auto& c : kCases) {
    TransferState state = Fine();
    std::vector<StockMovement> lines = {Line(4)};
    c.change(state, lines);
    const absl::Status decided = DecideTransfer(lines, state);
    EXPECT_EQ(ReasonOf(decided), c.outcome) << c.what << ": " << decided;
    EXPECT_EQ(decided.ok(), c.outcome == Reason::kUnspecified) << c.what;
  }
}

TEST(Transfer, AKitTakesItsParts) {
  const BucketKey bell{{"acme", "main", "bell", ""}, Bucket::kOnHand};
  const BucketKey wheel{{"acme", "main", "wheel", ""}, Bucket::kOnHand};
  EXPECT_EQ(SourcesOf(Sets(3)),
            (std::map<BucketKey, Decimal>{{bell, Decimal::FromInt(3)}, {wheel, Decimal::FromInt(6)}}));
  EXPECT_EQ(SourcesOf(Line(3)), (std::map<BucketKey, Decimal>{{SourceOf(Line(3)), Decimal::FromInt(3)}}));
  TransferState state;
  state.units = {{bell, Decimal::FromInt(5)}, {wheel, Decimal::FromInt(8)}};
  EXPECT_OK(DecideTransfer({Sets(4)}, state));
  StockMovement loose = Line(1);
  loose.product = "wheel";
  // What lies loose and what is taken in kits is asked for together.
  StockMovement sets = Sets(4);
  sets.line = 3;  // the second of the request moved already
  const absl::Status decided = DecideTransfer({loose, sets}, state);
  EXPECT_THAT(decided, HasReason(Reason::kInsufficientStock));
  EXPECT_EQ(Std(decided.message()),
            "lines[2].quantity: got 9 in all, want at most the 8 that are on hand at partners/acme/sites/main of "
            "products/wheel, a part of 4 products/set");
  state.from.emplace();
  state.from->negative_stock = NegativeStock::kBackOrder;
  EXPECT_OK(DecideTransfer({loose, sets}, state));
}

TEST(Transfer, WhatLiesInNoStockIsNotTransferred) {
  EXPECT_OK(CheckStocked({Line(1, "L1"), Sets(1)}));
  StockMovement service = Line(1);
  service.posted = false;
  EXPECT_THAT(CheckStocked({Line(1), service}), HasReason(Reason::kReferenceNotFound));
  StockMovement of_lot = Sets(1);
  of_lot.lot = "L1";
  EXPECT_EQ(DetailOf(CheckStocked({of_lot})).violations.at(0).field, "lines[0].lot");
  StockMovement of_serial = Sets(1);
  of_serial.serials = {"S1"};
  EXPECT_EQ(DetailOf(CheckStocked({of_serial})).violations.at(0).field, "lines[0].serials");
}

}  // namespace
}  // namespace tributary::inventory
