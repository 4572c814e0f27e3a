#include "conflict-service/mass_balances/kit_parts.h"

#include "common/money/testing_decimal.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const BalanceKey kJune{
    .product = "products/pedal", .lot = {}, .period = {*Date::Parse("2026-06-01"), *Date::Parse("2026-07-01")}};

KitComponent Holds(const char* kit, const char* component, int64_t quantity, const char* from = "2026-01-01",
                   const char* to = "2027-01-01") {
  return {.kit = StrCat("products/", kit),
          .component = StrCat("products/", component),
          .quantity = D(quantity),
          .effective = {Day(from), Day(to)}};
}

ReconciledGap Gap(const char* product, int64_t opening, int64_t sell_in, int64_t sold, int64_t closing) {
  return {.name = StrCat("partners/a/reconciliations/", product),
          .partner = "partners/a",
          .product = StrCat("products/", product),
          .opening_reported = D(opening),
          .reported = D(closing),
          .sell_in = D(sell_in),
          .sell_through = D(sold)};
}

TEST(KitPartsTest, KitsInKitsOnTheirDays) {
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2, "2026-01-01", "2026-06-16"),
                                                Holds("bike", "pedal", 3, "2026-06-16"), Holds("tandem", "bike", 2),
                                                Holds("tandem", "pedal", 1)};
  const auto units = [&](const char* kit, const char* day) {
    return UnitsIn(components, StrCat("products/", kit), "products/pedal", Day(day)).ToString();
  };
  EXPECT_EQ(units("bike", "2026-06-15"), "2");
  EXPECT_EQ(units("bike", "2026-06-16"), "3");
  EXPECT_EQ(units("tandem", "2026-06-15"), "5");
  EXPECT_EQ(units("tandem", "2026-06-16"), "7");
  EXPECT_EQ(units("bike", "2025-12-31"), "0");
  EXPECT_EQ(units("pedal", "2026-06-15"), "0");
}

TEST(KitPartsTest, DaysOnWhichAKitHoldsTheProduct) {
  const auto days = [](const char* from, const char* to) {
    const DateRange range = DaysIn({Holds("bike", "pedal", 2, from, to)}, "products/bike", kJune);
    return StrCat(range.start.ToString(), " ", range.end.ToString());
  };
  EXPECT_EQ(days("2026-01-01", "2026-06-16"), "2026-06-01 2026-06-16");
  EXPECT_EQ(days("2026-06-16", "2026-06-17"), "2026-06-16 2026-06-17");
  EXPECT_EQ(days("2026-07-01", "2027-01-01"), "2026-07-01 2026-07-01") << "none";
}

TEST(KitPartsTest, KitsThatAreThereAreWhatTheyHold) {
  // 100 pedals came, 40 went in 20 bikes, 8 are in 4 bikes in the shop window: 52 are left, and nothing is missing.
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2)};
  const auto parts = KitPartsOf(kJune, components, {Gap("bike", 0, 0, 0, 4)}, {}, {});
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_EQ(parts.at("partners/a").gap, D(-8)) << "the bikes' pedals are told as sold by themselves";
  const MassBalance without = BalanceOf(kJune, {Gap("pedal", 0, 100, 40, 52)});
  EXPECT_EQ(without.gaps.at(0).gap, D(8));
  const MassBalance with = BalanceOf(kJune, {Gap("pedal", 0, 100, 40, 52)}, {}, parts);
  EXPECT_FALSE(with.unknown);
  EXPECT_EQ(with.gaps.at(0).gap, D(0));
  EXPECT_THAT(with.reconciled, SizeIs(2)) << "what it was worked out from";
}

TEST(KitPartsTest, AKitCountsAsItIsOnTheDay) {
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2, "2026-01-01", "2026-06-16"),
                                                Holds("bike", "pedal", 3, "2026-06-16")};
  const auto gap = [&](ReconciledGap row) {
    return KitPartsOf(kJune, components, {std::move(row)}, {}, {}).at("partners/a");
  };
  EXPECT_EQ(gap(Gap("bike", 4, 0, 0, 2)).gap, D(4 * 2 - 2 * 3)) << "as on the first and the last day";
  EXPECT_EQ(gap(Gap("bike", 4, 0, 2, 2)).gap, D(4 * 2 - 2 * 3)) << "while it was no kit it held nothing";
  const KitPart came = gap(Gap("bike", 0, 14, 14, 0));
  EXPECT_EQ(came.gap, std::nullopt) << "nobody knows on which days";
  EXPECT_THAT(came.missing, ElementsAre("days of what came of products/bike"));
}

TEST(KitPartsTest, WhatIsNotReportedIsUnknown) {
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2),
                                                Holds("gone", "pedal", 1, "2025-01-01", "2026-06-01")};
  ReconciledGap row = Gap("bike", 0, 0, 20, 0);
  row.reported.reset();
  EXPECT_THAT(KitPartsOf(kJune, components, {row}, {}, {}).at("partners/a").missing,
              ElementsAre("closing report of products/bike"));
  const auto unreconciled = KitPartsOf(kJune, components, {}, {}, {{"products/bike", {"partners/b"}}});
  EXPECT_THAT(unreconciled.at("partners/b").missing, ElementsAre("reconciliation of products/pedal for products/bike"));
  EXPECT_TRUE(BalanceOf(kJune, {}, {}, unreconciled).unknown);
  EXPECT_THAT(KitPartsOf(kJune, components, {}, {}, {{"products/bike", {"partners/b"}}}, {"partners/b"}), IsEmpty())
      << "the pedals of its bikes are in their own reconciliation";
  EXPECT_THAT(KitPartsOf(kJune, components, {Gap("gone", 0, 0, 5, 0)}, {}, {}), IsEmpty()) << "held none in the period";
}

TEST(KitPartsTest, ALotIsUnknownWhereKitsWereSoldOfIt) {
  BalanceKey lot = kJune;
  lot.lot = "L9";
  ReconciledGap told = Gap("pedal", 0, 100, 0, 60);
  told.lot = "L9";
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2)};
  const MassBalance sold = BalanceOf(
      lot, {told}, {}, KitPartsOf(lot, components, {}, {{"products/bike", {"partners/a"}}}, {}, {"partners/a"}));
  EXPECT_TRUE(sold.unknown);
  EXPECT_THAT(sold.gaps.at(0).missing, ElementsAre("lots of what kits hold"));
  const MassBalance passed =
      BalanceOf(lot, {told}, {}, KitPartsOf(lot, components, {Gap("bike", 0, 20, 20, 0)}, {}, {}));
  EXPECT_EQ(passed.gaps.at(0).gap, D(40)) << "kits that came as kits";
}

}  // namespace
}  // namespace tributary::conflict
