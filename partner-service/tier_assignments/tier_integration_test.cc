// Tiers over the wire: partners rise by what inventory's feed tells, fall after notice and grace, and learn what is
// missing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "partner-service/partners/partner.h"
#include "partner-service/sales_targets/testing_sales.h"
#include "partner-service/tier_assignments/tier_review.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/course.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/partner_program.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTiers[] = "tributary.partner.v1.TierAssignmentService/";
constexpr char kPartners[] = "tributary.partner.v1.PartnerService/";
constexpr char kPrograms[] = "tributary.partner.v1.PartnerProgramService/";

class TiersTest : public ::testing::Test {
 protected:
  TiersTest() : inventory_(service_), manager_(service_.Manager()), clock_(absl::Now()) {
    for (const char* id : {"p-1", "p-2"}) Activate(id);
    v1::CreateCourseRequest course;
    course.set_course_id("drives");
    course.mutable_course()->set_display_name("Drives");
    EXPECT_OK(manager_->Call<v1::Course>("tributary.partner.v1.CourseService/CreateCourse", course));
    v1::CreatePartnerProgramRequest program;
    program.set_partner_program_id("growth");
    program.mutable_partner_program()->add_levels()->set_level("member");
    AddLevel("silver", "100", 0, program.mutable_partner_program());
    AddLevel("gold", "1000.50", 2, program.mutable_partner_program());
    program.mutable_partner_program()->set_months(1);
    program.mutable_partner_program()->set_notice_days(10);
    program.mutable_partner_program()->set_grace_days(20);
    EXPECT_OK(manager_->Call<v1::PartnerProgram>(StrCat(kPrograms, "CreatePartnerProgram"), program));
  }

