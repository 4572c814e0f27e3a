#include "inventory-service/stock_findings/stock_finding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1780000000);
const Date kDay = Date::FromYmd(2026, 6, 10).value();

Posting Of(int day, const char* from, const char* to, int64_t quantity, const std::string& cause,
           const char* lot = "") {
  return {.partner = "acme",
          .product = "bike",
          .lot = lot,
          .from = from,
          .to = to,
          .quantity = Decimal::FromInt(quantity),
          .effective_date = kDay.AddDays(day),
          .cause = cause};
}

TEST(StockFinding, HowDeepAndSinceWhen) {
  const struct {
    const char* what;
    std::vector<std::pair<int, int64_t>> changes;
    const char* want;
  } kCases[] = {
      {"nothing", {}, "never"},
      {"enough", {{0, 10}, {1, -10}}, "never"},
      {"never enough", {{0, -3}}, "2026-06-10 3"},
      {"too little for a while", {{0, 5}, {1, -8}, {2, -1}, {3, 10}}, "2026-06-11 4"},
      {"twice, the second time deeper", {{0, -1}, {1, 5}, {2, -9}}, "2026-06-10 5"},
      {"down to nothing", {{0, 2}, {1, -2}, {2, 0}}, "never"},
  };
  for (const auto& c : kCases) {
    std::map<Date, Decimal> days;
    for (const auto& [day, units] : c.changes) days[kDay.AddDays(day)] = Decimal::FromInt(units);
    const auto lowest = LowestOf(days);
    EXPECT_EQ(lowest.has_value() ? StrCat(lowest->first_day.ToString(), " ", lowest->depth.ToString()) : "never",
              c.want)
        << c.what;
  }
}

TEST(StockFinding, WhoTookUnitsAway) {
  Conclusion conclusion{.subject = {.partner = "acme", .product = "bike", .site = "main"}, .first_day = kDay};
  AddTakers(std::vector<Posting>{Of(0, "main", "@customer", 3, "partners/acme/sales/S.2"),
                                 Of(0, "main", "@customer", 4, "partners/acme/sales/S.1"),
                                 Of(0, "@vendor", "main", -1, "partners/acme/shipments/A/lines/1"),
                                 Of(0, "@vendor", "main", 5, "partners/acme/shipments/A/lines/2"),
                                 Of(0, "main", "@customer", 4, "partners/acme/sales/S.3"),
                                 Of(0, "main", "@customer", -4, "partners/acme/sales/S.3.r1"),
                                 Of(0, "main/demo", "@customer", 4, "partners/acme/sales/S.4")},
            &conclusion);
  EXPECT_EQ(conclusion.facts, 3);
  EXPECT_EQ(conclusion.evidence, (std::vector<std::string>{"partners/acme/sales/S.1", "partners/acme/sales/S.2",
                                                           "partners/acme/shipments/A/lines/1"}));
}

TEST(StockFinding, WhenACountIsOff) {
  const FindingSubject subject{.rule = StockRule::kCountOff, .partner = "acme", .product = "bike", .site = "main"};
  const auto approved = [](const char* from, const char* to, int64_t units, const char* count) {
    Posting posting = Of(0, from, to, units, StrCat("partners/acme/counts/", count));
    posting.n = 0;
    return posting;
  };
  const auto later = [&](const char* from, const char* to, int64_t units, const char* count) {
    Posting posting = approved(from, to, units, count);
    posting.because = "partners/acme/sales/S.1";
    return posting;
  };
  const struct {
    const char* what;
    std::vector<Posting> postings;
    const char* want;  // how far, by which counts
  } kCases[] = {
      {"nothing told later", {approved("main", "@adjustment", 50, "C1")}, "never"},
      {"later, within the tolerance", {later("@adjustment", "main", 5, "C1")}, "never"},
      {"later, over it", {later("@adjustment", "main", 6, "C1")}, "6 C1"},
      {"later, and back to within",
       {approved("main", "@adjustment", 50, "C1"), later("@adjustment", "main", 48, "C1")},
       "never"},
      {"later, and still over",
       {approved("main", "@adjustment", 350, "C1"), later("@adjustment", "main", 300, "C1")},
       "50 C1"},
      {"later, and reversed",
       {approved("main", "@adjustment", 50, "C1"), later("@adjustment", "main", 7, "C1"),
        later("@adjustment", "main", -7, "C1")},
       "never"},
      {"two counts, one of them over",
       {later("main", "@adjustment", 9, "C1"), later("@adjustment", "main", 2, "C2")},
       "9 C1"},
      {"another site", {later("@adjustment", "north", 9, "C1")}, "never"},
      {"no count", {Of(0, "main", "@adjustment", 9, "partners/acme/movements/M.1")}, "never"},
  };
  for (const auto& c : kCases) {
    const auto conclusion = CountOff(subject, Decimal::FromInt(5), c.postings);
    std::string got = "never";
    if (conclusion.has_value()) {
      got = conclusion->quantity.ToString();
      for (const std::string& name : conclusion->evidence) StrAppend(&got, " ", name.substr(name.rfind('/') + 1));
    }
    EXPECT_EQ(got, c.want) << c.what;
  }
}

