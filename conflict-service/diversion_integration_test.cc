// Goods that wander, through the wire: what partners report becomes a mass balance, scans become odds, and enough of
// both one case; facts in order, reversed, shuffled and doubled.

#include "conflict-service/testing_wandering_goods.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DiversionTest : public WanderingGoodsTest {};

TEST_F(DiversionTest, OneStrayScanConvictsNobodyAndThreeDo) {
  const auto both = Begin();
  Tell(*both, June());
  EXPECT_THAT(Flows(*both), ElementsAre("UNKNOWN")) << "nobody was reconciled";
  Tell(*both, {Reconcile("acme"), Reconcile("bolt"), Reconcile("cogs")});
  ASSERT_TRUE(ComesTo(*both, {"acme>cogs [35, 40] -5, 3 more", "bolt>cogs [5, 10] -20, 5 more"}));
  Tell(*both, {Scan("e1", "s1"), Scan("e2", "s2"), Scan("e3", "s1")});
  EXPECT_TRUE(ComesTo(*both, {"acme>cogs [35, 40] 7, 1 more", "bolt>cogs [5, 10] -20, 5 more"}));
  EXPECT_THAT(Findings(*both), IsEmpty());
  EXPECT_THAT(Cases(*both), IsEmpty());

  Tell(*both, {Scan("e4", "s3")});
  EXPECT_THAT(Flows(*both), ElementsAre("acme>cogs [35, 40] 13, 0 more", "bolt>cogs [5, 10] -20, 5 more"));
  const std::vector<v1::Finding> findings = Findings(*both);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind(), v1::Finding::DIVERSION);
  const std::vector<v1::Case> cases = Cases(*both);
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].finding(), findings[0].name());
  EXPECT_EQ(cases[0].evidence_sha256(), findings[0].evidence_sha256());
  EXPECT_EQ(cases[0].evidence(), findings[0].explanation());
  EXPECT_THAT(cases[0].parties(), ElementsAre("partners/acme", "partners/cogs"));
  EXPECT_EQ(cases[0].severity(), v1::Case::HIGH);

  // Balances by the least that went, and 5 short units that reached nobody.
  const auto listed =
      both->Call<v1::ListMassBalancesResponse>("MassBalanceService/ListMassBalances", v1::ListMassBalancesRequest());
  ASSERT_OK(listed);
  ASSERT_THAT(listed->mass_balances(), SizeIs(1));
  EXPECT_EQ(listed->mass_balances(0).unmatched_shortfall().value(), "5");
  EXPECT_EQ(listed->mass_balances(0).gaps(2).gap().value(), "-45");

  // A stricter version takes it back, and says so; the first one finds it again.
  v1::UpdateConflictRuleRequest update;
  update.mutable_conflict_rule()->set_name("conflictRules/diversion");
  update.mutable_conflict_rule()->set_threshold_decibans(14);
  update.mutable_update_mask()->add_paths("threshold_decibans");
  auto rule = both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update);
  ASSERT_OK(rule);
  EXPECT_EQ(rule->version(), 1);
  EXPECT_EQ(rule->outside_serial_decibans(), 6);
  EXPECT_THAT(Findings(*both), IsEmpty());
  EXPECT_THAT(Cases(*both), IsEmpty());
  update.mutable_conflict_rule()->set_etag(rule->etag());
  update.mutable_conflict_rule()->set_threshold_decibans(10);
  ASSERT_OK(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update));
  ASSERT_THAT(Findings(*both), SizeIs(1));
  EXPECT_EQ(Findings(*both)[0].rule_version(), "diversion.2");
  EXPECT_EQ(Findings(*both)[0].name(), findings[0].name());
  EXPECT_THAT(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update),
              HasReason(Reason::kEtagMismatch));
  // Nothing is a finding without evidence.
  update.mutable_conflict_rule()->clear_etag();
  update.mutable_conflict_rule()->set_threshold_decibans(-20);
  EXPECT_THAT(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update),
              Blames("conflict_rule.threshold_decibans"));
  v1::ListConflictRuleVersionsRequest versions;
  versions.set_parent("conflictRules/diversion");
  versions.set_page_size(2);
  const auto page =
      both->Call<v1::ListConflictRuleVersionsResponse>("ConflictRuleService/ListConflictRuleVersions", versions);
  ASSERT_OK(page);
  ASSERT_THAT(page->conflict_rules(), SizeIs(2));
  EXPECT_EQ(page->conflict_rules(0).version(), 2);
  versions.set_page_token(page->next_page_token());
  const auto rest =
      both->Call<v1::ListConflictRuleVersionsResponse>("ConflictRuleService/ListConflictRuleVersions", versions);
  ASSERT_OK(rest);
  ASSERT_THAT(rest->conflict_rules(), SizeIs(1));
  EXPECT_EQ(rest->conflict_rules(0).version(), 0);
}

