// DIVERSION on a real database: findings and cases are a function of what was told, in whatever order and however
// often.

#include <algorithm>
#include <random>
#include <tuple>

#include "conflict-service/detection/testing_diversion.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(DiversionStoreTest, KitsAreTakenApartBeforeABalanceIsStruck) {
  const BalanceKey all{.product = "products/x", .lot = {}, .period = kJune.period};
  const auto told = [](const char* partner, const char* product, int sell_in, int sold, int closing) {
    return ReconciledGap{.name = StrCat("partners/", partner, "/reconciliations/", product),
                         .partner = StrCat("partners/", partner),
                         .product = StrCat("products/", product),
                         .from = kJune.period.start,
                         .to = kJune.period.end.AddDays(-1),
                         .opening_reported = Decimal(),
                         .reported = Decimal::FromInt(closing),
                         .sell_in = Decimal::FromInt(sell_in),
                         .sell_through = Decimal::FromInt(sold)};
  };
  const auto flows = [&] {
    std::vector<std::string> shown;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const JudgedBalance judged, diversions_.Look(sql, all));
      if (judged.balance.unknown) shown.emplace_back("UNKNOWN");
      for (const JudgedFlow& one : judged.flows) {
        shown.push_back(StrCat(one.flow.from, " ", one.flow.to, " ", one.flow.least.ToString()));
      }
      return absl::OkStatus();
    }));
    return shown;
  };
  const KitFact kit{.product = "products/set",
                    .components = {{.kit = "products/set",
                                    .component = "products/x",
                                    .quantity = Decimal::FromInt(2),
                                    .effective = {*Date::Parse("2026-01-01"), OpenEnd()}}}};
  Do(Told({.gaps = {told("a1", "x", 100, 0, 60), told("b", "x", 0, 0, 40)}}));
  Do(Run(all));
  EXPECT_THAT(flows(), ElementsAre("partners/a1 partners/b 40"));
  Do(Told({.gaps = {told("a1", "set", 0, 20, 0)}}));
  EXPECT_THAT(flows(), ElementsAre("partners/a1 partners/b 40")) << "nobody told what is in a set";
  Do(Told({.kits = {kit}}));
  EXPECT_THAT(flows(), IsEmpty()) << "40 of a1's were in 20 sets";
  Do(Told({.kits = {{.product = "products/set", .components = {}}}}));
  EXPECT_THAT(flows(), ElementsAre("partners/a1 partners/b 40"));
}

// inventory-service moves what a kit holds in its place, and reconciles no kit.
TEST_F(DiversionStoreTest, WhatWasSoldInKitsIsInTheReconciliationsOfWhatTheyHold) {
  const BalanceKey all{.product = "products/x", .lot = {}, .period = kJune.period};
  const auto told = [](const char* partner, int sell_in, int sold, int closing) {
    return ReconciledGap{.name = StrCat("partners/", partner, "/reconciliations/x"),
                         .partner = StrCat("partners/", partner),
                         .product = "products/x",
                         .from = kJune.period.start,
                         .to = kJune.period.end.AddDays(-1),
                         .opening_reported = Decimal(),
                         .reported = Decimal::FromInt(closing),
                         .sell_in = Decimal::FromInt(sell_in),
                         .sell_through = Decimal::FromInt(sold)};
  };
  const auto look = [&] {
    JudgedBalance judged;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(judged, diversions_.Look(sql, all));
      return absl::OkStatus();
    }));
    return judged;
  };
  const auto sold_sets = [](const char* partner) {
    const std::string name = StrCat("partners/", partner, "/sales/D.1");
    const Sale sale{.name = name, .partner = StrCat("partners/", partner), .date = Day("2026-06-15")};
    return FactBatch{.sales = {sale},
                     .sold = {{.sale = name,
                               .partner = sale.partner,
                               .product = "products/set",
                               .date = sale.date,
                               .quantity = Decimal::FromInt(20)}}};
  };
  Do(Told({.kits = {{.product = "products/set",
                     .components = {{.kit = "products/set",
                                     .component = "products/x",
                                     .quantity = Decimal::FromInt(2),
                                     .effective = {*Date::Parse("2026-01-01"), OpenEnd()}}}}}}));
  Do(Told({.gaps = {told("a1", 100, 40, 20), told("b", 0, 0, 40)}}));
  Do(Told(sold_sets("a1")));
  const JudgedBalance judged = look();
  EXPECT_FALSE(judged.balance.unknown);
  ASSERT_THAT(judged.flows, SizeIs(1));
  EXPECT_EQ(judged.flows[0].flow.least, Decimal::FromInt(40)) << "the 40 in 20 sets are told as sold, once";
  Do(Told(sold_sets("c")));
  EXPECT_TRUE(look().balance.unknown) << "c sold of it in sets and is not reconciled for it";
}

