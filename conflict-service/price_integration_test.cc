// Prices that are seen, through the wire: below the least that they may be, and cut one after the other; facts in
// order, reversed, shuffled and doubled.

#include <tuple>

#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/partner_case.pb.h"
#include "tributary/conflict/v1/price_observation.pb.h"
#include "tributary/conflict/v1/price_rule.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

google::type::Money Yuan(int64_t units) {
  google::type::Money money;
  money.set_currency_code("CNY");
  money.set_units(units);
  return money;
}

class PriceTest : public WanderingGoodsTest {
 protected:
  static v1::PriceObservation NewSight(const std::string& id, const std::string& partner, const char* date,
                                       int64_t price) {
    v1::PriceObservation seen;
    seen.set_name(StrCat("priceObservations/", id));
    seen.set_kind(v1::PriceObservation::ADVERTISED);
    seen.set_partner(StrCat("partners/", partner));
    seen.set_product("products/bike");
    *seen.mutable_price() = Yuan(price);
    seen.set_region("regions/cn-44");
    seen.set_place(StrCat("https://", partner, ".example/bike"));
    *seen.mutable_observe_date() = Day(date);
    seen.set_evidence("documents/shot");
    seen.set_evidence_sha256(std::string(64, 'a'));
    return seen;
  }
  static absl::StatusOr<v1::BatchImportPriceObservationsResponse> Take(TwoServices& both,
                                                                       const std::vector<v1::PriceObservation>& seen) {
    v1::BatchImportPriceObservationsRequest request;
    for (const v1::PriceObservation& one : seen) *request.add_price_observations() = one;
    return both.Call<v1::BatchImportPriceObservationsResponse>("PriceObservationService/BatchImportPriceObservations",
                                                               request);
  }
  static TellBoth Sight(const std::string& id, const std::string& partner, const char* date, int64_t price) {
    return [=](TwoServices& both) { return Take(both, {NewSight(id, partner, date, price)}).status(); };
  }
  static absl::StatusOr<v1::PriceObservation> Withdraw(TwoServices& both, const std::string& id) {
    v1::WithdrawPriceObservationRequest request;
    request.set_name(StrCat("priceObservations/", id));
    request.set_reason("Another model.");
    return both.Call<v1::PriceObservation>("PriceObservationService/WithdrawPriceObservation", request);
  }
  // One that is withdrawn right away, as often as it is told.
  static TellBoth Mistake(const std::string& id, const std::string& partner, const char* date, int64_t price) {
    return [=](TwoServices& both) -> absl::Status {
      if (auto status = Take(both, {NewSight(id, partner, date, price)}).status(); !status.ok()) return status;
      const auto withdrawn = Withdraw(both, id);
      return ReasonOf(withdrawn.status()) == Reason::kStateConflict ? absl::OkStatus() : withdrawn.status();
    };
  }

  // MAP 100 and floor 80 in regions/cn-44, 85 for promotion 618.
  static v1::CreatePriceRuleRequest NewRule() {
    v1::CreatePriceRuleRequest request;
    request.set_price_rule_id("bike");
    v1::PriceRule& rule = *request.mutable_price_rule();
    rule.set_product("products/bike");
    rule.add_regions("regions/cn-44");
    *rule.mutable_floor() = Yuan(80);
    *rule.mutable_minimum_advertised_price() = Yuan(100);
    *rule.mutable_effective_from() = Day("2026-01-01");
    v1::PriceRule::Exception& exception = *rule.add_exceptions();
    exception.set_promotion("618");
    *exception.mutable_effective_from() = Day("2026-06-18");
    *exception.mutable_effective_to() = Day("2026-06-21");
    *exception.mutable_price() = Yuan(85);
    rule.set_follow_days(7);
    return request;
  }
  static TellBoth Rule() {
    return [](TwoServices& both) {
      const auto made = both.Call<v1::PriceRule>("PriceRuleService/CreatePriceRule", NewRule());
      return ReasonOf(made.status()) == Reason::kAlreadyExists ? absl::OkStatus() : made.status();
    };
  }
  static absl::StatusOr<v1::PriceRule> Change(TwoServices& both, const v1::PriceRule& to,
                                              const std::vector<std::string>& mask) {
    v1::UpdatePriceRuleRequest request;
    *request.mutable_price_rule() = to;
    request.mutable_price_rule()->set_name("priceRules/bike");
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return both.Call<v1::PriceRule>("PriceRuleService/UpdatePriceRule", request);
  }