TEST_F(DiversionTest, AMissingReportIsUnknown) {
  const auto both = Begin();
  Tell(*both, June(/*cogs_reports=*/false));
  Tell(*both,
       {Reconcile("acme"), Reconcile("bolt"), Reconcile("cogs"), Scan("e1", "s1"), Scan("e2", "s2"), Scan("e3", "s3")});
  const auto gaps = [&] {
    const auto balance = both->Call<v1::MassBalance>("MassBalanceService/RunMassBalance", NewRun());
    return balance.ok() ? *balance : v1::MassBalance();
  };
  ASSERT_TRUE(inventory::Eventually([&] { return gaps().gaps_size() == 3; }));
  EXPECT_TRUE(gaps().unknown());
  EXPECT_THAT(Findings(*both), IsEmpty());
  // The report comes after all.
  Tell(*both, {Report("cogs", "2026-06-30", 12), Reconcile("cogs")});
  EXPECT_TRUE(inventory::Eventually([&] { return Findings(*both).size() == 1; }));
}

TEST_F(DiversionTest, UnitsAloneConvictWhereNobodyReports) {
  std::string name;
  for (const bool reversed : {false, true}) {
    SCOPED_TRACE(reversed);
    const auto both = Begin();
    std::vector<TellBoth> facts = FiveUnits();
    if (reversed) std::reverse(facts.begin(), facts.end());
    Tell(*both, facts);
    ASSERT_TRUE(inventory::Eventually([&] { return Findings(*both).size() == 1; }));
    const v1::Finding finding = Findings(*both)[0];
    if (name.empty()) name = finding.name();
    EXPECT_EQ(finding.name(), name);
    ASSERT_THAT(finding.subjects(), SizeIs(4));
    EXPECT_EQ(finding.subjects(1), "partners/acme");
    EXPECT_EQ(finding.subjects(2), "partners/cogs");
    EXPECT_EQ(finding.subjects(3), "regions/cn-44");
    EXPECT_THAT(finding.explanation(), HasSubstr("balance UNKNOWN; 5 of its units"));
    v1::GetMassBalanceRequest get;
    get.set_name(finding.subjects(0));
    const auto balance = both->Call<v1::MassBalance>("MassBalanceService/GetMassBalance", get);
    ASSERT_OK(balance);
    EXPECT_TRUE(balance->by_units());
    EXPECT_TRUE(balance->unknown());
    EXPECT_EQ(balance->lot(), "");
    ASSERT_THAT(balance->flows(), SizeIs(1));
    EXPECT_EQ(balance->flows(0).to_partner(), "partners/cogs");
    EXPECT_EQ(balance->flows(0).region(), "regions/cn-44");
    EXPECT_EQ(balance->flows(0).least().value(), "5");
    EXPECT_FALSE(balance->flows(0).has_most());
    EXPECT_EQ(balance->flows(0).decibans(), 10);

    // One of them went to cogs with everybody's knowledge.
    inventory::Inventory stock = both->Stock();
    inventory::v1::BatchImportStockMovementsRequest moved;
    moved.set_import(stock.NewImport("movements").value());
    inventory::v1::StockMovementRow& row = *moved.add_rows();
    row.set_row(2);
    *row.mutable_stock_movement() =
        inventory::NewMovement("T1", 1, inventory::v1::StockMovement::TRANSFER, "acme/main", "cogs/main", 1);
    row.mutable_stock_movement()->set_lot("L9");
    row.mutable_stock_movement()->add_serials("s1");
    const auto taken = stock.Call<api::v1::BatchImportResponse>("MovementService/BatchImportStockMovements", moved);
    ASSERT_OK(taken);
    ASSERT_THAT(taken->errors(), IsEmpty()) << taken->DebugString();
    EXPECT_TRUE(inventory::Eventually([&] { return Findings(*both).empty(); }));
  }
}

TEST_F(DiversionTest, AnyOrderGivesTheSameCase) {
  const std::vector<TellBoth> then = {Balance(),         Scan("e1", "s1"), Reconcile("bolt"), Scan("e2", "s2"),
                                      Reconcile("acme"), Scan("e3", "s1"), Reconcile("cogs"), Scan("e4", "s3")};
  std::mt19937 random(20260601);
  std::string name;
  for (const std::string order : {"in order", "reversed", "shuffled", "doubled"}) {
    SCOPED_TRACE(order);
    const auto both = Begin();
    for (std::vector<TellBoth> facts : {June(), then}) {
      if (order == "doubled") {
        const std::vector<TellBoth> once = facts;
        facts.insert(facts.end(), once.begin(), once.end());
      }
      if (order == "reversed") std::reverse(facts.begin(), facts.end());
      if (order == "shuffled" || order == "doubled") std::shuffle(facts.begin(), facts.end(), random);
      Tell(*both, facts);
    }
    ASSERT_TRUE(inventory::Eventually([&] { return Cases(*both).size() == 1; }));
    EXPECT_TRUE(ComesTo(*both, {"acme>cogs [35, 40] 13, 0 more", "bolt>cogs [5, 10] -20, 5 more"}));
    EXPECT_THAT(Findings(*both), SizeIs(1));
    EXPECT_TRUE(inventory::Eventually([&] { return Cases(*both, "").size() == 1; })) << "nothing else is found";
    if (name.empty()) name = Cases(*both)[0].name();
    EXPECT_EQ(Cases(*both)[0].name(), name);
  }
}