TEST_F(DiversionStoreTest, ABalanceIsStruckOnceTwoPartnersAreReconciled) {
  const auto kept = [&] {
    std::vector<BalanceKey> keys;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(keys, MassBalanceStore().Asked(sql));
      return absl::OkStatus();
    }));
    return keys;
  };
  Do(Reconciled("a1", 20, 100, 59, 21));
  Do(Reconciled("a1", 20, 100, 59, 21, 2));
  EXPECT_THAT(kept(), IsEmpty()) << "by one alone nothing goes anywhere";
  Do(Reconciled("b", 5, 60, 98, 12));
  Do(Reconciled("b", 5, 60, 98, 12));
  EXPECT_THAT(kept(), ElementsAre(kJune)) << "once, however often it is told";
  // Nobody has asked, and it convicts with the units that are seen.
  const std::vector<Step> facts = {Reconciled("a1", 20, 100, 59, 21),
                                   Reconciled("b", 5, 60, 98, 12),
                                   Granted("a1", "cn-51"),
                                   Granted("b", "cn-44"),
                                   Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}),
                                   Scanned("e1", "s1"),
                                   Scanned("e2", "s2"),
                                   Scanned("e3", "s3")};
  ExpectTheSameInEveryOrder(facts);
  EXPECT_THAT(Open(), SizeIs(3));
}

TEST_F(DiversionStoreTest, UnitsOfNoLotAreBalancedWithAllLots) {
  const auto told = [](const char* partner) {
    return ReconciledGap{.name = StrCat("partners/", partner, "/reconciliations/x."),
                         .partner = StrCat("partners/", partner),
                         .product = "products/x",
                         .lot = "",
                         .from = kJune.period.start,
                         .to = kJune.period.end.AddDays(-1)};
  };
  Do(Told({.gaps = {told("a1"), told("b")}}));
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<BalanceKey> kept, MassBalanceStore().Asked(sql));
    EXPECT_THAT(kept, ElementsAre(BalanceKey{.product = "products/x", .lot = {}, .period = kJune.period}));
    return absl::OkStatus();
  }));
}

TEST_F(DiversionStoreTest, EveryOrderGivesTheSameCase) {
  std::vector<Step> facts = {Reconciled("a1", 20, 100, 59, 21),
                             Reconciled("a2", 10, 50, 32, 18),
                             Reconciled("b", 5, 60, 98, 12),
                             Granted("a1", "cn-51"),
                             Granted("a2", "cn-50"),
                             Granted("b", "cn-44"),
                             Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}),
                             Run(),
                             Scanned("e1", "s1"),
                             Scanned("e2", "s2"),
                             Scanned("e3", "s1", "2026-06-21")};
  for (const Step& fact : facts) Do(fact);
  EXPECT_THAT(Open(), IsEmpty()) << "one stray scan convicts nobody";
  JudgedBalance judged = Look();
  ASSERT_THAT(judged.flows, SizeIs(2));
  EXPECT_THAT(judged.flows[0].outside.serials, ElementsAre("s1", "s2"));
  EXPECT_EQ(OddsOf(judged.flows[0].flow, 2, judged.policy).more_needed, 1);

  facts.push_back(Scanned("e4", "s3"));
  Do(facts.back());
  const std::vector<std::string> expected = Open();
  ASSERT_THAT(expected, SizeIs(3));
  EXPECT_THAT(expected[1], ::testing::HasSubstr("partners/a1 40 regions/cn-44"));
  EXPECT_THAT(expected[2], ::testing::HasSubstr("partners/b -45 regions/cn-44"));

  std::mt19937 random(1960);
  for (int round = 0; round < 25; ++round) {
    std::vector<Step> told = facts;
    if (round % 2 == 0) told.insert(told.end(), facts.begin(), facts.end());
    if (round == 0) {
      std::reverse(told.begin(), told.end());
    } else {
      std::shuffle(told.begin(), told.end(), random);
    }
    Forget();
    for (const Step& fact : told) Do(fact);
    ASSERT_EQ(Open(), expected) << "round " << round;
  }
}