  static v1::BackTestConflictRuleRequest Trial(const char* rule, const char* from = "2026-01-01",
                                               const char* to = "2027-01-01") {
    v1::BackTestConflictRuleRequest request;
    request.set_name(StrCat("conflictRules/", rule));
    *request.mutable_from_date() = Day(from);
    *request.mutable_to_date() = Day(to);
    return request;
  }
  static absl::StatusOr<v1::BackTestConflictRuleResponse> Try(TwoServices& both,
                                                              const v1::BackTestConflictRuleRequest& request) {
    return both.Call<v1::BackTestConflictRuleResponse>("ConflictRuleService/BackTestConflictRule", request,
                                                       api::v1::AUDITOR);
  }
  // "2 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed", as conflict_rules/back_test.h counts.
  static std::string Tried(TwoServices& both, const v1::BackTestConflictRuleRequest& request) {
    const auto reply = Try(both, request);
    EXPECT_OK(reply);
    return StrCat(reply->flagged_count(), " found, ", reply->added_count(), " new, ", reply->dropped_count(), " gone; ",
                  reply->confirmed_count(), " + ", reply->unfounded_count(), " closed, ", reply->missed_count(), " + ",
                  reply->spared_count(), " missed");
  }
  static void Close(TwoServices& both, const std::string& name, v1::Case::Outcome outcome) {
    v1::TriageCaseRequest triage;
    triage.set_name(name);
    EXPECT_OK(both.Call<v1::Case>("CaseService/TriageCase", triage));
    v1::ResolveCaseRequest resolve;
    resolve.set_name(name);
    resolve.set_outcome(outcome);
    resolve.set_resolution("Heard and decided.");
    EXPECT_OK(both.Call<v1::Case>("CaseService/ResolveCase", resolve));
    v1::CloseCaseRequest close;
    close.set_name(name);
    EXPECT_OK(both.Call<v1::Case>("CaseService/CloseCase", close));
  }

  static std::vector<v1::Finding> Found(TwoServices& both, const std::string& kind) {
    v1::ListFindingsRequest request;
    request.set_filter(StrCat("kind = ", kind));
    const auto findings = both.Call<v1::ListFindingsResponse>("FindingService/ListFindings", request);
    EXPECT_OK(findings);
    if (!findings.ok()) return {};
    return {findings->findings().begin(), findings->findings().end()};
  }
  static absl::StatusOr<v1::PartnerCase> Shown(TwoServices& both, const v1::Case& one, const std::string& partner) {
    v1::TriageCaseRequest triage;
    triage.set_name(one.name());
    EXPECT_OK(both.Call<v1::Case>("CaseService/TriageCase", triage));
    v1::GetPartnerCaseRequest get;
    get.set_name(StrCat("partners/", partner, "/cases/1"));
    return both.Call<v1::PartnerCase>("PartnerCaseService/GetPartnerCase", get, api::v1::PARTNER_USER, partner);
  }
};

