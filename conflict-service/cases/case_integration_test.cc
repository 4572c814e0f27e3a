// Cases through the wire: from detection to the end, as the staff and as each party sees them.

#include "conflict-service/cases/case_store.h"
#include "conflict-service/mass_balances/mass_balance_store.h"
#include "conflict-service/remedies/remedy_store.h"
#include "conflict-service/rules/diversion.h"
#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/partner_case.pb.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class CaseServiceTest : public WanderingGoodsTest {
 protected:
  static absl::StatusOr<v1::Case> Resolve(TwoServices& both, v1::Case::Outcome outcome = v1::Case::CONFIRMED) {
    v1::ResolveCaseRequest request;
    request.set_outcome(outcome);
    request.set_resolution("Acme credits 35 units.");
    return Move(both, "Resolve", request);
  }
  static absl::StatusOr<v1::PartnerCase> Mine(TwoServices& both, const std::string& partner,
                                              const std::string& name = "") {
    v1::GetPartnerCaseRequest get;
    get.set_name(name.empty() ? StrCat("partners/", partner, "/cases/1") : name);
    return both.Call<v1::PartnerCase>("PartnerCaseService/GetPartnerCase", get, api::v1::PARTNER_USER, partner);
  }
  static absl::StatusOr<v1::ListPartnerCasesResponse> AllMine(TwoServices& both, const std::string& partner) {
    v1::ListPartnerCasesRequest list;
    list.set_parent("partners/-");
    return both.Call<v1::ListPartnerCasesResponse>("PartnerCaseService/ListPartnerCases", list, api::v1::PARTNER_USER,
                                                   partner);
  }
};

TEST_F(CaseServiceTest, FromDetectionToTheEndAndBack) {
  const auto both = BeginWithACase();
  const v1::Case opened = Cases(*both)[0];
  EXPECT_EQ(opened.state(), v1::Case::OPEN);
  EXPECT_EQ(opened.cause(), v1::Case::COMPETITION);
  EXPECT_EQ(opened.kind(), v1::Finding::DIVERSION);
  EXPECT_EQ(opened.occur_date().day(), 30);
  EXPECT_EQ(opened.escalation(), 0);
  EXPECT_TRUE(opened.has_due_time());

  EXPECT_THAT(Move(*both, "Mediate", v1::MediateCaseRequest()), HasReason(Reason::kStateConflict));
  v1::TriageCaseRequest triage;
  triage.set_etag("\"v999\"");
  EXPECT_THAT(Move(*both, "Triage", triage), HasReason(Reason::kEtagMismatch));
  triage.set_etag(opened.etag());
  triage.set_severity(v1::Case::MEDIUM);
  const auto triaged = Move(*both, "Triage", triage);
  ASSERT_OK(triaged);
  EXPECT_EQ(triaged->state(), v1::Case::TRIAGED);
  EXPECT_EQ(triaged->severity(), v1::Case::MEDIUM);
  ASSERT_OK(Move(*both, "Mediate", v1::MediateCaseRequest()));
  EXPECT_THAT(Resolve(*both, v1::Case::EXPLAINED), HasReason(Reason::kInvalidField));
  const auto resolved = Resolve(*both);
  ASSERT_OK(resolved);
  EXPECT_EQ(resolved->resolution(), "Acme credits 35 units.");
  EXPECT_THAT(Resolve(*both), HasReason(Reason::kStateConflict));
  const auto closed = Move(*both, "Close", v1::CloseCaseRequest());
  ASSERT_OK(closed);
  EXPECT_FALSE(closed->has_due_time());
  EXPECT_EQ(closed->evidence_sha256(), opened.evidence_sha256());
  EXPECT_THAT(Cases(*both, "state = CLOSED AND outcome = CONFIRMED"), SizeIs(1));
  EXPECT_THAT(Cases(*both, "kind = DUPLICATE_DEAL"), IsEmpty());
  v1::ListCasesRequest of_party;
  of_party.set_filter("kind = DIVERSION");
  const std::vector<std::pair<std::string, int>> counts = {{"acme", 1}, {"cogs", 1}, {"bolt", 0}, {"acm", 0}};
  for (const auto& [partner, count] : counts) {
    of_party.set_party(StrCat("partners/", partner));
    const auto listed = both->Call<v1::ListCasesResponse>("CaseService/ListCases", of_party);
    ASSERT_OK(listed);
    EXPECT_EQ(listed->cases_size(), count) << partner;
  }
  of_party.set_party("acme");
  EXPECT_THAT(both->Call<v1::ListCasesResponse>("CaseService/ListCases", of_party), Blames("party"));

  v1::ReopenCaseRequest reopen;
  EXPECT_THAT(Move(*both, "Reopen", reopen), HasReason(Reason::kInvalidField));
  reopen.set_reason("Acme objects.");
  const auto reopened = Move(*both, "Reopen", reopen);
  ASSERT_OK(reopened);
  EXPECT_EQ(reopened->state(), v1::Case::REOPENED);
  EXPECT_EQ(reopened->outcome(), v1::Case::OUTCOME_UNSPECIFIED);

  // What is seen again does not make another case.
  Tell(*both, {Scan("e9", "s1"), Balance(), Reconcile("acme")});
  EXPECT_THAT(Cases(*both), SizeIs(1));
}

