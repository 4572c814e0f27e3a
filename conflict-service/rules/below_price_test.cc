#include "conflict-service/rules/below_price.h"

#include <algorithm>
#include <functional>
#include <random>

#include "common/money/rational.h"
#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const RegionTree& World() {
  static const auto* const tree = new RegionTree(RegionTree::FromParents({{"regions/cn", ""},
                                                                          {"regions/cn-44", "regions/cn"},
                                                                          {"regions/cn-44-01", "regions/cn-44"},
                                                                          {"regions/us", ""}}));
  return *tree;
}

// Floor 80, MAP 100, 85 for promotion 618 on 06-18 to 06-20, 70 for everybody on 11-11.
PriceRule NewRule() {
  return {.name = "priceRules/bike",
          .version = 3,
          .uid = {},
          .create_time = {},
          .update_time = {},
          .product = "products/bike",
          .regions = {"regions/cn"},
          .currency = "CNY",
          .floor = D("80"),
          .advertised = D("100"),
          .days = {Day("2026-01-01"), Day("2027-01-01")},
          .exceptions = {{"618", {Day("2026-06-18"), Day("2026-06-21")}, D("85")},
                         {"", {Day("2026-11-11"), Day("2026-11-12")}, D("70")}},
          .bands = {}};
}

PriceObservation Seen(const char* price, const char* date = "2026-06-05", const std::string& id = "o1") {
  return {.name = "priceObservations/" + id,
          .create_time = {},
          .partner = "partners/acme",
          .seller = {},
          .product = "products/bike",
          .price = {"CNY", D(price)},
          .region = "regions/cn-44",
          .place = "https://acme.example/bike",
          .date = Day(date),
          .time = {},
          .promotion = {},
          .evidence = {},
          .evidence_sha256 = {},
          .withdraw_time = {},
          .withdraw_reason = {}};
}

// "20 below 100, 2000 HIGH"; empty where nothing is found.
std::string Found(const PriceObservation& observation, const std::vector<PriceRule>& rules) {
  const auto found = BelowPrice({observation}, rules, World());
  if (!found) return "";
  const PriceDepth& depth = *found->price_depth;
  return StrCat(depth.depth().ToString(), " below ", depth.least.ToString(), ", ", depth.basis_points(), " ",
                NameOf(*found->severity));
}