TEST_F(DiversionStoreTest, TwoBalancesOfTheSameGoodsMakeOneCase) {
  BalanceKey half = kJune;
  half.period.start = Day("2026-06-15");
  std::vector<ReconciledGap> of_half;
  for (const auto& [partner, opening, closing] : {std::tuple("a1", 61, 21), std::tuple("b", 5, 50)}) {
    of_half.push_back({.name = StrCat("partners/", partner, "/reconciliations/2026-06-15.2026-06-30.x.L9"),
                       .partner = StrCat("partners/", partner),
                       .product = "products/x",
                       .lot = "L9",
                       .from = Day("2026-06-15"),
                       .to = Day("2026-06-30"),
                       .revision = 1,
                       .opening_reported = Decimal::FromInt(opening),
                       .reported = Decimal::FromInt(closing)});
  }
  const std::vector<Step> facts = {Reconciled("a1", 20, 100, 59, 21),
                                   Reconciled("b", 5, 60, 98, 12),
                                   Told({.gaps = of_half}),
                                   Granted("a1", "cn-51"),
                                   Granted("b", "cn-44"),
                                   Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}),
                                   Run(),
                                   Run(half),
                                   Scanned("e1", "s1"),
                                   Scanned("e2", "s2"),
                                   Scanned("e3", "s3")};
  for (const Step& fact : facts) Do(fact);
  const std::vector<std::string> expected = Open();
  ASSERT_THAT(expected, SizeIs(3)) << "one case and its two parties";
  EXPECT_THAT(expected[0], ::testing::HasSubstr(" too."));
  std::mt19937 random(7);
  for (int round = 0; round < 15; ++round) {
    std::vector<Step> told = facts;
    std::shuffle(told.begin(), told.end(), random);
    Forget();
    for (const Step& fact : told) Do(fact);
    ASSERT_EQ(Open(), expected) << "round " << round;
  }
  EXPECT_THAT(expected[0], ::testing::StartsWith(CaseOf(kJune)));
  // What one of them shows no longer is still shown by the other, since its first day.
  Do(Reconciled("a1", 20, 100, 99, 21, 2));
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], ::testing::StartsWith(CaseOf(half)));
  Do(Reconciled("a1", 20, 100, 59, 21, 3));
  EXPECT_EQ(Open(), expected);
}