TEST_F(PriceTest, OneFactOneFindingOneCase) {
  const auto both = Begin();
  Tell(*both, {Rule(), Sight("o1", "cogs", "2026-06-05", 90), Sight("o2", "cogs", "2026-06-05", 80),
               Sight("o3", "cogs", "2026-06-05", 80), Sight("ok", "acme", "2026-06-05", 100)});
  v1::PriceObservation promoted = NewSight("o4", "acme", "2026-06-18", 85);
  promoted.set_promotion("618");
  EXPECT_EQ(Take(*both, {promoted, NewSight("o1", "cogs", "2026-06-05", 90)})->duplicate(), 1);

  const std::vector<v1::Finding> findings = Found(*both, "BELOW_PRICE");
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].price_depth().depth().units(), 20);
  EXPECT_EQ(findings[0].price_depth().least_price().units(), 100);
  EXPECT_EQ(findings[0].price_depth().price().units(), 80);
  EXPECT_EQ(findings[0].price_depth().depth_basis_points(), 2000);
  EXPECT_EQ(findings[0].rule_version(), "1.1");
  EXPECT_THAT(findings[0].explanation(), HasSubstr("Seen by priceObservations/o2 and 2 more."));
  std::vector<v1::Case> cases = Cases(*both, "kind = BELOW_PRICE");
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].severity(), v1::Case::HIGH);
  EXPECT_EQ(cases[0].cause(), v1::Case::COMPETITION);
  EXPECT_EQ(cases[0].evidence_sha256(), findings[0].evidence_sha256());
  EXPECT_THAT(cases[0].parties(), ElementsAre("partners/cogs"));
  EXPECT_EQ(cases[0].occur_date().day(), 5);

  // The evidence is the offer's.
  v1::ListPriceObservationsRequest list;
  v1::GetPriceObservationRequest get;
  get.set_name("priceObservations/o2");
  const auto o2 = both->Call<v1::PriceObservation>("PriceObservationService/GetPriceObservation", get);
  ASSERT_OK(o2);
  EXPECT_THAT(findings[0].subjects(), ElementsAre("partners/cogs", "priceObservations/o2",
                                                  StrCat("priceOffers/", o2->offer()), "priceRules/bike"));
  list.set_filter(StrCat("offer = \"", o2->offer(), "\""));
  list.set_page_size(2);
  const auto page =
      both->Call<v1::ListPriceObservationsResponse>("PriceObservationService/ListPriceObservations", list);
  ASSERT_OK(page);
  EXPECT_THAT(page->price_observations(), SizeIs(2));
  EXPECT_NE(page->next_page_token(), "");

  // What is left is less deep; then nothing is left.
  ASSERT_OK(Withdraw(*both, "o2"));
  EXPECT_THAT(Withdraw(*both, "o2"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Take(*both, {NewSight("o2", "cogs", "2026-06-05", 80)})->duplicate(), 1) << "it stays withdrawn";
  ASSERT_OK(Withdraw(*both, "o3"));
  cases = Cases(*both, "kind = BELOW_PRICE");
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].severity(), v1::Case::MEDIUM);
  EXPECT_EQ(Found(*both, "BELOW_PRICE")[0].name(), findings[0].name());
  EXPECT_EQ(Found(*both, "BELOW_PRICE")[0].price_depth().depth().units(), 10);
  ASSERT_OK(Withdraw(*both, "o1"));
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), IsEmpty());
  EXPECT_THAT(Cases(*both, "kind = BELOW_PRICE"), IsEmpty()) << "explained";
}

TEST_F(PriceTest, APartyIsToldOfItsOwnPriceAlone) {
  const auto both = Begin();
  Tell(*both, {Rule(), Sight("o1", "cogs", "2026-06-05", 90), Sight("o2", "acme", "2026-06-06", 77)});
  const std::vector<v1::Case> cases = Cases(*both, "kind = BELOW_PRICE AND severity = MEDIUM");
  ASSERT_THAT(cases, SizeIs(1));
  const auto mine = Shown(*both, cases[0], "cogs");
  ASSERT_OK(mine);
  EXPECT_EQ(mine->kind(), v1::Finding::BELOW_PRICE);
  EXPECT_EQ(mine->product(), "products/bike");
  EXPECT_THAT(mine->regions(), ElementsAre("regions/cn-44"));
  EXPECT_THAT(mine->subjects(), ElementsAre("partners/cogs"));
  EXPECT_EQ(mine->explanation(),
            "You advertised products/bike at 90 CNY on 2026-06-05 in regions/cn-44 (https://cogs.example/bike), 10 CNY "
            "(1000 basis points) below the minimum advertised price of 100 CNY.");
  for (const char* other : {"acme", "77", "priceObservations", "priceOffers", "priceRules"}) {
    v1::PartnerCase told = *mine;
    told.clear_create_time();
    told.clear_due_time();
    EXPECT_THAT(told.DebugString(), Not(HasSubstr(other)));
  }
  for (const char* method : {"PriceObservationService/ListPriceObservations", "PriceRuleService/ListPriceRules"}) {
    EXPECT_THAT(
        both->Call<v1::ListPriceRulesResponse>(method, v1::ListPriceRulesRequest(), api::v1::PARTNER_USER, "cogs"),
        HasReason(Reason::kPermissionDenied));
  }
}