TEST(BelowPriceTest, Table) {
  using Kind = PriceObservation::Kind;
  struct Row {
    std::string what;
    Kind kind;
    const char* price;
    const char* date;
    std::string promotion;
    std::string found;
  };
  const std::vector<Row> rows = {
      {"at the minimum", Kind::kAdvertised, "100", "2026-06-05", "", ""},
      {"a millionth below it", Kind::kAdvertised, "99.999999", "2026-06-05", "", "0.000001 below 100, 0 LOW"},
      {"less than a basis point below a band", Kind::kAdvertised, "95.01", "2026-06-05", "", "4.99 below 100, 499 LOW"},
      {"at a band", Kind::kAdvertised, "95", "2026-06-05", "", "5 below 100, 500 MEDIUM"},
      {"at the last band", Kind::kAdvertised, "85", "2026-06-05", "", "15 below 100, 1500 HIGH"},
      {"for nothing", Kind::kAdvertised, "0", "2026-06-05", "", "100 below 100, 10000 HIGH"},
      {"a sale between floor and minimum", Kind::kSold, "85", "2026-06-05", "", ""},
      {"a sale below the floor", Kind::kSold, "79", "2026-06-05", "", "1 below 80, 125 LOW"},
      {"before the rule", Kind::kAdvertised, "50", "2025-12-31", "", ""},
      {"its first day", Kind::kAdvertised, "50", "2026-01-01", "", "50 below 100, 5000 HIGH"},
      {"the day after its last", Kind::kAdvertised, "50", "2027-01-01", "", ""},
      {"in the promotion", Kind::kAdvertised, "85", "2026-06-18", "618", ""},
      {"below the promotion", Kind::kAdvertised, "84", "2026-06-20", "618", "1 below 85, 117 LOW"},
      {"below promotion and floor", Kind::kAdvertised, "68", "2026-06-20", "618", "17 below 85, 2000 HIGH"},
      {"the day after the promotion", Kind::kAdvertised, "85", "2026-06-21", "618", "15 below 100, 1500 HIGH"},
      {"beside the promotion", Kind::kAdvertised, "85", "2026-06-18", "", "15 below 100, 1500 HIGH"},
      {"another promotion", Kind::kAdvertised, "85", "2026-06-18", "619", "15 below 100, 1500 HIGH"},
      {"a promotion above the floor leaves the floor", Kind::kSold, "79", "2026-06-18", "618", "1 below 80, 125 LOW"},
      {"everybody's exception", Kind::kAdvertised, "70", "2026-11-11", "", ""},
      {"below everybody's exception", Kind::kSold, "69", "2026-11-11", "x", "1 below 70, 142 LOW"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    PriceObservation observation = Seen(row.price, row.date);
    observation.kind = row.kind;
    observation.promotion = row.promotion;
    EXPECT_EQ(Found(observation, {NewRule()}), row.found);
  }
}

// A partner's sale as it was reported.
PriceObservation Sold(const char* paid, const char* units, const char* date = "2026-06-05") {
  PriceObservation sale = Seen(paid, date);
  sale.name = "partners/acme/sales/I1.1";
  sale.kind = PriceObservation::Kind::kSold;
  sale.place.clear();
  sale.sold_units = D(units);
  return sale;
}

TEST(BelowFloorTest, Table) {
  struct Row {
    std::string what;
    const char* paid;
    const char* units;
    const char* date;
    std::string found;  // "95 below 100, 500 MEDIUM": of one
  };
  const std::vector<Row> rows = {
      {"at the floor", "240", "3", "2026-06-05", ""},
      {"above it, below what may be advertised", "255", "3", "2026-06-05", ""},
      {"a millionth less for all", "239.999999", "3", "2026-06-05", "79.999999 below 80, 0 LOW"},
      {"a price that does not divide", "100", "3", "2026-06-05", "33.333333 below 80, 5833 HIGH"},
      {"half a unit", "38", "0.5", "2026-06-05", "76 below 80, 500 MEDIUM"},
      {"a millionth above a band", "152.000001", "2", "2026-06-05", "76 below 80, 499 LOW"},
      {"for nothing", "0", "2", "2026-06-05", "0 below 80, 10000 HIGH"},
      {"before the rule", "3", "3", "2025-12-31", ""},
      {"everybody's exception", "70", "1", "2026-11-11", ""},
      {"below everybody's exception", "139", "2", "2026-11-11", "69.5 below 70, 71 LOW"},
      {"what a promotion allows, whoever is in it", "120", "2", "2026-06-20", ""},
      {"below the promotion", "119", "2", "2026-06-20", "59.5 below 60, 83 LOW"},
      {"the day after the promotion", "120", "2", "2026-06-21", "60 below 80, 2500 HIGH"},
  };
  PriceRule rule = NewRule();
  rule.exceptions.push_back({"VIP", {Day("2026-06-18"), Day("2026-06-21")}, D("60")});
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const auto found = BelowFloor(Sold(row.paid, row.units, row.date), {rule}, World());
    EXPECT_EQ(found ? StrCat(found->price_depth->price().ToString(), " below ", found->price_depth->least.ToString(),
                             ", ", found->price_depth->basis_points(), " ", NameOf(*found->severity))
                    : "",
              row.found);
  }
  PriceObservation dollars = Sold("3", "3");
  dollars.price.currency = "USD";
  EXPECT_EQ(BelowFloor(dollars, {rule}, World()), std::nullopt) << "never converted";
  rule.tax_included = true;
  EXPECT_EQ(BelowFloor(Sold("3", "3"), {rule}, World()), std::nullopt) << "a report is without tax";
  EXPECT_NE(BelowPrice({Seen("3")}, {rule}, World()), std::nullopt);
}

