// Remedies through the wire: what becomes of them in all three services.

#include <algorithm>

#include "conflict-service/remedies/testing_remedies.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// SCENARIOS: 70/30 of 5 % x 40,000; and a warning besides.
TEST_F(RemedyServiceTest, ASplitAndAWarningAreAppliedOneAfterTheOther) {
  v1::RemedyMeasure split = Measure(v1::RemedyStep::SPLIT_CREDIT, nullptr, "2000");
  for (const auto& [partner, weight] : {std::pair("partners/p2", "70"), std::pair("partners/p1", "30")}) {
    v1::RemedyShare& share = *split.add_shares();
    share.set_partner(partner);
    share.mutable_weight()->set_value(weight);
  }
  const auto begun = Apply({split, Measure(v1::RemedyStep::WARNING, "p1")});
  ASSERT_OK(begun);
  EXPECT_EQ(begun->name(), "cases/rival/remedies/1");
  EXPECT_EQ(begun->principal(), "manager-1");
  EXPECT_EQ(StatesOf(*begun), "RUNNING: ORDERED WAITING WAITING");
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}), HasReason(Reason::kStateConflict)) << "one runs";
  EXPECT_THAT(Close(), HasReason(Reason::kStateConflict));

  const incentive::v1::Adjustment first = Requested("p2");
  EXPECT_EQ(first.amount().units(), 1400);
  EXPECT_EQ(first.remedy(), begun->name());
  EXPECT_EQ(first.requester(), "manager-1");
  EXPECT_EQ(first.reason(), "SPLIT_CREDIT by decision");
  EXPECT_THAT(Adjustments("p1"), IsEmpty()) << "before the one before it is applied";
  // Money has its own rules: never by who asks, and by finance up to its limit.
  const auto manager = keys_.NewClient(incentive_.port(), api::v1::ADMINISTRATOR, "", "manager-1");
  EXPECT_THAT(Approve(first.name(), manager.get()), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Approve(first.name(), finance_.get()), HasReason(Reason::kAboveAuthority));
  ASSERT_OK(Approve(first.name()));
  const incentive::v1::Adjustment second = Requested("p1");
  EXPECT_EQ(second.amount().units(), 600);
  ASSERT_OK(Approve(second.name()));
  Await("APPLIED: APPLIED APPLIED APPLIED");

  const v1::Remedy applied = Get();
  EXPECT_EQ(applied.steps(0).result(), first.name());
  EXPECT_EQ(applied.steps(1).result(), second.name());
  const auto warning = GetSanction(applied.steps(2).result());
  ASSERT_OK(warning);
  EXPECT_EQ(warning->kind(), partner::v1::Sanction::WARNING);
  EXPECT_EQ(warning->level(), 1);
  EXPECT_EQ(warning->state(), partner::v1::Sanction::IN_FORCE);
  EXPECT_EQ(warning->principal(), "manager-1");
  EXPECT_THAT(warning->DebugString(), ::testing::Not(HasSubstr("rival"))) << "the partner reads it";

  // The ladder: the next warning is one level up.
  ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p1")}));
  Await("APPLIED: APPLIED", "cases/rival/remedies/2");
  EXPECT_EQ(GetSanction(Get("cases/rival/remedies/2").steps(0).result())->level(), 2);
  EXPECT_OK(Close());
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}), HasReason(Reason::kStateConflict)) << "CLOSED";
}

