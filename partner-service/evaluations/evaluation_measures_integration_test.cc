// What evaluations read of partners, measure by measure.

#include <string>

#include "partner-service/evaluations/testing_evaluations.h"
#include "tributary/partner/v1/activity.pb.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/course.pb.h"
#include "tributary/partner/v1/partner_program.pb.h"
#include "tributary/partner/v1/support_policy.pb.h"
#include "tributary/partner/v1/support_request.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::partner {
namespace {

using ::testing::SizeIs;

class EvaluationMeasuresTest : public EvaluatedPartnersTest {};

TEST_F(EvaluationMeasuresTest, ReadsEveryMeasure) {
  v1::CreateSalesTargetRequest target;
  target.set_parent("partners/p-1");
  target.set_target_id("t");
  target.mutable_target()->set_basis(v1::SalesTarget::SELL_IN);
  target.mutable_target()->set_fiscal_calendar("fiscalCalendars/main");
  target.mutable_target()->set_period("2025M02");
  target.mutable_target()->mutable_quantity()->set_value("4");
  ASSERT_OK(Call<v1::SalesTarget>("tributary.partner.v1.SalesTargetService/", "CreateSalesTarget", target));
  v1::ScorecardTemplate t;
  t.set_fiscal_calendar("fiscalCalendars/main");
  AddComponent("targets", 40, v1::ScorecardTemplate::ATTAINMENT, "100", &t);
  AddComponent("done", 20, v1::ScorecardTemplate::FOLLOW_UPS, "100", &t);
  AddComponent("terms", 40, v1::ScorecardTemplate::AGREEMENTS, "100", &t);
  ASSERT_OK(CreateTemplate("main", t));
  Buy("p-1", "A", "2025-02-28", "10");  // a unit
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  ASSERT_THAT(made.components(0).readings(), SizeIs(1));
  EXPECT_EQ(made.components(0).readings(0).subject(), "partners/p-1/targets/t");
  EXPECT_EQ(made.components(0).readings(0).got().value(), "1");
  EXPECT_EQ(made.components(0).readings(0).of().value(), "4");
  EXPECT_EQ(made.components(0).low().exact(), "10");
  EXPECT_FALSE(made.components(1).has_figure());
  EXPECT_EQ(made.components(2).readings(0).of().value(), "90");
  EXPECT_EQ(made.components(2).low().exact(), "40");

  v1::CreateActivityRequest talk;
  talk.set_parent("partners/p-1");
  talk.mutable_activity()->set_kind(v1::Activity::MEETING);
  talk.mutable_activity()->set_subject("A talk");
  for (const bool done : {true, false, true}) {
    v1::Activity::FollowUp& follow_up = *talk.mutable_activity()->add_follow_ups();
    follow_up.set_text("Call");
    follow_up.set_done(done);
    *follow_up.mutable_due() = wire::ToProto(*Date::Parse("2025-01-31"));
  }
  ASSERT_OK(Call<v1::Activity>("tributary.partner.v1.ActivityService/", "CreateActivity", talk));
  EXPECT_EQ(Review(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation now, GetEvaluation(*manager_, made.name()));
  EXPECT_EQ(now.components(1).figure().value().value(), "66.66");
  EXPECT_EQ(now.components(1).low().exact(), "3333/250");
}

// Of the quarter under way: people, levels, and what was asked of the vendor.
TEST_F(EvaluationMeasuresTest, ReadsWhatIsUnderWay) {
  const Date today = TodayOf(Partner(), absl::Now());
  v1::CreateCourseRequest course;
  course.set_course_id("drives");
  course.mutable_course()->set_display_name("Drives");
  ASSERT_OK(Call<v1::Course>("tributary.partner.v1.CourseService/", "CreateCourse", course));
  v1::CreatePartnerProgramRequest program;
  program.set_partner_program_id("growth");
  program.mutable_partner_program()->add_levels()->set_level("member");
  program.mutable_partner_program()->set_months(1);
  program.mutable_partner_program()->set_notice_days(1);
  ASSERT_OK(Call<v1::PartnerProgram>("tributary.partner.v1.PartnerProgramService/", "CreatePartnerProgram", program));
  v1::ScorecardTemplate t;
  t.set_fiscal_calendar("fiscalCalendars/main");
  AddComponent("people", 40, v1::ScorecardTemplate::CERTIFICATES, "2", &t);
  t.mutable_components(0)->set_course("courses/drives");
  AddComponent("level", 20, v1::ScorecardTemplate::TIER, "2", &t);
  t.mutable_components(1)->set_program("partnerPrograms/growth");
  AddComponent("support", 40, v1::ScorecardTemplate::SUPPORT, "100", &t);
  ASSERT_OK(CreateTemplate("main", t));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("now", StrCat(today.year(), "Q", (today.month() + 2) / 3)));
  EXPECT_EQ(made.low().exact(), "0");
  EXPECT_EQ(made.high().exact(), "60");  // that nobody has a certificate is known

  v1::CreateCertificateRequest certificate;
  certificate.set_parent("partners/p-1");
  certificate.mutable_certificate()->set_course("courses/drives");
  certificate.mutable_certificate()->set_holder("h-1");
  *certificate.mutable_certificate()->mutable_issued_on() = wire::ToProto(today);
  ASSERT_OK(Call<v1::Certificate>("tributary.partner.v1.CertificateService/", "CreateCertificate", certificate));
  v1::EvaluateTierAssignmentsRequest tiers;
  tiers.set_parent("partners/p-1");
  ASSERT_OK(Call<v1::EvaluateTierAssignmentsResponse>("tributary.partner.v1.TierAssignmentService/",
                                                      "EvaluateTierAssignments", tiers));
  v1::CreateSupportPolicyRequest policy;
  policy.set_support_policy_id("technical");
  policy.mutable_support_policy()->set_fiscal_calendar("fiscalCalendars/main");
  policy.mutable_support_policy()->set_closing_minute(1440);
  v1::SupportPolicy::Term& term = *policy.mutable_support_policy()->add_terms();
  term.set_severity(v1::SupportPolicy::NORMAL);
  term.set_working_days(1);
  ASSERT_OK(Call<v1::SupportPolicy>("tributary.partner.v1.SupportPolicyService/", "CreateSupportPolicy", policy));
  constexpr char kSupport[] = "tributary.partner.v1.SupportRequestService/";
  for (const char* id : {"settled", "reopened", "open"}) {
    v1::CreateSupportRequestRequest ask;
    ask.set_parent("partners/p-1");
    ask.set_support_request_id(id);
    ask.mutable_support_request()->set_policy("supportPolicies/technical");
    ask.mutable_support_request()->set_severity(v1::SupportPolicy::NORMAL);
    ask.mutable_support_request()->set_subject("A drive");
    ask.mutable_support_request()->set_text("It does not start.");
    ASSERT_OK_AND_ASSIGN(const v1::SupportRequest asked,
                         Call<v1::SupportRequest>(kSupport, "CreateSupportRequest", ask));
    const auto answer = [&] {
      v1::AssignSupportRequestRequest assign;
      assign.set_name(asked.name());
      assign.set_assignee("engineer");
      ASSERT_OK(Call<v1::SupportRequest>(kSupport, "AssignSupportRequest", assign));
      v1::AnswerSupportRequestRequest answered;
      answered.set_name(asked.name());
      answered.set_answer("Press the button.");
      ASSERT_OK(Call<v1::SupportRequest>(kSupport, "AnswerSupportRequest", answered));
    };
    if (id == std::string("open")) continue;
    answer();
    if (id == std::string("settled")) continue;
    v1::ReopenSupportRequestRequest reopen;
    reopen.set_name(asked.name());
    reopen.set_reason("It still does not.");
    ASSERT_OK(Call<v1::SupportRequest>(kSupport, "ReopenSupportRequest", reopen));
    answer();
  }
  EXPECT_EQ(Review(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation now, GetEvaluation(*manager_, made.name()));
  EXPECT_EQ(now.components(0).low().exact(), "20");
  EXPECT_EQ(now.components(1).low().exact(), "10");
  EXPECT_EQ(now.components(2).figure().value().value(), "33.33");
  EXPECT_EQ(now.components(2).low().exact(), "3333/250");
}

}  // namespace
}  // namespace tributary::partner