TEST_F(DiversionTest, WhatIsRefused) {
  const auto both = Begin();
  v1::RunMassBalanceRequest run = NewRun();
  run.set_product("bike");
  EXPECT_THAT(both->Call<v1::MassBalance>("MassBalanceService/RunMassBalance", run), HasReason(Reason::kInvalidField));
  run = NewRun();
  *run.mutable_to_date() = run.from_date();
  EXPECT_THAT(both->Call<v1::MassBalance>("MassBalanceService/RunMassBalance", run), HasReason(Reason::kInvalidField));
  *run.mutable_to_date() = Day("2027-07-07");
  EXPECT_THAT(both->Call<v1::MassBalance>("MassBalanceService/RunMassBalance", run), HasReason(Reason::kInvalidField));
  EXPECT_THAT(both->Call<v1::MassBalance>("MassBalanceService/RunMassBalance", NewRun(), api::v1::PARTNER_USER, "acme"),
              HasReason(Reason::kPermissionDenied));
  v1::GetMassBalanceRequest get;
  get.set_name("massBalances/none");
  EXPECT_THAT(both->Call<v1::MassBalance>("MassBalanceService/GetMassBalance", get), HasReason(Reason::kNotFound));

  const auto take = [&](const v1::ScanEvent& scan) {
    v1::BatchImportScanEventsRequest request;
    *request.add_scan_events() = NewScan("e1", "s1");
    *request.add_scan_events() = scan;
    return both->Call<v1::BatchImportScanEventsResponse>("ScanEventService/BatchImportScanEvents", request);
  };
  v1::ScanEvent scan = NewScan("e2", "s2");
  scan.set_region("cn-44");
  const auto refused = take(scan);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("scan_events[1].region"));
  scan = NewScan("e2", "s2");
  scan.clear_kind();
  EXPECT_THAT(take(scan), HasReason(Reason::kInvalidField));
  EXPECT_THAT(take(NewScan("e1", "s2")), HasReason(Reason::kRowConflict));
  const auto taken = take(NewScan("e2", "s2"));
  ASSERT_OK(taken);
  EXPECT_EQ(taken->accepted(), 2);
  EXPECT_EQ(take(NewScan("e2", "s2"))->duplicate(), 2);

  scan = NewScan("e3", "");
  EXPECT_THAT(std::string(take(scan).status().message()), HasSubstr("scan_events[1].serial"));
  scan = NewScan("e3", "s3");
  scan.set_container("BOX");
  EXPECT_THAT(std::string(take(scan).status().message()), HasSubstr("scan_events[1].container"));

  v1::BatchImportPackingEventsRequest packed;
  v1::PackingEvent& event = *packed.add_packing_events();
  const auto pack = [&] {
    return both->Call<v1::BatchImportPackingEventsResponse>("PackingEventService/BatchImportPackingEvents", packed);
  };
  event.set_name("packingEvents/p1");
  event.set_action(v1::PackingEvent::ADD);
  event.set_container("BOX");
  *event.mutable_pack_date() = Day("2026-06-01");
  EXPECT_THAT(std::string(pack().status().message()), HasSubstr("packing_events[0].contents"));
  event.add_contents()->set_serial("s1");
  EXPECT_THAT(std::string(pack().status().message()), HasSubstr("packing_events[0].contents[0].product"));
  event.mutable_contents(0)->set_container("SMALL-BOX");
  EXPECT_THAT(std::string(pack().status().message()), HasSubstr("packing_events[0].contents[0].container"));
  event.mutable_contents(0)->clear_serial();
  ASSERT_OK(pack());
  EXPECT_EQ(pack()->duplicate(), 1);
  event.set_action(v1::PackingEvent::DELETE);
  EXPECT_THAT(pack(), HasReason(Reason::kRowConflict));

  v1::UpdateConflictRuleRequest update;
  update.mutable_conflict_rule()->set_name("conflictRules/other");
  update.mutable_conflict_rule()->set_threshold_decibans(3);
  update.mutable_update_mask()->add_paths("threshold_decibans");
  EXPECT_THAT(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update),
              HasReason(Reason::kNotFound));
  update.mutable_conflict_rule()->set_name("conflictRules/diversion");
  update.mutable_update_mask()->set_paths(0, "version");
  EXPECT_THAT(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update),
              HasReason(Reason::kInvalidField));
  update.mutable_update_mask()->set_paths(0, "outside_serial_decibans");
  EXPECT_THAT(both->Call<v1::ConflictRule>("ConflictRuleService/UpdateConflictRule", update),
              HasReason(Reason::kInvalidField))
      << "no number of scans would ever convict";
}

}  // namespace
}  // namespace tributary::conflict