// SCENARIOS: a remedy on 35 units, since 35 to 40 went from acme to cogs.
TEST_F(CaseServiceTest, ARemedyUsesTheLowerBoundOfTheMassBalance) {
  const auto both = BeginWithACase();
  v1::ApplyRemedyRequest request;
  request.set_name(Cases(*both).at(0).name());
  v1::RemedyMeasure& clawback = *request.add_measures();
  clawback.set_kind(v1::RemedyStep::CLAWBACK);
  clawback.set_partner("partners/acme");
  clawback.mutable_amount()->set_currency_code("CNY");
  clawback.mutable_amount()->set_units(2800);
  clawback.set_reason("35 units were sold elsewhere.");
  const auto apply = [&] { return both->Call<v1::Remedy>("RemedyService/ApplyRemedy", request); };
  EXPECT_THAT(apply(), HasReason(Reason::kStateConflict)) << "nobody has decided it";
  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  ASSERT_OK(Resolve(*both));
  clawback.mutable_units()->set_value("35.5");
  EXPECT_THAT(apply(), Blames("measures[0].units"));
  clawback.set_partner("partners/bolt");
  EXPECT_THAT(apply(), Blames("measures[0].partner")) << "no party";
  clawback.set_partner("partners/acme");
  clawback.clear_units();
  const auto remedy = apply();
  ASSERT_OK(remedy);
  EXPECT_EQ(remedy->steps(0).units().value(), "35");
  EXPECT_EQ(remedy->steps(0).amount().units(), -2800);
  EXPECT_EQ(remedy->steps(0).state(), v1::RemedyStep::ORDERED);
  EXPECT_THAT(Move(*both, "Close", v1::CloseCaseRequest()), HasReason(Reason::kStateConflict)) << "it runs";
}

TEST_F(CaseServiceTest, ARemedyUsesTheUnitsWhereTheyAloneShowIt) {
  const auto both = Begin();
  Tell(*both, FiveUnits());
  ASSERT_TRUE(inventory::Eventually([&] { return Cases(*both).size() == 1; }));
  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  ASSERT_OK(Mine(*both, "acme"));
  EXPECT_EQ(Mine(*both, "acme")->units().value(), "5");
  EXPECT_FALSE(Mine(*both, "cogs")->has_units());
  ASSERT_OK(Resolve(*both));
  v1::ApplyRemedyRequest request;
  request.set_name(Cases(*both).at(0).name());
  v1::RemedyMeasure& clawback = *request.add_measures();
  clawback.set_kind(v1::RemedyStep::CLAWBACK);
  clawback.set_partner("partners/acme");
  clawback.mutable_amount()->set_currency_code("CNY");
  clawback.mutable_amount()->set_units(400);
  clawback.set_reason("5 units were sold elsewhere.");
  clawback.mutable_units()->set_value("6");
  const auto apply = [&] { return both->Call<v1::Remedy>("RemedyService/ApplyRemedy", request); };
  EXPECT_THAT(apply(), Blames("measures[0].units"));
  clawback.clear_units();
  const auto remedy = apply();
  ASSERT_OK(remedy);
  EXPECT_EQ(remedy->steps(0).units().value(), "5");
}