TEST(BelowFloorTest, SaysWhatWasPaidForHowMuch) {
  const auto found = BelowFloor(Sold("100", "3"), {NewRule()}, World());
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->subjects, ElementsAre("partners/acme/sales/I1.1", "priceRules/bike"));
  EXPECT_THAT(found->key, ElementsAre("partners/acme/sales/I1.1"));
  EXPECT_EQ(found->occurred_on, Day("2026-06-05"));
  EXPECT_EQ(found->explanation,
            "partners/acme sold 3 x products/bike for 100 CNY on 2026-06-05 in regions/cn-44, 140 CNY (5833 basis "
            "points) below 3 x the floor of 80 CNY of priceRules/bike (version 3): HIGH. Reported as "
            "partners/acme/sales/I1.1.");
  ASSERT_EQ(found->parties.size(), 1u);
  EXPECT_EQ(found->parties[0].words,
            "You sold 3 x products/bike for 100 CNY on 2026-06-05 in regions/cn-44, 140 CNY (5833 basis points) below "
            "3 x the floor of 80 CNY.");
}

// Compared without a division, it is what exact fractions say.
TEST(BelowFloorTest, AgreesWithFractions) {
  std::mt19937 random(20260605);
  PriceRule rule = NewRule();
  int below = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto any = [&](int64_t most) { return Decimal::FromMicros(1 + static_cast<int64_t>(random()) % most); };
    PriceObservation sale = Sold("0", "1");
    sale.sold_units = any(7000000);
    rule.floor = any(2000000);
    // About as much as it must be.
    const Rational must = Rational(*rule.floor) * Rational(*sale.sold_units);
    const int64_t paid =
        static_cast<int64_t>(must.RoundScaled(6, Rounding::kFloor)) + static_cast<int64_t>(random() % 3);
    sale.price.amount = Decimal::FromMicros(paid > 0 ? paid - 1 : 0);
    const bool less = Rational(sale.price.amount) / Rational(*sale.sold_units) < Rational(*rule.floor);
    const auto found = BelowFloor(sale, {rule}, World());
    ASSERT_EQ(found.has_value(), less) << sale.price.amount.ToString() << " for " << sale.sold_units->ToString();
    if (!found) continue;
    ++below;
    const Rational depth = (must - Rational(sale.price.amount)) / must * Rational::FromInt(10000);
    EXPECT_EQ(Rational::Integer(found->price_depth->basis_points()), depth.RoundScaled(0, Rounding::kFloor));
  }
  EXPECT_GT(below, 500);
  EXPECT_LT(below, 2000);
}

TEST(BelowPriceTest, WhichRule) {
  struct Row {
    std::string what;
    std::function<void(PriceRule&)> other;  // one with MAP 60 beside the rule with MAP 100
    std::string least;
  };
  const std::vector<Row> rows = {
      {"a nearer region",
       [](PriceRule& r) {
         r.regions = {"regions/us", "regions/cn-44"};
       },
       "60"},
      {"everywhere is farther", [](PriceRule& r) { r.regions = {}; }, "100"},
      {"elsewhere", [](PriceRule& r) { r.regions = {"regions/cn-44-01"}; }, "100"},
      {"a later beginning", [](PriceRule& r) { r.days.start = Day("2026-02-01"); }, "60"},
      {"a later beginning, and nearer", [](PriceRule& r) { r.regions = {"regions/cn-44"}; }, "60"},
      {"the first by name", [](PriceRule& r) { r.name = "priceRules/a"; }, "60"},
      {"the second by name", [](PriceRule& r) { r.name = "priceRules/z"; }, "100"},
      {"another product", [](PriceRule& r) { r.product = "products/bell"; }, "100"},
      {"another currency is not converted", [](PriceRule& r) { r.currency = "USD"; }, "100"},
      {"over already", [](PriceRule& r) { r.days.end = Day("2026-06-05"); }, "100"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    PriceRule other = NewRule();
    other.name = "priceRules/z";
    other.floor.reset();
    other.advertised = D("60");
    other.exceptions.clear();
    row.other(other);
    std::vector<PriceRule> rules = {NewRule(), other};
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(RuleFor(Seen("1"), rules, World())->advertised->ToString(), row.least);
      std::swap(rules[0], rules[1]);
    }
  }
  EXPECT_EQ(RuleFor(Seen("1"), {}, World()), nullptr);
}

