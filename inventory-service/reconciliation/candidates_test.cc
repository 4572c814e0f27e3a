#include "inventory-service/reconciliation/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }

SellThroughSale Sale(const char* document, int line, int64_t units, const char* customer = "EC1") {
  SellThroughSale sale;
  sale.partner = "acme";
  sale.document = document;
  sale.line = line;
  sale.product = "bike";
  sale.quantity = D(units);
  sale.sale_date = June(5);
  sale.end_customer = customer;
  if (units < 0) sale.activity = SellThroughSale::Activity::kReturn;
  return sale;
}

std::vector<std::string> Names(const std::vector<LotCandidate>& candidates) {
  std::vector<std::string> names;
  for (const LotCandidate& one : candidates) {
    names.push_back(
        StrCat(one.candidate.fact.substr(one.candidate.fact.rfind('/') + 1), " ", one.candidate.units.ToString()));
  }
  return names;
}

template <typename F>
std::vector<LotCandidate> Same(const std::vector<F>& facts) {
  std::vector<LotCandidate> candidates = LookAlikes(facts, June(1));
  EXPECT_THAT(candidates, ::testing::Each(::testing::Field(&LotCandidate::near, false)));
  return candidates;
}

// "bell 3": what a candidate is of.
std::vector<std::string> Units(const std::vector<LotCandidate>& candidates) {
  std::vector<std::string> units;
  for (const LotCandidate& one : candidates)
    units.push_back(StrCat(one.what.product, " ", one.candidate.units.ToString()));
  return units;
}

TEST(CandidatesTest, OfKitsTheRowsAreCandidatesForTheParts) {
  SellThroughSale sale = Sale("A", 1, 3);
  sale.product = "set";
  sale.parts = {{"bell", D(3)}, {"wheel", D(6)}};
  SellThroughSale again = sale;
  again.document = "B";
  EXPECT_THAT(Names(Same(std::vector{sale, again})), ElementsAre("B.1 3", "B.1 6"));
  EXPECT_THAT(Units(Same(std::vector{sale, again})), ElementsAre("bell 3", "wheel 6"));
  StockMovement scrapped;
  scrapped.partner = "acme";
  scrapped.document = "M1";
  scrapped.line = 1;
  scrapped.product = "set";
  scrapped.quantity = D(2);
  scrapped.parts = {{"bell", D(2)}, {"wheel", D(4)}};
  scrapped.effective_date = June(5);
  scrapped.from = "main";
  scrapped.to = std::string(kScrap);
  scrapped.reason = MovementReason::kScrap;
  StockMovement told_again = scrapped;
  told_again.document = "M2";
  EXPECT_THAT(Units(LookAlikes("acme", {scrapped, told_again}, June(1))), ElementsAre("bell 2", "wheel 4"));
}

TEST(CandidatesTest, OneDocumentIsRightAndTheOthersRowsAreCandidates) {
  EXPECT_THAT(Same(std::vector<SellThroughSale>{Sale("A", 1, 5), Sale("A", 2, 5)}), IsEmpty())
      << "equal rows of one document are two sales";
  EXPECT_THAT(Names(Same(std::vector{Sale("A", 1, 5), Sale("B", 1, 5)})), ElementsAre("B.1 5"));
  EXPECT_THAT(Names(Same(std::vector{Sale("A", 1, 5), Sale("B", 1, 5), Sale("B", 2, 5)})), ElementsAre("A.1 5"));
  EXPECT_THAT(Names(Same(std::vector{Sale("A", 1, -5), Sale("B", 1, -5)})), ElementsAre("B.1 -5"));
  EXPECT_THAT(Same(std::vector{Sale("A", 1, 5), Sale("B", 1, 6), Sale("C", 1, 5, "EC2")}), IsEmpty());
  SellThroughSale found = Sale("A", 1, 5);
  found.activity = SellThroughSale::Activity::kAdjustment;
  SellThroughSale again = found;
  again.document = "B";
  EXPECT_THAT(Names(Same(std::vector{found, again})), ElementsAre("B.1 -5"));

  ShipmentLine line;
  line.partner = "acme";
  line.document = "S1";
  line.line = 1;
  line.product = "bike";
  line.quantity = D(40);
  line.ship_date = June(3);
  ShipmentLine twice = line;
  twice.document = "S2";
  EXPECT_THAT(Names(Same(std::vector{line, twice})), ElementsAre("1 -40"));
  twice.awaits_receipt = true;  // not on the shelf
  EXPECT_THAT(Same(std::vector{line, twice}), IsEmpty());
}