TEST_F(RemedyServiceTest, ARefusalTakesBackWhatWasAppliedTheLastOneFirst) {
  const auto begun = Apply({Measure(v1::RemedyStep::CLAWBACK, "p1", "2800"), Measure(v1::RemedyStep::WARNING, "p1"),
                            Measure(v1::RemedyStep::PENALTY, "p2", "450.50"), Measure(v1::RemedyStep::WARNING, "p2")});
  ASSERT_OK(begun);
  const incentive::v1::Adjustment clawback = Requested("p1");
  EXPECT_EQ(clawback.amount().units(), -2800);
  ASSERT_OK(Approve(clawback.name()));
  const incentive::v1::Adjustment penalty = Requested("p2");
  EXPECT_EQ(penalty.amount().units(), -450);
  EXPECT_EQ(penalty.amount().nanos(), -500000000);
  EXPECT_EQ(StatesOf(Get()), "RUNNING: APPLIED APPLIED ORDERED WAITING");
  EXPECT_EQ(GetSanction(Get().steps(1).result())->state(), partner::v1::Sanction::IN_FORCE);
  ASSERT_OK(Reject(penalty.name()));
  Await("COMPENSATED: COMPENSATED COMPENSATED REFUSED SKIPPED");

  const v1::Remedy failed = Get();
  EXPECT_EQ(failed.steps(2).note(), "Not by these facts");
  EXPECT_EQ(failed.steps(2).result(), penalty.name());
  EXPECT_EQ(failed.steps(1).compensation(), failed.steps(1).result());
  EXPECT_EQ(GetSanction(failed.steps(1).result())->state(), partner::v1::Sanction::LIFTED);
  const std::vector<incentive::v1::Adjustment> of_p1 = Adjustments("p1", "state = APPROVED");
  ASSERT_THAT(of_p1, SizeIs(2));
  EXPECT_EQ(of_p1[0].amount().units() + of_p1[1].amount().units(), 0);
  const auto back =
      std::find_if(of_p1.begin(), of_p1.end(), [](const auto& one) { return !one.compensates().empty(); });
  ASSERT_NE(back, of_p1.end());
  EXPECT_EQ(back->name(), failed.steps(0).compensation());
  EXPECT_EQ(back->compensates(), clawback.name());
  EXPECT_EQ(back->decider(), "administrator-1") << "who approved what it takes back";
  EXPECT_THAT(Adjustments("p2", "state = APPROVED"), IsEmpty());

  // What was told before, told again, changes nothing: the next remedy's shard tells it before that remedy.
  ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
    events::Outbox outbox;
    outbox.Add(events::Draft("cases/rival/remedies/2", "ordered", begun->name(), *begun));
    v1::Remedy compensating = failed;
    compensating.mutable_steps(0)->set_state(v1::RemedyStep::COMPENSATING);
    outbox.Add(events::Draft("cases/rival/remedies/2", "compensating", begun->name(), compensating));
    return outbox.Write(sql);
  }));
  conflict_.Poke();
  ASSERT_OK(Apply({Measure(v1::RemedyStep::PENALTY, "p3", "1")}));
  (void)Requested("p3");
  EXPECT_THAT(Adjustments("p1"), SizeIs(2));
  EXPECT_EQ(StatesOf(Get()), "COMPENSATED: COMPENSATED COMPENSATED REFUSED SKIPPED");
}

