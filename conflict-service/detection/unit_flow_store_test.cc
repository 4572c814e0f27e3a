// DIVERSION by units alone, on a real database: where a report is missing and where nobody asked for a balance, by
// scans, sales, transfers, boxes and pallets, in whatever order and however often they are told.

#include "conflict-service/detection/testing_diversion.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

using Action = PackingEvent::Action;

const BalanceKey kMonth = MonthOf("products/x", Day("2026-06-20"));

Packed OneUnit(const std::string& serial) { return {"products/x", serial}; }
Packed OneBox(const std::string& code) { return {"", code}; }

class UnitFlowStoreTest : public DiversionStoreTest {
 protected:
  // Two territories, and six units of a1's.
  std::vector<Step> Known() {
    return {Granted("a1", "cn-51"), Granted("b", "cn-44"),
            Told({.shipped = {Shipment("a1", "S1", {"s1", "s2", "s3", "s4", "s5", "s6"})}})};
  }
  // The case of what a1's units show in b's territory, by that balance or month.
  static std::string CaseIn(const BalanceKey& key) {
    return FindingId(FindingKind::kDiversion, FlowKey(key, "partners/a1", "regions/cn-44"));
  }
};

TEST_F(UnitFlowStoreTest, FiveUnitsConvictWhereAReportIsMissing) {
  std::vector<Step> facts = Known();
  facts.insert(facts.end(),
               {Reconciled("a1", 20, 100, 59, 21), Reconciled("b", 5, 60, 98, std::nullopt), Run(), Scanned("e1", "s1"),
                Scanned("e2", "s2"), Scanned("e3", "s3"), Scanned("e4", "s4"), Scanned("e5", "s1", "2026-06-21")});
  for (const Step& fact : facts) Do(fact);
  EXPECT_THAT(Open(), IsEmpty());
  const JudgedBalance judged = Look();
  EXPECT_TRUE(judged.balance.unknown);
  EXPECT_THAT(judged.flows, IsEmpty());
  ASSERT_THAT(judged.unit_flows, SizeIs(1));
  EXPECT_EQ(judged.unit_flows[0].from, "partners/a1");
  EXPECT_EQ(judged.unit_flows[0].territory, "regions/cn-44");
  EXPECT_EQ(judged.unit_flows[0].holder(), "partners/b");
  EXPECT_THAT(judged.unit_flows[0].outside.serials, ElementsAre("s1", "s2", "s3", "s4"));
  EXPECT_EQ(OddsOf(4, judged.policy).more_needed, 1);

  facts.push_back(Scanned("e6", "s5"));
  Do(facts.back());
  const std::vector<std::string> open = Open();
  ASSERT_THAT(open, SizeIs(3)) << "one case and its two parties";
  EXPECT_THAT(open[0], StartsWith(CaseIn(kJune)));
  EXPECT_THAT(open[0], HasSubstr("balance UNKNOWN; 5 of its units"));
  EXPECT_EQ(open[1], "partners/a1 5 regions/cn-44");
  EXPECT_EQ(open[2], "partners/b 0 regions/cn-44");
  ExpectTheSameInEveryOrder(facts);

  // The report comes: what the balance shows is told by it, and the units with it.
  Do(Reconciled("b", 5, 60, 98, 12, 2));
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], StartsWith(CaseOf(kJune)));
  Do(Reconciled("b", 5, 60, 98, std::nullopt, 3));
  EXPECT_EQ(Open(), open);
}

TEST_F(UnitFlowStoreTest, NobodyHasToAskForABalance) {
  std::vector<Step> facts = Known();
  for (const char* serial : {"s1", "s2", "s3", "s4", "s5"}) facts.push_back(Scanned(StrCat("e-", serial), serial));
  for (const Step& fact : facts) Do(fact);
  const std::vector<std::string> open = Open();
  ASSERT_THAT(open, SizeIs(3));
  EXPECT_THAT(open[0], StartsWith(CaseIn(kMonth)));
  ExpectTheSameInEveryOrder(facts);
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const KeptBalance kept, MassBalanceStore().Get(sql, kMonth.id()));
    EXPECT_FALSE(kept.asked);
    ASSIGN_OR_RETURN(const JudgedBalance judged, diversions_.Look(sql, kept.key, kept.asked));
    EXPECT_THAT(judged.unit_flows, SizeIs(1));
    ASSIGN_OR_RETURN(const auto asked, MassBalanceStore().Asked(sql));
    EXPECT_TRUE(asked.empty());
    return absl::OkStatus();
  }));

  // Where a1 may sell nothing is outside, and where nobody is at home it is nobody's territory.
  Do(Granted("a1", "cn-44"));
  EXPECT_THAT(Open(), IsEmpty());
  Do(Granted("a1", "cn-51"));
  EXPECT_EQ(Open(), open);
  Do(Granted("b", "cn-31"));
  EXPECT_THAT(Open(), IsEmpty());
  Do(Granted("b", "cn-44"));
  EXPECT_EQ(Open(), open);
  // A flow of a balance that is asked for tells of the units in its stead.
  for (const Step& fact : {Reconciled("a1", 20, 100, 59, 21), Reconciled("b", 5, 60, 98, 12), Run()}) Do(fact);
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], StartsWith(CaseOf(kJune)));
}