TEST_F(DiversionStoreTest, JuneAndJulyMakeTwoCasesUntilABalanceJoinsThem) {
  BalanceKey july = kJune, between = kJune;
  july.period = {Day("2026-07-01"), Day("2026-08-01")};
  between.period = {Day("2026-06-15"), Day("2026-07-15")};
  std::vector<Step> facts = {Reconciled("a1", 20, 100, 59, 21),
                             Reconciled("b", 5, 60, 98, 12),
                             Reconciled("a1", 21, 0, 0, 1, 1, july),
                             Reconciled("b", 12, 0, 0, 32, 1, july),
                             Granted("a1", "cn-51"),
                             Granted("b", "cn-44"),
                             Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}),
                             Run(),
                             Run(july),
                             Scanned("e1", "s1"),
                             Scanned("e2", "s2"),
                             Scanned("e3", "s3"),
                             Scanned("e4", "s1", "2026-07-20"),
                             Scanned("e5", "s2", "2026-07-20"),
                             Scanned("e6", "s3", "2026-07-20")};
  for (const Step& fact : facts) Do(fact);
  const std::vector<std::string> two = Open();
  ASSERT_THAT(two, SizeIs(6)) << "two cases and the two parties of each";
  Forget();
  for (auto fact = facts.rbegin(); fact != facts.rend(); ++fact) Do(*fact);
  EXPECT_EQ(Open(), two);
  // What explains June leaves July.
  Do(Reconciled("a1", 20, 100, 99, 21, 2));
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], ::testing::StartsWith(CaseOf(july)));
  Do(Reconciled("a1", 20, 100, 59, 21, 3));
  EXPECT_EQ(Open(), two);

  facts.insert(facts.end(),
               {Reconciled("a1", 61, 0, 0, 21, 1, between), Reconciled("b", 5, 0, 0, 50, 1, between), Run(between)});
  for (const Step& fact : facts) Do(fact);
  const std::vector<std::string> one = Open();
  ASSERT_THAT(one, SizeIs(3));
  EXPECT_THAT(one[0], ::testing::StartsWith(CaseOf(kJune)));
  std::mt19937 random(18);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(facts.begin(), facts.end(), random);
    Forget();
    for (const Step& fact : facts) Do(fact);
    ASSERT_EQ(Open(), one) << "round " << round;
  }
}

TEST_F(DiversionStoreTest, IsWithdrawnWhenAFactExplainsIt) {
  for (const Step& fact : {Reconciled("a1", 20, 100, 59, 21), Reconciled("b", 5, 60, 98, 12), Granted("a1", "cn-51"),
                           Granted("b", "cn-44"), Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}), Run(),
                           Scanned("e1", "s1"), Scanned("e2", "s2"), Scanned("e3", "s3")}) {
    Do(fact);
  }
  ASSERT_THAT(Open(), SizeIs(3));
  // The partner reports late that it had sold the units.
  Do(Reconciled("a1", 20, 100, 99, 21, 2));
  EXPECT_THAT(Open(), IsEmpty());
  Do(Reconciled("a1", 20, 100, 59, 21, 3));
  EXPECT_THAT(Open(), SizeIs(3));
  // It does not report at all.
  Do(Reconciled("b", 5, 60, 98, std::nullopt, 2));
  EXPECT_TRUE(Look().balance.unknown);
  EXPECT_THAT(Open(), IsEmpty());
  Do(Reconciled("b", 5, 60, 98, 12, 3));
  EXPECT_THAT(Open(), SizeIs(3));
  // The units were shipped to somebody else.
  ShippedUnits reversal = Shipment("a1", "S1.r1", {});
  reversal.reverses = Shipment("a1", "S1", {}).line;
  Do(Told({.shipped = {reversal}}));
  EXPECT_THAT(Open(), IsEmpty());
  // A grant that takes the region in makes what was outside inside.
  Do(Told({.shipped = {Shipment("a1", "S2", {"s1", "s2", "s3"})}}));
  EXPECT_THAT(Open(), SizeIs(3));
  Do(Granted("a1", "cn-44"));
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(DiversionStoreTest, WhoSoldAndWasNotReconciledMakesItUnknown) {
  const auto sold = [](const std::string& name, const std::string& reverses = "") {
    Sale sale;
    sale.name = StrCat("partners/c/sales/", name);
    sale.partner = "partners/c";
    sale.date = Day("2026-06-15");
    sale.region = "regions/cn-44";
    sale.is_return = !reverses.empty();
    sale.reverses = reverses;
    FactBatch facts;
    facts.sales.push_back(sale);
    facts.sold.push_back({.sale = sale.name,
                          .partner = sale.partner,
                          .product = "products/x",
                          .date = sale.date,
                          .quantity = Decimal::FromInt(reverses.empty() ? 4 : -4),
                          .original = {}});
    return facts;
  };
  for (const Step& fact :
       {Reconciled("a1", 20, 100, 59, 21), Reconciled("b", 5, 60, 98, 12), Granted("a1", "cn-51"),
        Granted("b", "cn-44"), Granted("c", "cn-44"), Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"})}}),
        Run(), Scanned("e1", "s1"), Scanned("e2", "s2"), Scanned("e3", "s3")}) {
    Do(fact);
  }
  ASSERT_THAT(Open(), SizeIs(3));
  Do(Told(sold("I.1")));
  EXPECT_TRUE(Look().balance.unknown);
  EXPECT_THAT(Open(), IsEmpty());
  Do(Told(sold("I.1.r1", "partners/c/sales/I.1")));
  EXPECT_THAT(Open(), SizeIs(3)) << "it sold nothing after all";
  Do(Told({.shipped = {Shipment("c", "S2", {"s9"})}}));
  EXPECT_TRUE(Look().balance.unknown);
  Do(Reconciled("c", 0, 1, 0, 1));
  EXPECT_THAT(Open(), SizeIs(3));
}