TEST(CandidatesTest, WhatHasNotArrivedOldestFirst) {
  const auto in = [](const char* cause, int day, int64_t units) {
    return TransitPosting{{"bike", ""}, "main", StrCat("partners/acme/movements/", cause), June(day), D(units)};
  };
  EXPECT_THAT(Names(OpenTransfers({in("T1.1", 1, 30), in("T2.1", 2, 20)})), ElementsAre("T1.1 30", "T2.1 20"));
  EXPECT_THAT(Names(OpenTransfers({in("T2.1", 2, 20), in("T1.1", 1, 30), in("A1.1", 3, -40)})), ElementsAre("T2.1 10"));
  EXPECT_THAT(Names(OpenTransfers({in("T1.1", 1, 30), in("A1.1", 3, -30)})), IsEmpty());
  // The arrival is taken back; then the transfer itself.
  EXPECT_THAT(Names(OpenTransfers({in("T1.1", 1, 30), in("A1.1", 3, -30), in("A1.1.r1", 3, 30)})),
              ElementsAre("T1.1 30"));
  EXPECT_THAT(Names(OpenTransfers({in("T1.1", 1, 30), in("T1.1.r1", 1, -30)})), IsEmpty());
}

// A sale or movement and what it is like: "A 5": document A, on the 5th.
SellThroughSale On(const char* document, int day, int line = 1) {
  SellThroughSale sale = Sale(document, line, 5);
  sale.sale_date = June(day);
  return sale;
}

TEST(CandidatesTest, SalesThatAreNearlyTheSame) {
  SellThroughSale elsewhere = On("B", 10);
  elsewhere.site = "depot";
  SellThroughSale other_customer = On("B", 11);
  other_customer.end_customer = "EC2";
  SellThroughSale other_price = On("B", 11);
  other_price.unit_price = D(7);
  SellThroughSale other_units = On("B", 11);
  other_units.serials = {"S1", "S2", "S3", "S4", "S5"};
  SellThroughSale unnamed = On("A", 10), unnamed_too = On("B", 11);
  unnamed.end_customer = unnamed_too.end_customer = "";
  const struct {
    const char* what;
    std::vector<SellThroughSale> sales;
    std::vector<std::string> want;  // those that are near
  } kCases[] = {
      {"the day after", {On("A", 10), On("B", 11)}, {"B.1 5"}},
      {"the oldest is right, whatever it is called", {On("A", 11), On("B", 10)}, {"A.1 5"}},
      {"the last day that is near", {On("A", 10), On("B", 13)}, {"B.1 5"}},
      {"no longer near", {On("A", 10), On("B", 14)}, {}},
      {"of two sites on one day", {On("A", 10), elsewhere}, {"B.1 5"}},
      {"the document with the most rows is right", {On("A", 10), On("B", 11), On("B", 11, 2)}, {"A.1 5"}},
      {"one document", {On("A", 10), On("A", 11, 2)}, {}},
      {"to another customer", {On("A", 10), other_customer}, {}},
      {"at another price", {On("A", 10), other_price}, {}},
      {"of other units", {On("A", 10), other_units}, {}},
      {"to nobody in particular", {unnamed, unnamed_too}, {}},
      {"three times is a habit", {On("A", 10), On("B", 12), On("C", 14)}, {}},
      {"twice, and twice again", {On("A", 10), On("B", 11), On("C", 20), On("D", 21)}, {"B.1 5", "D.1 5"}},
      {"once before the period", {On("A", 4), On("B", 6)}, {"B.1 5"}},
      {"both before the period", {On("A", 2), On("B", 4)}, {}},
  };
  for (const auto& c : kCases) {
    std::vector<SellThroughSale> sales = c.sales;
    for (int turn = 0; turn < 2; ++turn) {
      std::vector<LotCandidate> found = LookAlikes(sales, June(5));
      std::erase_if(found, [](const LotCandidate& one) { return !one.near; });
      EXPECT_EQ(Names(found), c.want) << c.what;
      std::reverse(sales.begin(), sales.end());
    }
  }
  // The day itself decides where it can: B is A told again, and C may be anything.
  const std::vector<LotCandidate> found = LookAlikes(std::vector{On("A", 10), On("B", 10), On("C", 10, 1)}, June(5));
  EXPECT_THAT(Names(found), ElementsAre("B.1 5", "C.1 5"));
  EXPECT_THAT(found, ::testing::Each(::testing::Field(&LotCandidate::near, false)));
}