TEST_F(PriceTest, ARuleIsChangedInVersionsAndRegionsComeLate) {
  const auto both = Begin();
  Tell(*both, {Sight("o1", "cogs", "2026-06-05", 90)});
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), IsEmpty());
  Tell(*both, {Rule()});
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), SizeIs(1)) << "also of what was seen before";
  v1::PriceRule to;
  *to.mutable_minimum_advertised_price() = Yuan(90);
  auto changed = Change(*both, to, {"minimum_advertised_price"});
  ASSERT_OK(changed);
  EXPECT_EQ(changed->version(), 2);
  EXPECT_EQ(changed->floor().units(), 80);
  EXPECT_EQ(changed->exceptions_size(), 1);
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), IsEmpty());
  to.set_etag("\"v1\"");
  *to.mutable_minimum_advertised_price() = Yuan(95);
  EXPECT_THAT(Change(*both, to, {"minimum_advertised_price"}), HasReason(Reason::kEtagMismatch));
  to.set_etag(changed->etag());
  to.add_regions("regions/cn");
  ASSERT_OK(Change(*both, to, {"minimum_advertised_price", "regions"}));
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), IsEmpty()) << "nobody knows yet that cn-44 lies in cn";
  partners_.TellRegion("cn");
  partners_.TellRegion("cn-44", "cn");
  EXPECT_TRUE(inventory::Eventually([&] { return Found(*both, "BELOW_PRICE").size() == 1; }));
  EXPECT_EQ(Found(*both, "BELOW_PRICE")[0].price_depth().depth_basis_points(), 526);
  EXPECT_EQ(Found(*both, "BELOW_PRICE")[0].rule_version(), "1.3");

  v1::ListPriceRuleVersionsRequest versions;
  versions.set_parent("priceRules/bike");
  versions.set_page_size(2);
  const auto page = both->Call<v1::ListPriceRuleVersionsResponse>("PriceRuleService/ListPriceRuleVersions", versions);
  ASSERT_OK(page);
  ASSERT_THAT(page->price_rules(), SizeIs(2));
  EXPECT_EQ(page->price_rules(0).version(), 3);
  versions.set_page_token(page->next_page_token());
  const auto rest = both->Call<v1::ListPriceRuleVersionsResponse>("PriceRuleService/ListPriceRuleVersions", versions);
  ASSERT_OK(rest);
  ASSERT_THAT(rest->price_rules(), SizeIs(1));
  EXPECT_EQ(rest->price_rules(0).minimum_advertised_price().units(), 100);
}

TEST_F(PriceTest, AnyOrderGivesTheSameFindings) {
  const std::vector<TellBoth> once = {Rule(),
                                      Sight("a1", "acme", "2026-06-01", 120),
                                      Sight("a2", "acme", "2026-06-05", 110),
                                      Sight("c1", "cogs", "2026-06-01", 122),
                                      Sight("c2", "cogs", "2026-06-07", 95),
                                      Sight("c3", "cogs", "2026-06-07", 97),
                                      Mistake("b1", "bolt", "2026-06-03", 60),
                                      Sell("cogs", "I1", "2026-06-08", 10, "cn-44"),
                                      Sell("cogs", "I2", "2026-06-15", 10, "cn-44")};
  std::mt19937 random(20260602);
  std::vector<std::string> first;
  for (const std::string order : {"in order", "reversed", "shuffled", "doubled"}) {
    SCOPED_TRACE(order);
    const auto both = Begin();
    std::vector<TellBoth> facts = once;
    if (order == "doubled") facts.insert(facts.end(), once.begin(), once.end());
    if (order == "reversed") std::reverse(facts.begin(), facts.end());
    if (order == "shuffled" || order == "doubled") std::shuffle(facts.begin(), facts.end(), random);
    Tell(*both, facts);
    const auto said = [&] {
      std::vector<std::string> all;
      for (const char* kind : {"BELOW_PRICE", "PRICE_WAR"}) {
        for (const v1::Finding& finding : Found(*both, kind)) {
          all.push_back(StrCat(finding.name(), " ", finding.explanation()));
        }
      }
      return all;
    };
    ASSERT_TRUE(inventory::Eventually([&] {
      const auto all = said();
      return all.size() == 2 && all[1].find("Loss to the others until 2026-06-14: 270 CNY") != std::string::npos;
    })) << StrJoin(said(), "\n");
    if (first.empty()) first = said();
    EXPECT_EQ(said(), first);
    EXPECT_THAT(Cases(*both, "kind = BELOW_PRICE"), SizeIs(1));
    EXPECT_THAT(Cases(*both, "kind = PRICE_WAR"), SizeIs(1));
  }
}