TEST(StockFinding, WhatMayHappenToAnExpiredLot) {
  const FindingSubject subject{.rule = StockRule::kExpiredLot, .partner = "acme", .product = "bike", .lot = "L1"};
  const struct {
    const char* what;
    Posting posting;
    bool breaks;
  } kCases[] = {
      {"sold on its last day", Of(0, "main", "@customer", 1, "x", "L1"), false},
      {"sold after it", Of(1, "main", "@customer", 1, "x", "L1"), true},
      {"sold after it, of another lot", Of(1, "main", "@customer", 1, "x", "L2"), false},
      {"brought back by a customer", Of(1, "main", "@customer", -1, "x", "L1"), false},
      {"shipped", Of(1, "@vendor", "main", 1, "x", "L1"), true},
      {"sent back", Of(1, "@vendor", "main", -1, "x", "L1"), false},
      {"scrapped", Of(1, "main", "@scrap", 1, "x", "L1"), false},
      {"found", Of(1, "@adjustment", "main", 1, "x", "L1"), false},
      {"put aside", Of(1, "main", "main/quarantine", 1, "x", "L1"), false},
      {"put aside elsewhere", Of(1, "main", "north/quarantine", 1, "x", "L1"), false},
      {"received", Of(1, "main/in_transit", "main", 1, "x", "L1"), false},
      {"handed over", Of(1, "main", "@transfer", 1, "x", "L1"), true},
      {"taken over", Of(1, "@transfer", "main", 1, "x", "L1"), true},
      {"moved to another site", Of(1, "main", "north", 1, "x", "L1"), true},
  };
  for (const auto& c : kCases) {
    const auto conclusion = ExpiredLot(subject, kDay, std::vector<Posting>{c.posting});
    EXPECT_EQ(conclusion.has_value(), c.breaks) << c.what;
    if (conclusion.has_value()) {
      EXPECT_EQ(conclusion->quantity.ToString(), "1") << c.what;
      EXPECT_EQ(conclusion->first_day, kDay.AddDays(1)) << c.what;
    }
  }
}

TEST(StockFinding, NothingMovesAtAClosedSite) {
  const FindingSubject subject{.rule = StockRule::kClosedSite, .partner = "acme", .product = "bike", .site = "north"};
  const std::vector<Posting> postings = {Of(-1, "@vendor", "north", 9, "partners/acme/shipments/A/lines/1"),
                                         Of(0, "north/demo", "@customer", 2, "partners/acme/sales/S.1"),
                                         Of(1, "north/reserved", "north", 6, "partners/acme/reservations/r"),
                                         Of(3, "north", "@customer", 4, "partners/acme/sales/S.2"),
                                         Of(3, "north", "@customer", -4, "partners/acme/sales/S.2.r1"),
                                         Of(5, "main", "@customer", 7, "partners/acme/sales/S.3")};
  const auto conclusion = ClosedSite(subject, kDay, postings);
  ASSERT_TRUE(conclusion.has_value());
  EXPECT_EQ(conclusion->first_day, kDay);
  EXPECT_EQ(conclusion->quantity.ToString(), "2");
  EXPECT_EQ(conclusion->evidence, std::vector<std::string>{"partners/acme/sales/S.1"});
  EXPECT_FALSE(ClosedSite(subject, kDay.AddDays(1), postings).has_value());
}

TEST(StockFinding, FromWhatIsStoredToWhatTheFactsShow) {
  const Conclusion one{.subject = {.partner = "acme", .product = "bike", .site = "main"},
                       .first_day = kDay,
                       .quantity = Decimal::FromInt(3)};
  Conclusion deeper = one;
  deeper.quantity = Decimal::FromInt(4);
  const auto opened = Reconcile({}, {one}, kNow);
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0].verb, "opened");
  EXPECT_EQ(opened[0].finding.version, 1);
  EXPECT_TRUE(Reconcile({opened[0].finding}, {one}, kNow).empty());
  const auto changed = Reconcile({opened[0].finding}, {deeper}, kNow);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].verb, "changed");
  EXPECT_EQ(changed[0].finding.conclusion, deeper);
  const auto withdrawn = Reconcile({changed[0].finding}, {}, kNow);
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0].verb, "withdrawn");
  EXPECT_EQ(withdrawn[0].finding.conclusion, deeper);
  EXPECT_TRUE(Reconcile({withdrawn[0].finding}, {}, kNow).empty());
  const auto again = Reconcile({withdrawn[0].finding}, {one}, kNow);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].verb, "reopened");
  EXPECT_EQ(again[0].finding.version, 4);
  EXPECT_EQ(again[0].finding.conclusion, one);
}