TEST(BelowPriceTest, BandsOfTheRule) {
  PriceRule rule = NewRule();
  rule.bands = {{2000, Severity::kHigh}, {1000, Severity::kMedium}};
  EXPECT_EQ(SeverityOf(rule, 999), Severity::kLow);
  EXPECT_EQ(SeverityOf(rule, 1000), Severity::kMedium);
  EXPECT_EQ(SeverityOf(rule, 2000), Severity::kHigh);
}

TEST(BelowPriceTest, HoweverOftenItIsSeenItIsOneOffer) {
  PriceObservation withdrawn = Seen("10", "2026-06-05", "o0");
  withdrawn.withdraw_time = absl::FromUnixSeconds(1);
  std::vector<PriceObservation> seen = {Seen("90", "2026-06-05", "o1"), Seen("80", "2026-06-05", "o2"), withdrawn,
                                        Seen("80", "2026-06-05", "o3"), Seen("120", "2026-06-05", "o4")};
  seen[3].time = absl::FromUnixSeconds(1780600000);  // the earlier one of the two
  const auto first = BelowPrice(seen, {NewRule()}, World());
  ASSERT_TRUE(first);
  const std::string offer = "priceOffers/" + OfferOf(seen[0]);
  EXPECT_THAT(first->subjects, ElementsAre("partners/acme", "priceObservations/o3", offer, "priceRules/bike"));
  EXPECT_THAT(first->key, ElementsAre(offer));
  EXPECT_EQ(first->explanation,
            "partners/acme advertised products/bike at 80 CNY on 2026-06-05 in regions/cn-44 "
            "(https://acme.example/bike), 20 CNY (2000 basis points) below the minimum advertised price of 100 CNY of "
            "priceRules/bike (version 3): HIGH. Seen by priceObservations/o3 and 2 more.");
  EXPECT_EQ(first->rule_version, "1.3");
  EXPECT_EQ(first->occurred_on, Day("2026-06-05"));
  ASSERT_EQ(first->parties.size(), 1u);
  EXPECT_THAT(first->parties[0].words, HasSubstr("You advertised products/bike at 80 CNY"));
  std::sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  do {
    EXPECT_EQ(BelowPrice(seen, {NewRule()}, World()), first);
  } while (
      std::next_permutation(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
  EXPECT_EQ(OfferOf(seen[0]), OfferOf(seen[1]));
  PriceObservation next_day = Seen("80", "2026-06-06");
  EXPECT_NE(OfferOf(next_day), OfferOf(seen[0]));
  EXPECT_EQ(MarketOf(next_day), MarketOf(seen[0]));
}

TEST(BelowPriceTest, ASellerThatIsNoPartnerIsNoParty) {
  PriceObservation observation = Seen("80");
  observation.partner.clear();
  observation.seller = "Corner shop";
  const auto found = BelowPrice({observation}, {NewRule()}, World());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->explanation, HasSubstr("'Corner shop' advertised"));
  EXPECT_TRUE(found->parties.empty());
  EXPECT_TRUE(PartiesOf(*found).empty());
}

TEST(PriceRuleTest, WhatContradictsItself) {
  struct Row {
    std::string field;
    std::function<void(PriceRule&)> change;
  };
  const std::vector<Row> rows = {
      {"floor", [](PriceRule& r) { r.floor = r.advertised = std::nullopt; }},
      {"minimum_advertised_price", [](PriceRule& r) { r.advertised = D("79.99"); }},
      {"effective_to", [](PriceRule& r) { r.days.end = r.days.start; }},
      {"exceptions[1].effective_to", [](PriceRule& r) { r.exceptions[1].days.end = Day("2026-11-11"); }},
      {"exceptions[0].price", [](PriceRule& r) { r.exceptions[0].price = D("100"); }},
      {"bands[1].from_basis_points",
       [](PriceRule& r) {
         r.bands = {{500, Severity::kLow}, {500, Severity::kHigh}};
       }},
  };
  EXPECT_OK(Check(NewRule()));
  for (const Row& row : rows) {
    SCOPED_TRACE(row.field);
    PriceRule rule = NewRule();
    row.change(rule);
    const absl::Status status = Check(rule);
    EXPECT_THAT(status, HasReason(Reason::kInvalidField));
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.field));
  }
}

}  // namespace
}  // namespace tributary::conflict