// Of the 35 units 20 are clawed back of acme: 5 by an earlier remedy of the case, 15 by one of the case that the flow
// had while another balance showed it too. One that was compensated does not count, nor one of goods that went in July.
TEST_F(CaseServiceTest, AnotherRemedyUsesWhatIsLeftOfTheLowerBound) {
  const auto both = BeginWithACase();
  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  ASSERT_OK(Resolve(*both));
  const std::string name = Cases(*both).at(0).name();
  const absl::Time now = absl::Now();
  const auto other_case = [&](const char* start, const char* end) {
    const BalanceKey key{.product = "products/bike", .lot = "L9", .period = {*Date::Parse(start), *Date::Parse(end)}};
    const std::string id = FindingId(FindingKind::kDiversion, FlowKey(key, "partners/acme", "partners/cogs"));
    EXPECT_OK(both->database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(MassBalanceStore().Keep(sql, {key, Uuid::New(now), now}).status());
      return CaseStore().Save(sql, {{.id = id,
                                     .uid = Uuid::New(now),
                                     .create_time = now,
                                     .update_time = now,
                                     .state = CaseState::kClosed,
                                     .kind = FindingKind::kDiversion,
                                     .rule_version = "diversion.0",
                                     .subjects = {key.name(), "partners/acme", "partners/cogs"},
                                     .outcome = Outcome::kConfirmed,
                                     .resolution = "Acme pays.",
                                     .resolve_time = now,
                                     .close_time = now}});
    }));
    return id;
  };
  const auto earlier = [&](const std::string& case_id, int units, bool failed) {
    Remedy remedy{.case_id = case_id, .uid = Uuid::New(now), .create_time = now, .update_time = now, .principal = "m"};
    remedy.steps.push_back({.kind = RemedyKind::kClawback,
                            .partner = "partners/acme",
                            .currency = "CNY",
                            .amount = -100,
                            .units = Decimal::FromInt(units),
                            .reason = "Sold elsewhere",
                            .applied = !failed,
                            .refused = failed});
    Derive(&remedy);
    return both->database().Transact({}, [&](mysql::Transaction& sql) { return RemedyStore().Create(sql, &remedy); });
  };
  ASSERT_OK(earlier(name.substr(6), 5, /*failed=*/false));
  ASSERT_OK(earlier(name.substr(6), 35, /*failed=*/true));
  ASSERT_OK(earlier(other_case("2026-05-15", "2026-06-15"), 15, /*failed=*/false));
  ASSERT_OK(earlier(other_case("2026-07-01", "2026-08-01"), 35, /*failed=*/false));
  v1::ApplyRemedyRequest request;
  request.set_name(name);
  v1::RemedyMeasure& clawback = *request.add_measures();
  clawback.set_kind(v1::RemedyStep::CLAWBACK);
  clawback.set_partner("partners/acme");
  clawback.mutable_amount()->set_currency_code("CNY");
  clawback.mutable_amount()->set_units(1200);
  clawback.set_reason("The rest of it.");
  clawback.mutable_units()->set_value("16");
  const auto apply = [&] { return both->Call<v1::Remedy>("RemedyService/ApplyRemedy", request); };
  const auto refused = apply();
  EXPECT_THAT(refused, Blames("measures[0].units"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("20 are clawed back already"));
  clawback.clear_units();
  clawback.set_reason("The rest\nof it.");
  EXPECT_THAT(apply(), Blames("measures[0].reason")) << "the partner reads one line";
  clawback.set_reason("The rest of it.");
  const auto remedy = apply();
  ASSERT_OK(remedy);
  EXPECT_EQ(remedy->name(), StrCat(name, "/remedies/3"));
  EXPECT_EQ(remedy->steps(0).units().value(), "15");
}

