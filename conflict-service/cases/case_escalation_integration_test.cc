// Deadlines of cases, and what comes of those that pass, through the wire.

#include <set>

#include "absl/time/clock.h"
#include "common/wire/wire.h"
#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/case_deadlines.pb.h"
#include "tributary/conflict/v1/case_evidence.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class CaseEscalationTest : public WanderingGoodsTest {
 protected:
  static v1::Case Get(TwoServices& both) {
    v1::GetCaseRequest request;
    request.set_name(Cases(both).at(0).name());
    const auto one = both.Call<v1::Case>("CaseService/GetCase", request);
    EXPECT_THAT(one, IsOk());
    return one.value_or(v1::Case());
  }
  // Time passes: the step began so much earlier.
  static void PutBack(TwoServices& both, int hours) {
    EXPECT_THAT(both.database().Transact({},
                                         [&](mysql::Transaction& sql) {
                                           return sql
                                               .Execute(
                                                   "UPDATE conflict_case SET due_time = due_time - INTERVAL ? HOUR, "
                                                   "escalate_after = escalate_after - INTERVAL ? HOUR",
                                                   {hours, hours})
                                               .status();
                                         }),
                IsOk());
  }
  static bool Reaches(TwoServices& both, int level) {
    for (const absl::Time deadline = absl::Now() + absl::Seconds(60); absl::Now() < deadline;) {
      if (Get(both).escalation() == level) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
  static int64_t Told(TwoServices& both, const std::string& names) {
    int64_t count = 0;
    EXPECT_THAT(both.database().Transact({},
                                         [&](mysql::Transaction& sql) -> absl::Status {
                                           ASSIGN_OR_RETURN(const mysql::Rows rows,
                                                            sql.Query("SELECT COUNT(*) FROM event WHERE verb = "
                                                                      "'escalated' AND name LIKE ?",
                                                                      {names}));
                                           count = rows.at(0).Int(0);
                                           return absl::OkStatus();
                                         }),
                IsOk());
    return count;
  }
};

TEST_F(CaseEscalationTest, WhatIsDueAndNobodyMovesIsEscalated) {
  const auto both = BeginWithACase();  // HIGH: to be triaged within a day
  EXPECT_EQ(Get(*both).escalation(), 0);
  EXPECT_FALSE(Get(*both).has_escalate_time());
  PutBack(*both, 24);
  ASSERT_TRUE(Reaches(*both, 1));
  v1::Case one = Get(*both);
  EXPECT_EQ(one.escalated_to(), api::v1::CHANNEL_MANAGER);
  EXPECT_EQ(wire::FromProto(one.escalate_time()), wire::FromProto(one.due_time()));
  ASSERT_THAT(one.escalations(), SizeIs(1));
  EXPECT_EQ(one.escalations(0).state(), v1::Case::OPEN);
  EXPECT_EQ(Told(*both, "cases/%"), 1);
  EXPECT_EQ(Told(*both, "partners/%"), 0) << "no party sees it yet";
  EXPECT_THAT(Cases(*both, "escalated_to = CHANNEL_MANAGER"), SizeIs(1));
  PutBack(*both, 49);  // more than twice as long again, at once
  ASSERT_TRUE(Reaches(*both, 3));
  one = Get(*both);
  EXPECT_EQ(one.escalated_to(), api::v1::ADMINISTRATOR);
  ASSERT_THAT(one.escalations(), SizeIs(3));
  std::set<int> levels;
  for (const v1::CaseEscalation& escalation : one.escalations()) levels.insert(escalation.level());
  EXPECT_EQ(levels, (std::set<int>{1, 2, 3}));
  EXPECT_EQ(Told(*both, "cases/%"), 2);

  // Moved, it is in time again; what was stays to be read.
  const auto triaged = Move(*both, "Triage", v1::TriageCaseRequest());
  ASSERT_OK(triaged);
  EXPECT_EQ(triaged->escalation(), 0);
  EXPECT_EQ(triaged->escalated_to(), api::v1::ROLE_UNSPECIFIED);
  EXPECT_THAT(Get(*both).escalations(), SizeIs(3));
  EXPECT_THAT(Cases(*both, "escalated_to = ADMINISTRATOR"), IsEmpty());
  // The parties that are shown it are told as well, each of its own.
  PutBack(*both, 24 * 7);
  ASSERT_TRUE(Reaches(*both, 1));
  EXPECT_EQ(Told(*both, "partners/acme/cases/1"), 1);
  EXPECT_EQ(Told(*both, "partners/cogs/cases/1"), 1);
  v1::GetPartnerCaseRequest mine;
  mine.set_name("partners/acme/cases/1");
  const auto shown =
      both->Call<v1::PartnerCase>("PartnerCaseService/GetPartnerCase", mine, api::v1::PARTNER_USER, "acme");
  ASSERT_OK(shown);
  EXPECT_EQ(shown->escalation(), 1);
  // Hearing them takes no more time than there is.
  const auto heard = Move(*both, "Mediate", v1::MediateCaseRequest());
  ASSERT_OK(heard);
  EXPECT_EQ(heard->escalation(), 1);
}

TEST_F(CaseEscalationTest, DeadlinesAreAPolicyInVersions) {
  const auto both = Begin();
  v1::GetCaseDeadlinesRequest get;
  get.set_name("caseDeadlines/default");
  const auto built_in = both->Call<v1::CaseDeadlines>("CaseDeadlinesService/GetCaseDeadlines", get);
  ASSERT_OK(built_in);
  EXPECT_EQ(built_in->version(), 0);
  ASSERT_THAT(built_in->deadlines(), SizeIs(3));
  EXPECT_EQ(built_in->deadlines(2).severity(), v1::Case::HIGH);
  EXPECT_EQ(built_in->deadlines(2).triage_days(), 1);
  v1::UpdateCaseDeadlinesRequest update;
  const auto call = [&] { return both->Call<v1::CaseDeadlines>("CaseDeadlinesService/UpdateCaseDeadlines", update); };
  *update.mutable_case_deadlines() = *built_in;
  update.mutable_case_deadlines()->mutable_deadlines()->RemoveLast();
  EXPECT_THAT(call(), Blames("case_deadlines.deadlines"));
  *update.mutable_case_deadlines()->add_deadlines() = built_in->deadlines(1);
  EXPECT_THAT(call(), Blames("case_deadlines.deadlines[2].severity"));
  *update.mutable_case_deadlines()->mutable_deadlines(2) = built_in->deadlines(2);
  update.mutable_case_deadlines()->mutable_deadlines(2)->set_triage_days(2);
  update.mutable_case_deadlines()->set_escalation_roles(0, api::v1::PARTNER_USER);
  EXPECT_THAT(call(), Blames("case_deadlines.escalation_roles[0]"));
  update.mutable_case_deadlines()->set_escalation_roles(0, api::v1::FINANCE);
  const auto changed = call();
  ASSERT_OK(changed);
  EXPECT_EQ(changed->version(), 1);
  EXPECT_EQ(changed->deadlines(0).triage_days(), 7);
  EXPECT_THAT(call(), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(
      both->Call<v1::CaseDeadlines>("CaseDeadlinesService/GetCaseDeadlines", get, api::v1::PARTNER_USER, "acme"),
      HasReason(Reason::kPermissionDenied));

  MakeACase(*both);
  const v1::Case one = Get(*both);
  EXPECT_EQ(wire::FromProto(one.due_time()) - wire::FromProto(one.create_time()), absl::Hours(48));
  PutBack(*both, 48);
  ASSERT_TRUE(Reaches(*both, 1));
  EXPECT_EQ(Get(*both).escalated_to(), api::v1::FINANCE);
  // Who it is escalated to reads it, what it rests on and how long there was; the staff of channels moves it.
  v1::GetCaseRequest get_case;
  get_case.set_name(one.name());
  EXPECT_OK(both->Call<v1::Case>("CaseService/GetCase", get_case, api::v1::FINANCE));
  v1::GetFindingRequest finding;
  finding.set_name(one.finding());
  EXPECT_OK(both->Call<v1::Finding>("FindingService/GetFinding", finding, api::v1::FINANCE));
  const auto findings =
      both->Call<v1::ListFindingsResponse>("FindingService/ListFindings", v1::ListFindingsRequest(), api::v1::FINANCE);
  ASSERT_OK(findings);
  EXPECT_GE(findings->findings_size(), 1);
  v1::ListCasesRequest escalated;
  escalated.set_filter("escalated_to = FINANCE");
  const auto for_finance = both->Call<v1::ListCasesResponse>("CaseService/ListCases", escalated, api::v1::FINANCE);
  ASSERT_OK(for_finance);
  EXPECT_THAT(for_finance->cases(), SizeIs(1));
  v1::ListCaseMessagesRequest messages;
  messages.set_parent(one.name());
  EXPECT_OK(both->Call<v1::ListCaseMessagesResponse>("CaseService/ListCaseMessages", messages, api::v1::FINANCE));
  v1::ListCaseEvidenceRequest evidence;
  evidence.set_parent(one.name());
  const auto rests_on =
      both->Call<v1::ListCaseEvidenceResponse>("CaseEvidenceService/ListCaseEvidence", evidence, api::v1::FINANCE);
  ASSERT_OK(rests_on);
  ASSERT_GT(rests_on->case_evidence_size(), 0);
  v1::GetCaseEvidenceRequest record;
  record.set_name(rests_on->case_evidence(0).name());
  EXPECT_OK(both->Call<v1::CaseEvidence>("CaseEvidenceService/GetCaseEvidence", record, api::v1::FINANCE));
  v1::VerifyCaseEvidenceRequest verify;
  verify.set_name(one.name());
  EXPECT_OK(
      both->Call<v1::VerifyCaseEvidenceResponse>("CaseEvidenceService/VerifyCaseEvidence", verify, api::v1::FINANCE));
  EXPECT_OK(both->Call<v1::CaseDeadlines>("CaseDeadlinesService/GetCaseDeadlines", get, api::v1::FINANCE));
  v1::TriageCaseRequest triage;
  triage.set_name(one.name());
  EXPECT_THAT(both->Call<v1::Case>("CaseService/TriageCase", triage, api::v1::FINANCE),
              HasReason(Reason::kPermissionDenied));

  v1::ListCaseDeadlinesVersionsRequest list;
  list.set_parent("caseDeadlines/default");
  const auto versions = both->Call<v1::ListCaseDeadlinesVersionsResponse>(
      "CaseDeadlinesService/ListCaseDeadlinesVersions", list, api::v1::FINANCE);
  ASSERT_OK(versions);
  ASSERT_THAT(versions->case_deadlines(), SizeIs(2));
  EXPECT_EQ(versions->case_deadlines(0).SerializeAsString(), changed->SerializeAsString());
  EXPECT_EQ(versions->case_deadlines(1).version(), 0);
}

}  // namespace
}  // namespace tributary::conflict