TEST_F(UnitFlowStoreTest, AUnitCountsInTheMonthInWhichItIsSeenFirst) {
  std::vector<Step> facts = Known();
  for (const char* serial : {"s1", "s2", "s3"}) {
    facts.push_back(Scanned(StrCat("june-", serial), serial));
    facts.push_back(Scanned(StrCat("july-", serial), serial, "2026-07-20"));
  }
  facts.push_back(Scanned("july-s4", "s4", "2026-07-20"));
  facts.push_back(Scanned("july-s5", "s5", "2026-07-20"));
  for (const Step& fact : facts) Do(fact);
  EXPECT_THAT(Open(), IsEmpty());
  // Both months together show five.
  BalanceKey both = kJune;
  both.period.end = Day("2026-08-01");
  facts.push_back(Run(both));
  Do(facts.back());
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], StartsWith(CaseIn(both)));
  ExpectTheSameInEveryOrder(facts);
}

TEST_F(UnitFlowStoreTest, SalesShowUnitsTooAndEachCountsOnce) {
  std::vector<Step> facts = Known();
  facts.insert(facts.end(), {Sold("b", "I.1", {"s1", "s2", "s3"}, "cn-44"), Scanned("e1", "s1"), Scanned("e2", "s4")});
  for (const Step& fact : facts) Do(fact);
  EXPECT_THAT(Open(), IsEmpty()) << "four units";
  facts.push_back(Scanned("e3", "s5"));
  Do(facts.back());
  ASSERT_THAT(Open(), SizeIs(3));
  EXPECT_THAT(Open()[0], HasSubstr("(s1, s2, s3, s4, s5 in regions/cn-44)"));
  ExpectTheSameInEveryOrder(facts);
  // What was not sold was not seen.
  facts.push_back(Sold("b", "I.1.r1", {}, "cn-44", "I.1"));
  Do(facts.back());
  EXPECT_THAT(Open(), IsEmpty());
  ExpectTheSameInEveryOrder(facts);
}

TEST_F(UnitFlowStoreTest, WhoTookUnitsOverHoldsThem) {
  std::vector<Step> facts = Known();
  for (const char* serial : {"s1", "s2", "s3", "s4", "s5"}) facts.push_back(Scanned(StrCat("e-", serial), serial));
  for (const Step& fact : facts) Do(fact);
  ASSERT_THAT(Open(), SizeIs(3));
  facts.push_back(TakenOver("a1", "b", {"s1"}));
  Do(facts.back());
  EXPECT_THAT(Open(), IsEmpty());
  ExpectTheSameInEveryOrder(facts);
  facts.push_back(TakenOver("a1", "b", {"s1"}, ".r1"));
  Do(facts.back());
  EXPECT_THAT(Open(), SizeIs(3));
  ExpectTheSameInEveryOrder(facts);
}

TEST_F(UnitFlowStoreTest, AScanOfAPalletCountsForWhatWasInItsBoxesThatDay) {
  std::vector<Step> facts = Known();
  facts.insert(facts.end(),
               {ScannedBox("e1", "PALLET"),
                Packing("p1", Action::kAdd, "BOX", "2026-06-03", {OneUnit("s1"), OneUnit("s2"), OneUnit("s3")}),
                Packing("p2", Action::kAdd, "PALLET", "2026-06-04", {OneBox("BOX"), OneUnit("s4"), OneUnit("s5")}),
                Packing("p3", Action::kAdd, "BOX", "2026-06-21", {OneUnit("s6")})});
  for (const Step& fact : facts) Do(fact);
  const std::vector<std::string> open = Open();
  ASSERT_THAT(open, SizeIs(3));
  EXPECT_THAT(open[0], HasSubstr("(s1, s2, s3, s4, s5 in regions/cn-44)"));
  ExpectTheSameInEveryOrder(facts);
  // One had been taken out before, as is told late.
  facts.push_back(Packing("p4", Action::kDelete, "BOX", "2026-06-10", {OneUnit("s3")}));
  Do(facts.back());
  EXPECT_THAT(Open(), IsEmpty());
  ExpectTheSameInEveryOrder(facts);
  facts.push_back(Scanned("e2", "s3"));
  Do(facts.back());
  EXPECT_EQ(Open(), open);
  ExpectTheSameInEveryOrder(facts);
}

TEST_F(UnitFlowStoreTest, AnEmptiedMonthIsJudgedToo) {
  std::vector<Step> facts = Known();
  facts.insert(facts.end(), {Packing("p1", Action::kAdd, "BOX", "2026-06-03",
                                     {OneUnit("s1"), OneUnit("s2"), OneUnit("s3"), OneUnit("s4"), OneUnit("s5")}),
                             ScannedBox("e1", "BOX")});
  for (const Step& fact : facts) Do(fact);
  EXPECT_THAT(Open(), SizeIs(3));
  facts.push_back(Packing("p2", Action::kDelete, "BOX", "2026-06-10", {}));
  Do(facts.back());
  EXPECT_THAT(Open(), IsEmpty());
  ExpectTheSameInEveryOrder(facts);
}

TEST_F(UnitFlowStoreTest, AKnownPackingEventWithOtherContentIsRefused) {
  Do(Packing("p1", Action::kAdd, "BOX", "2026-06-03", {OneUnit("s1")}));
  Do(Packing("p1", Action::kAdd, "BOX", "2026-06-03", {OneUnit("s1")}));
  const PackingEvent other{.name = "packingEvents/p1",
                           .action = Action::kAdd,
                           .container = "BOX",
                           .contents = {OneUnit("s2")},
                           .date = Day("2026-06-03")};
  EXPECT_THAT(
      database_->Transact({}, [&](mysql::Transaction& sql) { return TakePackingEvents(sql, {other}).status(); }),
      HasReason(Reason::kRowConflict));
}

}  // namespace
}  // namespace tributary::conflict