TEST(StockFinding, WhatATerritoryDoesNotCover) {
  const auto taken_over = [](const char* product, const char* line, const char* site, int day, int64_t units,
                             int number) {
    StockMovement movement;
    movement.document = "T";
    movement.line = number;
    movement.partner = "acme";
    movement.to_partner = "bolt";
    movement.product = product;
    movement.product_line = line;
    movement.from = "main";
    movement.to = site;
    movement.quantity = Decimal::FromInt(units);
    movement.effective_date = kDay.AddDays(day);
    return movement;
  };
  const std::map<std::string, ShipTo> places = {{"main", {"main", "chengdu", {"chengdu", "cn-51", "cn"}}},
                                                {"east", {"east", "sh", {"sh", "cn"}}},
                                                {"somewhere", {"somewhere", "", {}}}};
  const TerritoryGrant west{.partner = "bolt",
                            .id = "west",
                            .regions = {"cn-51"},
                            .product_lines = {"bikes"},
                            .effective = {kDay, kDay.AddDays(10)}};
  TerritoryGrant revoked = west;
  revoked.active = false;
  const struct {
    const char* what;
    std::vector<StockMovement> received;
    std::vector<TerritoryGrant> grants;
    std::vector<std::string> want;
  } kCases[] = {
      {"nothing", {}, {}, {}},
      {"covered, also on a bucket of the site",
       {taken_over("bike", "bikes", "main", 0, 5, 1), taken_over("bike", "bikes", "main/in_transit", 9, 5, 2)},
       {west},
       {}},
      {"before and after",  // the first day no longer is not covered
       {taken_over("bike", "bikes", "main", 10, 5, 1), taken_over("bike", "bikes", "main", -1, 2, 2)},
       {west},
       {"main bike 7 since 2026-06-09 by 2"}},
      {"of another line, and of none",
       {taken_over("helmet", "helmets", "main", 1, 3, 1), taken_over("pump", "", "main", 1, 1, 2)},
       {west},
       {"main helmet 3 since 2026-06-11 by 1", "main pump 1 since 2026-06-11 by 1"}},
      {"elsewhere", {taken_over("bike", "bikes", "east", 1, 3, 1)}, {west}, {"east bike 3 since 2026-06-11 by 1"}},
      {"where nobody says where it is, nothing is judged",
       {taken_over("bike", "bikes", "somewhere", 1, 3, 1), taken_over("bike", "bikes", "unheard-of", 1, 3, 2)},
       {west},
       {}},
      {"no grant", {taken_over("bike", "bikes", "main", 1, 3, 1)}, {}, {"main bike 3 since 2026-06-11 by 1"}},
      {"a grant taken back",
       {taken_over("bike", "bikes", "main", 1, 3, 1)},
       {revoked},
       {"main bike 3 since 2026-06-11 by 1"}},
      {"one of two grants", {taken_over("bike", "bikes", "main", 1, 3, 1)}, {revoked, west}, {}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> got;
    for (const Conclusion& one : OutsideTerritory(c.received, places, c.grants)) {
      EXPECT_EQ(one.subject.partner, "bolt");
      EXPECT_FALSE(one.limit_day.has_value());
      got.push_back(StrCat(one.subject.site, " ", one.subject.product, " ", one.quantity.ToString(), " since ",
                           one.first_day.ToString(), " by ", one.facts));
    }
    EXPECT_EQ(got, c.want) << c.what;
  }
}

TEST(StockFinding, OneFindingAPartnerForAUnit) {
  SerialUnit unit{.product = "bike", .serial = "S1"};
  const SerialMove sold{.partner = "acme", .cause = "partners/acme/sales/S.1"};
  const SerialMove again{.partner = "bolt", .date = kDay, .cause = "partners/bolt/sales/S.1"};
  const SerialMove direct{.partner = "", .date = kDay, .cause = "directSales/D/lines/1"};
  unit.contradictions = {{sold, again}, {again, direct}};
  const auto conclusions = SerialElsewhere(unit);
  ASSERT_EQ(conclusions.size(), 1u);
  EXPECT_EQ(conclusions[0].subject.partner, "bolt");
  EXPECT_EQ(conclusions[0].facts, 2);
  EXPECT_EQ(conclusions[0].evidence,
            (std::vector<std::string>{"directSales/D/lines/1", "partners/acme/sales/S.1", "partners/bolt/sales/S.1"}));
}

}  // namespace
}  // namespace tributary::inventory