TEST_F(PriceTest, WhoFollowsJoinsTheCaseAndIsToldOfItself) {
  const auto both = Begin();
  Tell(*both, {Rule(), Sight("a1", "acme", "2026-06-01", 120), Sight("a2", "acme", "2026-06-05", 110),
               Sight("c1", "cogs", "2026-06-01", 122), Sight("c2", "cogs", "2026-06-07", 112)});
  const std::vector<v1::Case> before = Cases(*both, "kind = PRICE_WAR");
  ASSERT_THAT(before, SizeIs(1));
  Tell(*both, {Sight("b1", "bolt", "2026-06-01", 130), Sight("b2", "bolt", "2026-06-12", 111)});
  const std::vector<v1::Case> after = Cases(*both, "kind = PRICE_WAR");
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].name(), before[0].name());
  EXPECT_THAT(after[0].parties(), ElementsAre("partners/acme", "partners/bolt", "partners/cogs"));
  EXPECT_EQ(after[0].cause(), v1::Case::COMPETITION);
  const auto mine = Shown(*both, after[0], "bolt");
  ASSERT_OK(mine);
  EXPECT_EQ(mine->explanation(),
            "Your advertised price of products/bike in regions/cn-44 fell from 130 to 111 CNY on 2026-06-12.");
  EXPECT_THAT(mine->subjects(), ElementsAre("partners/bolt"));

  // Nobody looks for cascades any more.
  v1::PriceRule to;
  ASSERT_OK(Change(*both, to, {"follow_days"}));
  EXPECT_THAT(Found(*both, "PRICE_WAR"), IsEmpty());
}