TEST(CandidatesTest, MovementsToldTwice) {
  const auto moved = [](const char* document, int day, const char* from, const char* to, const char* to_partner = "") {
    StockMovement movement;
    movement.partner = "acme";
    movement.document = document;
    movement.line = 1;
    movement.product = "bike";
    movement.quantity = D(4);
    movement.from = from;
    movement.to = to;
    movement.to_partner = to_partner;
    movement.effective_date = June(day);
    return movement;
  };
  const struct {
    const char* what;
    StockMovement one, again;
    const char* partner;
    std::vector<std::string> want;
  } kCases[] = {
      {"scrapped", moved("A", 10, "main", "@scrap"), moved("B", 10, "main", "@scrap"), "acme", {"B.1 4"}},
      {"found", moved("A", 10, "@adjustment", "main"), moved("B", 10, "@adjustment", "main"), "acme", {"B.1 -4"}},
      {"handed over",
       moved("A", 10, "main", "east", "bolt"),
       moved("B", 10, "main", "east", "bolt"),
       "acme",
       {"B.1 4"}},
      {"taken over",
       moved("A", 10, "main", "east", "bolt"),
       moved("B", 10, "main", "east", "bolt"),
       "bolt",
       {"B.1 -4"}},
      {"the day after", moved("A", 10, "main", "@scrap"), moved("B", 11, "main", "@scrap"), "acme", {"B.1 4 near"}},
      {"days after", moved("A", 10, "main", "@scrap"), moved("B", 14, "main", "@scrap"), "acme", {}},
      {"from another bucket", moved("A", 10, "main", "@scrap"), moved("B", 10, "main/demo", "@scrap"), "acme", {}},
      {"within the partner's shelves", moved("A", 10, "main", "depot"), moved("B", 10, "main", "depot"), "acme", {}},
      {"under way",
       moved("A", 10, "main", "main/in_transit", "bolt"),
       moved("B", 10, "main", "main/in_transit", "bolt"),
       "acme",
       {}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> got;
    for (const LotCandidate& one : LookAlikes(c.partner, {c.again, c.one}, June(5))) {
      got.push_back(StrCat(Names({one})[0], one.near ? " near" : ""));
    }
    EXPECT_EQ(got, c.want) << c.what;
  }
}

TEST(CandidatesTest, WhatASenderTold) {
  const LotCandidate mine{{"bike", ""}, {.fact = "partners/acme/movements/T1.1", .units = D(3)}};
  const LotCandidate of_another{{"bike", ""}, {.fact = "partners/acme-2/movements/T1.1", .units = D(4)}};
  EXPECT_THAT(Names(SentBy("acme", {mine, of_another})), ElementsAre("T1.1 3"));
  EXPECT_THAT(SentBy("bolt", {mine, of_another}), IsEmpty());
}

TEST(CandidatesTest, NearOnesNeverKeepTheOthersFromBeingSearched) {
  std::vector<LotCandidate> candidates(kMostCandidates - 1, LotCandidate{{"bike", ""}, {.units = D(1)}});
  candidates.push_back({{"bike", ""}, {.units = D(2)}, /*near=*/true});
  EXPECT_EQ(Searched(candidates).size(), kMostCandidates);
  candidates.push_back({{"bike", ""}, {.units = D(2)}, /*near=*/true});
  EXPECT_EQ(Searched(candidates).size(), kMostCandidates - 1);
  candidates.resize(kMostCandidates - 1);
  candidates.resize(kMostCandidates + 1, candidates[0]);
  EXPECT_EQ(Searched(candidates).size(), kMostCandidates + 1) << "too many of the others, which Explain says";
}

}  // namespace
}  // namespace tributary::inventory