TEST_F(RemedyServiceTest, WhatCannotBeCarriedOutIsRefusedAtOnce) {
  ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p1"), Measure(v1::RemedyStep::WARNING, "p3")}));
  Await("COMPENSATED: COMPENSATED REFUSED");
  EXPECT_THAT(Get().steps(1).note(), HasSubstr("partners/p3"));
  v1::RemedyMeasure unknown = Measure(v1::RemedyStep::CLAWBACK, "p1", "1");
  unknown.set_program("programs/no-such");
  ASSERT_OK(Apply({unknown}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/2");
  EXPECT_THAT(Get("cases/rival/remedies/2").steps(0).note(), HasSubstr("programs/no-such"));
  EXPECT_THAT(Adjustments("p1"), IsEmpty());
  EXPECT_OK(Close());
}

// What a program paid in points is taken back, and given, in points.
TEST_F(RemedyServiceTest, PointsAreTakenBackAsPoints) {
  for (const auto& [id, currency] : {std::pair("in-points", "PTS"), std::pair("in-yuan", "CNY")}) {
    incentive::v1::CreateProgramRequest create;
    create.set_program_id(id);
    incentive::v1::Program& program = *create.mutable_program();
    program.set_display_name(id);
    program.set_basis(incentive::v1::Program::ORDER);
    program.set_shape(incentive::v1::Program::FLAT);
    incentive::v1::Program::Tier& tier = *program.add_tiers();
    tier.mutable_from_amount()->set_value("0");
    tier.mutable_rate()->set_value("0.1");
    program.set_period(incentive::v1::Program::QUARTER);
    program.set_currency(currency);
    program.set_rate_type("points");
    *program.mutable_effective_from() = wire::ToProto(*Date::Parse("2026-01-01"));
    ASSERT_OK(finance_->Call<incentive::v1::Program>("tributary.incentive.v1.ProgramService/CreateProgram", create));
  }
  const auto points = [](v1::RemedyStep::Kind kind, const char* partner, const char* amount, const char* program) {
    v1::RemedyMeasure measure = Measure(kind, partner);
    *measure.mutable_amount() = wire::ToProto(Money{"PTS", *Decimal::Parse(amount)});
    measure.set_program(program);
    return measure;
  };
  v1::RemedyMeasure split = points(v1::RemedyStep::SPLIT_CREDIT, nullptr, "101", "");
  for (const char* partner : {"partners/p2", "partners/p1"}) {
    v1::RemedyShare& share = *split.add_shares();
    share.set_partner(partner);
    share.mutable_weight()->set_value("1");
  }
  EXPECT_THAT(Apply({points(v1::RemedyStep::CLAWBACK, "p1", "0.5", "")}), Blames("measures[0].amount"));
  ASSERT_OK(Apply({points(v1::RemedyStep::CLAWBACK, "p1", "300", "programs/in-points"), split}));
  const incentive::v1::Adjustment back = Requested("p1");
  EXPECT_EQ(back.amount().currency_code(), "PTS");
  EXPECT_EQ(back.amount().units(), -300);
  EXPECT_EQ(back.program(), "programs/in-points");
  ASSERT_OK(Approve(back.name()));
  const incentive::v1::Adjustment more = Requested("p2");
  EXPECT_EQ(more.amount().units(), 51) << "points are whole: the earlier share has the one that is left";
  ASSERT_OK(Approve(more.name()));
  const incentive::v1::Adjustment rest = Requested("p1");
  EXPECT_EQ(rest.amount().units(), 50);
  ASSERT_OK(Approve(rest.name()));
  Await("APPLIED: APPLIED APPLIED APPLIED");

  ASSERT_OK(Apply({points(v1::RemedyStep::CLAWBACK, "p1", "300", "programs/in-yuan")}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/2");
  EXPECT_EQ(Get("cases/rival/remedies/2").steps(0).note(),
            "amount.currency_code: got PTS, want money: programs/in-yuan pays CNY");
  v1::RemedyMeasure yuan = Measure(v1::RemedyStep::PENALTY, "p1", "300");
  yuan.set_program("programs/in-points");
  ASSERT_OK(Apply({yuan}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/3");
  EXPECT_EQ(Get("cases/rival/remedies/3").steps(0).note(),
            "amount.currency_code: got CNY, want PTS: programs/in-points pays PTS");
  EXPECT_THAT(Adjustments("p1"), SizeIs(2));
}

TEST_F(RemedyServiceTest, IsForTheStaffAndNamesWhatIsWrong) {
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::CLAWBACK, "p1", "0"), Measure(v1::RemedyStep::WARNING, "p9")}),
              Blames("measures[1].partner"));
  EXPECT_THAT(Apply({}), HasReason(Reason::kInvalidField));
  v1::RemedyMeasure two_lines = Measure(v1::RemedyStep::WARNING, "p1");
  two_lines.set_reason("One\ntwo");
  EXPECT_THAT(Apply({two_lines}), Blames("measures[0].reason"));
  EXPECT_THAT(Apply({Reassign("partners/p2/territoryGrants/home", "p2", "2026-07-01")}),
              Blames("measures[0].territory_grant"));
  const auto user = keys_.NewClient(port_, api::v1::PARTNER_USER, "p1");
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}, user.get()), HasReason(Reason::kPermissionDenied));
  v1::ListRemediesRequest list;
  list.set_parent("cases/rival");
  constexpr char kList[] = "tributary.conflict.v1.RemedyService/ListRemedies";
  EXPECT_THAT(user->Call<v1::ListRemediesResponse>(kList, list), HasReason(Reason::kPermissionDenied));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p3")}));
    Await("COMPENSATED: REFUSED", StrCat("cases/rival/remedies/", i + 1));
  }
  list.set_parent("cases/-");
  list.set_page_size(2);
  list.set_filter("state = COMPENSATED");
  std::vector<std::string> names;
  do {
    const auto page = staff_->Call<v1::ListRemediesResponse>(kList, list);
    ASSERT_OK(page);
    for (const v1::Remedy& remedy : page->remedies()) names.push_back(remedy.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("cases/rival/remedies/1", "cases/rival/remedies/2", "cases/rival/remedies/3"));
  list.set_parent("cases/none");
  EXPECT_THAT(staff_->Call<v1::ListRemediesResponse>(kList, list), HasReason(Reason::kNotFound));
  v1::GetRemedyRequest get;
  get.set_name("cases/rival/remedies/01");
  EXPECT_THAT(staff_->Call<v1::Remedy>("tributary.conflict.v1.RemedyService/GetRemedy", get),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::conflict