TEST_F(CaseServiceTest, APartySeesItsOwnPartAndNothingOfTheOthers) {
  const auto both = BeginWithACase();
  EXPECT_THAT(Mine(*both, "acme"), HasReason(Reason::kNotFound)) << "before anybody triaged it";
  EXPECT_THAT(AllMine(*both, "acme")->partner_cases(), IsEmpty());
  EXPECT_THAT(Write(*both, "partners/acme", "Hello"), HasReason(Reason::kStateConflict));
  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));

  const std::vector<std::pair<std::string, std::string>> own_units = {{"acme", "40"}, {"cogs", "-45"}};
  for (const auto& [partner, units] : own_units) {
    SCOPED_TRACE(partner);
    const auto mine = Mine(*both, partner);
    ASSERT_OK(mine);
    EXPECT_EQ(mine->name(), StrCat("partners/", partner, "/cases/1")) << "numbers are per partner";
    EXPECT_EQ(mine->units().value(), units);
    EXPECT_EQ(mine->lot(), "L9");
    EXPECT_EQ(mine->product(), "products/bike");
    EXPECT_THAT(mine->regions(), ElementsAre("regions/cn-44"));
    EXPECT_THAT(mine->subjects(), ElementsAre(StrCat("partners/", partner)));
    EXPECT_TRUE(mine->has_due_time());
    ASSERT_THAT(AllMine(*both, partner)->partner_cases(), SizeIs(1));
    EXPECT_EQ(AllMine(*both, partner)->partner_cases(0).name(), mine->name());
  }
  EXPECT_THAT(AllMine(*both, "bolt")->partner_cases(), IsEmpty());
  EXPECT_THAT(Mine(*both, "acme", "partners/cogs/cases/1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Mine(*both, "acme", "partners/acme/cases/01"), HasReason(Reason::kNotFound));

  ASSERT_OK(Write(*both, "partners/acme", "Where are your 40 units?"));
  ASSERT_OK(Write(*both, "partners/cogs", "From where are your 45 units?"));
  ASSERT_OK(Write(*both, "", "Acme did it before."));
  EXPECT_THAT(Write(*both, "partners/bolt", "Hello"), HasReason(Reason::kInvalidField));
  v1::AddPartnerCaseMessageRequest answer;
  answer.set_name("partners/acme/cases/1");
  answer.set_text("Stolen.");
  ASSERT_OK(
      both->Call<v1::PartnerCase>("PartnerCaseService/AddPartnerCaseMessage", answer, api::v1::PARTNER_USER, "acme"));
  const auto mine = Mine(*both, "acme");
  ASSERT_THAT(mine->messages(), SizeIs(2));
  EXPECT_EQ(mine->messages(1).text(), "Stolen.");
  EXPECT_TRUE(mine->messages(1).from_party());
  EXPECT_THAT(Mine(*both, "cogs")->messages(), SizeIs(1));
  // Nowhere a word of the other: its name, what it has, how much, or what binds both in the books of the vendor.
  const v1::Case all = Cases(*both)[0];
  v1::PartnerCase told = *mine;
  told.clear_create_time();  // their digits may be any
  told.clear_due_time();
  for (v1::PartnerCaseMessage& message : *told.mutable_messages()) message.clear_create_time();
  for (const std::string& other :
       {std::string("cogs"), std::string("45"), std::string("35"), std::string("bolt"), std::string("did it before"),
        std::string("massBalances"), all.uid(), all.name().substr(6), all.evidence_sha256()}) {
    EXPECT_THAT(told.DebugString(), Not(HasSubstr(other)));
  }
  EXPECT_THAT(Mine(*both, "cogs")->DebugString(), Not(HasSubstr("acme")));

  v1::ListCaseMessagesRequest list;
  list.set_parent(Cases(*both)[0].name());
  list.set_page_size(3);
  const auto first = both->Call<v1::ListCaseMessagesResponse>("CaseService/ListCaseMessages", list);
  ASSERT_OK(first);
  EXPECT_THAT(first->messages(), SizeIs(3));
  list.set_page_token(first->next_page_token());
  const auto rest = both->Call<v1::ListCaseMessagesResponse>("CaseService/ListCaseMessages", list);
  ASSERT_OK(rest);
  ASSERT_THAT(rest->messages(), SizeIs(1));
  EXPECT_EQ(rest->messages(0).party(), "partners/acme");
  EXPECT_THAT(
      both->Call<v1::ListCasesResponse>("CaseService/ListCases", v1::ListCasesRequest(), api::v1::PARTNER_USER, "acme"),
      HasReason(Reason::kPermissionDenied));

  ASSERT_OK(Resolve(*both, v1::Case::UNFOUNDED));
  EXPECT_EQ(Mine(*both, "acme")->outcome(), v1::Case::UNFOUNDED);
  ASSERT_OK(Move(*both, "Close", v1::CloseCaseRequest()));
  answer.clear_request_id();
  EXPECT_THAT(
      both->Call<v1::PartnerCase>("PartnerCaseService/AddPartnerCaseMessage", answer, api::v1::PARTNER_USER, "acme"),
      HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::conflict