  static void AddLevel(const char* id, const char* amount, int holders, v1::PartnerProgram* program) {
    v1::PartnerProgram::Level& level = *program->add_levels();
    level.set_level(id);
    v1::PartnerProgram::Sales& sales = *level.add_criteria()->mutable_sales();
    sales.set_basis(v1::SalesTarget::SELL_IN);
    *sales.mutable_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse(amount)});
    if (holders == 0) return;
    v1::PartnerProgram::Certificates& certificates = *level.add_criteria()->mutable_certificates();
    certificates.set_course("courses/drives");
    certificates.set_holders(holders);
  }

  // An ACTIVE partner, by agreement.
  void Activate(const std::string& id) {
    v1::CreatePartnerRequest create;
    create.set_partner_id(id);
    create.mutable_partner()->set_legal_name("Acme");
    create.mutable_partner()->set_kind(v1::Partner::DEALER);
    create.mutable_partner()->set_currency("CNY");
    EXPECT_OK(manager_->Call<v1::Partner>(StrCat(kPartners, "CreatePartner"), create));
    const std::string agreements = "tributary.partner.v1.AgreementService/";
    v1::CreateAgreementRequest agreement;
    agreement.set_parent("partners/" + id);
    agreement.set_agreement_id("a");
    agreement.mutable_agreement()->set_title("Terms");
    agreement.mutable_agreement()->set_text("Terms");
    *agreement.mutable_agreement()->mutable_effective_from() = wire::ToProto(*Date::Parse("2020-01-01"));
    EXPECT_OK(manager_->Call<v1::Agreement>(agreements + "CreateAgreement", agreement));
    const std::string name = StrCat("partners/", id, "/agreements/a");
    v1::ProposeAgreementRequest propose;
    propose.set_name(name);
    const auto proposed = manager_->Call<v1::Agreement>(agreements + "ProposeAgreement", propose);
    EXPECT_OK(proposed);
    v1::SignAgreementRequest sign;
    sign.set_name(name);
    sign.set_text_sha256(proposed->text_sha256());
    EXPECT_OK(manager_->Call<v1::Agreement>(agreements + "SignAgreement", sign));
    Do<v1::ActivatePartnerRequest>("ActivatePartner", id);
  }
  template <typename Request>
  void Do(const char* verb, const std::string& id) {
    Request request;
    request.set_name("partners/" + id);
    EXPECT_OK(manager_->Call<v1::Partner>(StrCat(kPartners, verb), request));
  }
  void Certify(const std::string& id, const std::string& holder) {
    v1::CreateCertificateRequest request;
    request.set_parent("partners/" + id);
    request.mutable_certificate()->set_course("courses/drives");
    request.mutable_certificate()->set_holder(holder);
    *request.mutable_certificate()->mutable_issued_on() = wire::ToProto(Today());
    EXPECT_OK(manager_->Call<v1::Certificate>("tributary.partner.v1.CertificateService/CreateCertificate", request));
  }
  Date Today() const { return TodayOf(Partner(), clock_.Now()); }
  void Buy(const std::string& id, const std::string& document, const std::string& amount) {
    inventory_.Tell<inventory::v1::ShipmentLine>({Shipped(id, document, Today().ToString(), amount)});
    clock_.Advance(absl::Minutes(1));  // the review waits for the end of the burst
  }
  // What a review of all that is due does; answers how many partners it changed something for.
  int Review() {
    TierReview review(service_.database(), clock_, [] {});
    const auto changed = review.ExpireDue();
    EXPECT_OK(changed);
    return changed.value_or(-1);
  }
  std::vector<v1::TierAssignment> Assignments(rpc::Client& client, const std::string& filter = "",
                                              const std::string& parent = "partners/p-1") {
    v1::ListTierAssignmentsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    const auto page = client.Call<v1::ListTierAssignmentsResponse>(StrCat(kTiers, "ListTierAssignments"), request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    return {page->tier_assignments().begin(), page->tier_assignments().end()};
  }
  v1::TierAssignment Held(const std::string& parent = "partners/p-1") {
    const std::vector<v1::TierAssignment> held = Assignments(*manager_, "NOT valid_to:*", parent);
    EXPECT_THAT(held, SizeIs(1));
    return held.empty() ? v1::TierAssignment() : held.front();
  }
  absl::StatusOr<v1::TierOutlook> WhatNext(rpc::Client& client, const std::string& parent = "partners/p-1") {
    v1::WhatNextTierRequest request;
    request.set_parent(parent);
    request.set_program("partnerPrograms/growth");
    return client.Call<v1::TierOutlook>(StrCat(kTiers, "WhatNextTier"), request);
  }
  absl::StatusOr<v1::EvaluateTierAssignmentsResponse> Evaluate(rpc::Client& client, const std::string& parent,
                                                               int page_size = 0, const std::string& token = "",
                                                               const std::string& program = "") {
    v1::EvaluateTierAssignmentsRequest request;
    request.set_parent(parent);
    request.set_page_size(page_size);
    request.set_page_token(token);
    request.set_program(program);
    request.set_request_id(NewRequestId());
    return client.Call<v1::EvaluateTierAssignmentsResponse>(StrCat(kTiers, "EvaluateTierAssignments"), request);
  }
  // Verbs that the feed told of the partner's assignments, in their order.
  std::vector<std::string> Told(const std::string& partner) {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf(partner);
    std::vector<events::Event> told;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 1000,
                                   &told, &read_to, {{v1::TierAssignment::descriptor()->full_name()}}));
    std::vector<std::string> verbs;
    for (const events::Event& event : told) {
      if (event.name.starts_with(StrCat("partners/", partner, "/"))) verbs.push_back(event.verb);
    }
    return verbs;
  }

  RunningService service_;
  FollowedInventory inventory_;
  std::unique_ptr<rpc::Client> manager_;
  FakeClock clock_;
};