TEST_F(PriceTest, AReportedSaleBelowTheFloor) {
  const auto both = Begin();
  Tell(*both, {Rule()});
  for (const auto& [document, units, paid] : {std::tuple("I1", "3", 100), std::tuple("I2", "3", 240)}) {
    inventory::v1::CreateSellThroughSaleRequest request;
    request.set_parent("partners/cogs");
    inventory::v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(document);
    sale.set_line(1);
    *sale.mutable_sale_date() = Day("2026-06-05");
    sale.set_product("products/bike");
    sale.set_lot("L9");
    sale.mutable_quantity()->set_value(units);
    *sale.mutable_net_amount() = Yuan(paid);
    sale.set_region("regions/cn-44");
    ASSERT_OK(
        both->Stock().Call<inventory::v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  ASSERT_TRUE(inventory::Eventually([&] { return Found(*both, "BELOW_PRICE").size() == 1; }));
  const v1::Finding found = Found(*both, "BELOW_PRICE")[0];
  EXPECT_THAT(found.subjects(), ElementsAre("partners/cogs/sales/I1.1", "priceRules/bike"));
  EXPECT_EQ(found.price_depth().paid().units(), 100);
  EXPECT_EQ(found.price_depth().units().value(), "3");
  EXPECT_EQ(found.price_depth().price().units(), 33);
  EXPECT_EQ(found.price_depth().price().nanos(), 333333000);
  EXPECT_EQ(found.price_depth().depth().units(), 46);
  EXPECT_EQ(found.price_depth().depth().nanos(), 666667000);
  EXPECT_EQ(found.price_depth().depth_basis_points(), 5833);
  EXPECT_EQ(Tried(*both, Trial("below-price")), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  v1::BackTestConflictRuleRequest trial = Trial("below-price");
  trial.set_price_rule("priceRules/bike");
  trial.mutable_floor()->set_value("81");
  EXPECT_EQ(Tried(*both, trial), "2 found, 1 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  *trial.mutable_from_date() = Day("2026-06-06");
  EXPECT_EQ(Tried(*both, trial), "0 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");

  const std::vector<v1::Case> cases = Cases(*both, "kind = BELOW_PRICE");
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].severity(), v1::Case::HIGH);
  const auto mine = Shown(*both, cases[0], "cogs");
  ASSERT_OK(mine);
  EXPECT_THAT(mine->subjects(), ElementsAre("partners/cogs/sales/I1.1"));
  EXPECT_EQ(mine->explanation(),
            "You sold 3 x products/bike for 100 CNY on 2026-06-05 in regions/cn-44, 140 CNY (5833 basis points) below "
            "3 x the floor of 80 CNY.");
}

TEST_F(PriceTest, OtherTermsAreTriedOnWhatWasSeen) {
  const auto both = Begin();
  v1::CreatePriceRuleRequest of_bells = NewRule();
  of_bells.set_price_rule_id("bell");
  of_bells.mutable_price_rule()->set_product("products/bell");
  ASSERT_OK(both->Call<v1::PriceRule>("PriceRuleService/CreatePriceRule", of_bells));
  v1::PriceObservation bell = NewSight("bell", "bolt", "2026-06-05", 50);
  bell.set_product("products/bell");
  ASSERT_OK(Take(*both, {bell}));
  Tell(*both, {Rule(), Sight("o1", "cogs", "2026-06-05", 90), Sight("o2", "acme", "2026-06-06", 95),
               Sight("o3", "acme", "2025-06-06", 70), Sight("o4", "bolt", "2026-06-07", 105)});
  for (const v1::Case& one : Cases(*both, "kind = BELOW_PRICE")) {
    if (one.parties(0) == "partners/cogs") Close(*both, one.name(), v1::Case::CONFIRMED);
    if (one.parties(0) == "partners/acme") Close(*both, one.name(), v1::Case::UNFOUNDED);
  }

  EXPECT_EQ(Tried(*both, Trial("below-price")), "3 found, 0 new, 0 gone; 1 + 1 closed, 0 + 0 missed");
  EXPECT_EQ(Tried(*both, Trial("below-price", "2026-06-06", "2026-06-07")),
            "1 found, 0 new, 0 gone; 0 + 1 closed, 0 + 0 missed");
  v1::BackTestConflictRuleRequest trial = Trial("below-price");
  trial.set_price_rule("priceRules/bike");
  EXPECT_EQ(Tried(*both, trial), "2 found, 0 new, 0 gone; 1 + 1 closed, 0 + 0 missed") << "the bell is another rule's";
  trial.mutable_minimum_advertised_price()->set_value("92");
  EXPECT_EQ(Tried(*both, trial), "1 found, 0 new, 1 gone; 1 + 0 closed, 0 + 1 missed");
  const auto reply = Try(*both, trial);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->precision().value(), "1");
  EXPECT_EQ(reply->precision_so_far().value(), "0.5");
  ASSERT_EQ(reply->flagged_size(), 1);
  EXPECT_THAT(reply->flagged(0).explanation(), HasSubstr("2 CNY (217 basis points) below the minimum advertised price "
                                                         "of 92 CNY of priceRules/bike (version 2): LOW"));
  trial.mutable_minimum_advertised_price()->set_value("110");
  EXPECT_EQ(Tried(*both, trial), "3 found, 1 new, 0 gone; 1 + 1 closed, 0 + 0 missed");
  trial.clear_minimum_advertised_price();
  *trial.mutable_from_date() = *trial.mutable_effective_from() = Day("2025-01-01");
  EXPECT_EQ(Tried(*both, trial), "3 found, 1 new, 0 gone; 1 + 1 closed, 0 + 0 missed");

  // Nothing of all that was stored.
  EXPECT_THAT(Found(*both, "BELOW_PRICE"), SizeIs(3));
  v1::GetPriceRuleRequest get;
  get.set_name("priceRules/bike");
  EXPECT_EQ(both->Call<v1::PriceRule>("PriceRuleService/GetPriceRule", get)->version(), 1);

  trial.mutable_minimum_advertised_price()->set_value("79");
  EXPECT_THAT(Try(*both, trial), Blames("minimum_advertised_price")) << "below the floor";
  trial.clear_price_rule();
  EXPECT_THAT(Try(*both, trial), Blames("price_rule")) << "of which rule?";
  trial = Trial("below-price");
  trial.set_price_rule("priceRules/none");
  EXPECT_THAT(Try(*both, trial), HasReason(Reason::kNotFound));
  trial.set_price_rule("priceRules/bike");
  trial.set_follow_days(3);
  EXPECT_THAT(Try(*both, trial), Blames("follow_days"));
}

TEST_F(PriceTest, WarsAreTriedWithOtherTimesToFollow) {
  const auto both = Begin();
  Tell(*both, {Rule(), Sight("a1", "acme", "2026-06-01", 120), Sight("a2", "acme", "2026-06-05", 110),
               Sight("c1", "cogs", "2026-06-01", 122), Sight("c2", "cogs", "2026-06-07", 112)});
  ASSERT_THAT(Found(*both, "PRICE_WAR"), SizeIs(1));
  EXPECT_EQ(Tried(*both, Trial("price-war", "2026-06-07", "2026-06-08")),
            "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Tried(*both, Trial("price-war", "2026-06-01", "2026-06-07")),
            "0 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  v1::BackTestConflictRuleRequest trial = Trial("price-war");
  trial.set_price_rule("priceRules/bike");
  trial.set_follow_days(2);
  EXPECT_EQ(Tried(*both, trial), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  trial.set_follow_days(1);
  EXPECT_EQ(Tried(*both, trial), "0 found, 0 new, 1 gone; 0 + 0 closed, 0 + 0 missed");
  trial.mutable_floor()->set_value("1");
  EXPECT_THAT(Try(*both, trial), Blames("floor"));
}

TEST_F(PriceTest, WhatIsRefused) {
  const auto both = Begin();
  const auto refused = [&](const std::string& field, const std::function<void(v1::PriceObservation&)>& change) {
    v1::PriceObservation seen = NewSight("o2", "cogs", "2026-06-05", 90);
    change(seen);
    const auto answer = Take(*both, {NewSight("o1", "cogs", "2026-06-05", 90), seen});
    EXPECT_THAT(answer, HasReason(Reason::kInvalidField)) << field;
    EXPECT_THAT(std::string(answer.status().message()), HasSubstr("price_observations[1]." + field));
  };
  refused("region", [](v1::PriceObservation& seen) { seen.set_region("cn-44"); });
  refused("kind", [](v1::PriceObservation& seen) { seen.clear_kind(); });
  refused("seller", [](v1::PriceObservation& seen) { seen.set_seller("Shop"); });
  refused("seller", [](v1::PriceObservation& seen) { seen.clear_partner(); });
  refused("seller", [](v1::PriceObservation& seen) {
    seen.clear_partner();
    seen.set_seller("Corner\nshop");
  });
  refused("place", [](v1::PriceObservation& seen) { seen.set_place("shop\twindow"); });
  refused("price", [](v1::PriceObservation& seen) { *seen.mutable_price() = Yuan(-1); });
  refused("observe_time", [](v1::PriceObservation& seen) { seen.mutable_observe_time()->set_seconds(1); });
  refused("evidence_sha256", [](v1::PriceObservation& seen) { seen.set_evidence_sha256("A"); });
  Tell(*both, {Sight("o1", "cogs", "2026-06-05", 90)});
  EXPECT_THAT(Take(*both, {NewSight("o1", "cogs", "2026-06-05", 91)}), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Withdraw(*both, "o9"), HasReason(Reason::kNotFound));

  const auto rule = [&](const std::string& field, const std::function<void(v1::PriceRule&)>& change) {
    v1::CreatePriceRuleRequest request = NewRule();
    change(*request.mutable_price_rule());
    const auto answer = both->Call<v1::PriceRule>("PriceRuleService/CreatePriceRule", request);
    EXPECT_THAT(answer, HasReason(Reason::kInvalidField)) << field;
    EXPECT_THAT(std::string(answer.status().message()), HasSubstr("price_rule." + field));
  };
  rule("product", [](v1::PriceRule& r) { r.clear_product(); });
  rule("regions[0]", [](v1::PriceRule& r) { r.set_regions(0, "cn"); });
  rule("minimum_advertised_price", [](v1::PriceRule& r) { *r.mutable_minimum_advertised_price() = Yuan(79); });
  rule("floor", [](v1::PriceRule& r) { *r.mutable_floor() = Yuan(0); });
  rule("exceptions[0].price.currency_code",
       [](v1::PriceRule& r) { r.mutable_exceptions(0)->mutable_price()->set_currency_code("EUR"); });
  rule("effective_to", [](v1::PriceRule& r) { *r.mutable_effective_to() = r.effective_from(); });
  Tell(*both, {Rule()});
  EXPECT_THAT(both->Call<v1::PriceRule>("PriceRuleService/CreatePriceRule", NewRule()),
              HasReason(Reason::kAlreadyExists));
  v1::PriceRule to;
  to.set_product("products/bell");
  EXPECT_THAT(Change(*both, to, {"product"}), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::conflict