TEST_F(DiversionStoreTest, AUnitIsItsLastReceivers) {
  for (const Step& fact : {Reconciled("a1", 20, 100, 59, 21), Reconciled("b", 5, 60, 98, 12), Granted("a1", "cn-51"),
                           Granted("b", "cn-44"), Run()}) {
    Do(fact);
  }
  ShippedUnits back = Shipment("a1", "R", {"s2"}, "2026-06-10");
  back.is_return = true;
  Do(Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3"}), back, Shipment("b", "S2", {"s2"}, "2026-06-10"),
                       Shipment("b", "S3", {"s3"}, "2026-06-22")}}));
  Do(Scanned("e1", "s1"));
  Do(Scanned("e2", "s2"));
  Do(Scanned("e3", "s3"));
  Do(Scanned("e4", "s3", "2026-06-23"));
  Do(Scanned("e5", "unknown"));
  Do(Scanned("e6", "s1", "2026-07-01"));  // after the period
  const JudgedBalance judged = Look();
  ASSERT_THAT(judged.flows, SizeIs(1));
  EXPECT_THAT(judged.flows[0].outside.serials, ElementsAre("s1", "s3"));
}

TEST_F(DiversionStoreTest, AKnownScanWithOtherContentIsRefusedWhole) {
  Do(Scanned("e1", "s1"));
  const Scan other{.name = "scanEvents/e1",
                   .product = "products/x",
                   .serial = "s2",
                   .region = "regions/cn-44",
                   .date = Day("2026-06-20")};
  Scan fresh = other;
  fresh.name = "scanEvents/e2";
  EXPECT_THAT(database_->Transact({},
                                  [&](mysql::Transaction& sql) {
                                    return TakeScans(sql, {fresh, other}).status();
                                  }),
              HasReason(Reason::kRowConflict));
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT name FROM scan_event"));
    EXPECT_EQ(rows.size(), 1u);
    return absl::OkStatus();
  }));
}

TEST_F(DiversionStoreTest, PoliciesComeInVersions) {
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    const DiversionPolicyStore policies;
    ASSIGN_OR_RETURN(const DiversionPolicy built_in, policies.Current(sql));
    EXPECT_EQ(built_in.version, 0);
    DiversionPolicy next = built_in;
    next.version = 1;
    next.update_time = kNow;
    next.least_units = *Decimal::Parse("2.5");
    RETURN_IF_ERROR(policies.Add(sql, next));
    ASSIGN_OR_RETURN(const DiversionPolicy current, policies.Current(sql));
    EXPECT_EQ(current.version, 1);
    EXPECT_EQ(current.least_units, next.least_units);
    ASSIGN_OR_RETURN(const auto all, policies.Versions(sql, 100, 10));
    EXPECT_EQ(all.size(), 2u);
    ASSIGN_OR_RETURN(const auto older, policies.Versions(sql, 1, 10));
    EXPECT_EQ(older.size(), 1u);
    ASSIGN_OR_RETURN(const auto none, policies.Versions(sql, 0, 10));
    EXPECT_TRUE(none.empty());
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::conflict