TEST_F(TiersTest, RisesByFactsAloneAndToTheCent) {
  EXPECT_EQ(Review(), 2);  // both are members
  EXPECT_EQ(Held().level(), "member");
  EXPECT_EQ(Held().cause(), v1::TierAssignment::PROMOTION);
  EXPECT_EQ(Review(), 0);

  const auto user = service_.UserOf("p-1");
  ASSERT_OK_AND_ASSIGN(v1::TierOutlook outlook, WhatNext(*user));
  EXPECT_EQ(outlook.assignment().level(), "member");
  EXPECT_EQ(outlook.next().level(), "silver");
  EXPECT_EQ(outlook.next().criteria(0).distance().value(), "100");
  EXPECT_TRUE(outlook.keep().met());
  Buy("p-1", "A", "99.99");
  EXPECT_EQ(Review(), 0);
  EXPECT_EQ(WhatNext(*user)->next().criteria(0).distance().value(), "0.01");
  Buy("p-1", "B", "0.01");
  EXPECT_EQ(Review(), 1);
  EXPECT_EQ(Held().level(), "silver");

  // Gold takes sales and two people.
  ASSERT_OK_AND_ASSIGN(outlook, WhatNext(*user));
  EXPECT_EQ(outlook.next().criteria(0).distance().value(), "900.5");
  EXPECT_EQ(outlook.next().criteria(1).distance().value(), "2");
  Buy("p-1", "C", "900.50");
  Certify("p-1", "h-1");
  EXPECT_EQ(Review(), 0);
  Certify("p-1", "h-1");  // the same person
  EXPECT_EQ(Review(), 0);
  Certify("p-1", "h-2");
  EXPECT_EQ(Review(), 1);
  EXPECT_EQ(Held().level(), "gold");
  EXPECT_FALSE(WhatNext(*user)->has_next());
  ASSERT_EQ(Held().findings_size(), 3);
  EXPECT_EQ(Held().findings(2).criteria(0).got().value(), "1000.5");
  EXPECT_EQ(Held().program_revision(), 1);
  EXPECT_THAT(Told("p-1"), ElementsAre("promoted", "ended", "promoted", "ended", "promoted"));
  EXPECT_EQ(Held("partners/p-2").level(), "member");
}

TEST_F(TiersTest, FallsAfterNoticeAndGraceAlone) {
  Buy("p-1", "A", "150");
  EXPECT_EQ(Review(), 2);
  const Date bought = Today();
  EXPECT_EQ(Held().level(), "silver");
  // In two months the sales of the last month are none.
  clock_.Advance(absl::Hours(24 * 62));
  EXPECT_EQ(Review(), 1);
  v1::TierAssignment held = Held();
  EXPECT_EQ(held.level(), "silver");
  EXPECT_EQ(wire::FromProto(held.notice_date())->ToString(), bought.AddDays(62).ToString());
  EXPECT_EQ(wire::FromProto(held.grace_date())->ToString(), bought.AddDays(72).ToString());
  EXPECT_EQ(wire::FromProto(held.demotion_date())->ToString(), bought.AddDays(92).ToString());
  EXPECT_EQ(held.notice_findings(1).criteria(0).got().value(), "0");
  clock_.Advance(absl::Hours(24 * 29));
  EXPECT_EQ(Review(), 0);
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(Review(), 1);
  held = Held();
  EXPECT_EQ(held.level(), "member");
  EXPECT_EQ(held.cause(), v1::TierAssignment::DEMOTION);
  EXPECT_EQ(wire::FromProto(held.valid_from())->ToString(), bought.AddDays(92).ToString());
  EXPECT_THAT(Told("p-1"), ElementsAre("promoted", "noticed", "ended", "demoted"));
}

TEST_F(TiersTest, WhoReachesItsLevelAgainKeepsIt) {
  Buy("p-1", "A", "150");
  EXPECT_EQ(Review(), 2);
  clock_.Advance(absl::Hours(24 * 62));
  EXPECT_EQ(Review(), 1);
  clock_.Advance(absl::Hours(24 * 25));
  Buy("p-1", "B", "100");
  EXPECT_EQ(Review(), 1);
  EXPECT_FALSE(Held().has_notice_date());
  EXPECT_THAT(Told("p-1"), ElementsAre("promoted", "noticed", "kept"));
}

TEST_F(TiersTest, AnyNumberOfReviewersDoEachReviewOnce) {
  for (const char* id : {"p-1", "p-2"}) Buy(id, "A", "150");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { Review(); });
  for (std::thread& thread : threads) thread.join();
  for (const char* id : {"p-1", "p-2"}) EXPECT_THAT(Told(id), ElementsAre("promoted"));
}

TEST_F(TiersTest, OnlyActivePartnersAreEvaluatedAndATerminatedOneHoldsNothing) {
  Buy("p-1", "A", "150");
  EXPECT_EQ(Review(), 2);
  Do<v1::SuspendPartnerRequest>("SuspendPartner", "p-1");
  clock_.Advance(absl::Hours(24 * 62));
  EXPECT_EQ(Review(), 0);  // p-2 is a member still, p-1 is not looked at
  EXPECT_FALSE(Held().has_notice_date());
  EXPECT_EQ(Evaluate(*manager_, "partners/p-1")->evaluations(0).outcome(), v1::TierEvaluation::NOT_EVALUATED);
  Do<v1::ReinstatePartnerRequest>("ReinstatePartner", "p-1");
  EXPECT_EQ(Review(), 1);
  EXPECT_TRUE(Held().has_notice_date());
  Do<v1::TerminatePartnerRequest>("TerminatePartner", "p-1");
  EXPECT_EQ(Review(), 1);
  EXPECT_THAT(Assignments(*manager_, "NOT valid_to:*"), IsEmpty());
  EXPECT_THAT(Told("p-1"), ElementsAre("promoted", "noticed", "ended"));
}

TEST_F(TiersTest, TheVendorEvaluatesAPartnerOrAllByPages) {
  Buy("p-2", "A", "150");
  ASSERT_OK_AND_ASSIGN(const auto first, Evaluate(*manager_, "partners/-", 1));
  ASSERT_THAT(first.evaluations(), SizeIs(1));
  EXPECT_EQ(first.evaluations(0).partner(), "partners/p-1");
  EXPECT_EQ(first.evaluations(0).outcome(), v1::TierEvaluation::PROMOTED);
  EXPECT_EQ(first.evaluations(0).assignment().level(), "member");
  ASSERT_OK_AND_ASSIGN(const auto second, Evaluate(*manager_, "partners/-", 1, first.next_page_token()));
  EXPECT_EQ(second.evaluations(0).assignment().level(), "silver");
  EXPECT_EQ(second.next_page_token(), "");
  ASSERT_OK_AND_ASSIGN(const auto again, Evaluate(*manager_, "partners/p-2", 0, "", "partnerPrograms/growth"));
  EXPECT_EQ(again.evaluations(0).outcome(), v1::TierEvaluation::UNCHANGED);
  EXPECT_EQ(again.evaluations(0).assignment().name(), second.evaluations(0).assignment().name());
  EXPECT_EQ(Review(), 0);

  EXPECT_THAT(Evaluate(*manager_, "partners/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Evaluate(*manager_, "partners/p-1", 0, "", "partnerPrograms/none"), HasReason(Reason::kNotFound));
  v1::UpdatePartnerProgramRequest hold;
  hold.mutable_partner_program()->set_name("partnerPrograms/growth");
  hold.mutable_partner_program()->set_on_hold(true);
  hold.mutable_update_mask()->add_paths("on_hold");
  ASSERT_OK(manager_->Call<v1::PartnerProgram>(StrCat(kPrograms, "UpdatePartnerProgram"), hold));
  EXPECT_THAT(Evaluate(*manager_, "partners/p-1", 0, "", "partnerPrograms/growth"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Evaluate(*manager_, "partners/p-1")->evaluations(), IsEmpty());
}

TEST_F(TiersTest, APartnerSeesItsOwn) {
  EXPECT_EQ(Review(), 2);
  const auto user = service_.UserOf("p-1");
  EXPECT_THAT(Assignments(*user, "", "partners/-"), SizeIs(1));
  v1::GetTierAssignmentRequest get;
  get.set_name(Held().name());
  EXPECT_EQ(user->Call<v1::TierAssignment>(StrCat(kTiers, "GetTierAssignment"), get)->level(), "member");
  get.set_name(Held("partners/p-2").name());
  EXPECT_THAT(user->Call<v1::TierAssignment>(StrCat(kTiers, "GetTierAssignment"), get),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(WhatNext(*user, "partners/p-2"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Evaluate(*user, "partners/p-1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(WhatNext(*manager_, "partners/none"), HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::partner
