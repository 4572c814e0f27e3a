// Sanctions over the wire: they suspend and reinstate, take territory and keep it away, and follow from missed targets.

#include <thread>

#include "partner-service/evaluations/testing_evaluations.h"
#include "partner-service/notifications/notification_maker.h"
#include "partner-service/sales_targets/target_decision.h"
#include "tributary/partner/v1/activity.pb.h"
#include "tributary/partner/v1/notification.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kTargets[] = "tributary.partner.v1.SalesTargetService/";

class SanctionsTest : public EvaluatedPartnersTest {
 protected:
  static v1::Sanction Of(v1::Sanction::Kind kind) {
    v1::Sanction sanction;
    sanction.set_kind(kind);
    return sanction;
  }
  // Days from today.
  Date In(int days) const { return TodayOf(Partner(), clock_.Now()).AddDays(days); }
  v1::Sanction::State State(const std::string& name) { return GetSanction(name)->state(); }

  void Target(const std::string& id, v1::SalesTarget::Consequence consequence, int grace_days = 0,
              const std::string& period = "2025Q1") {
    v1::CreateSalesTargetRequest request;
    request.set_parent("partners/p-1");
    request.set_target_id(id);
    v1::SalesTarget& target = *request.mutable_target();
    target.set_basis(v1::SalesTarget::SELL_IN);
    target.set_fiscal_calendar("fiscalCalendars/main");
    target.set_period(period);
    *target.mutable_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse("100")});
    target.set_consequence(consequence);
    target.set_grace_days(grace_days);
    ASSERT_OK(Call<v1::SalesTarget>(kTargets, "CreateSalesTarget", request));
  }
  v1::SalesTarget GetTarget(const std::string& id) {
    return *Get<v1::SalesTarget, v1::GetSalesTargetRequest>(kTargets, "GetSalesTarget", "partners/p-1/targets/" + id);
  }
  // By several replicas at once.
  void DecideTargets() {
    std::vector<std::thread> replicas;
    for (int i = 0; i < 3; ++i) {
      replicas.emplace_back([&] {
        TargetDecision decision(service_.database(), clock_, [] {});
        EXPECT_OK(decision.ExpireDue());
      });
    }
    for (std::thread& replica : replicas) replica.join();
  }
  std::vector<std::string> Sanctions() {
    v1::ListSanctionsRequest request;
    request.set_parent("partners/p-1");
    const auto page = As<v1::ListSanctionsResponse>(*user_, kSanctions, "ListSanctions", request);
    EXPECT_OK(page);
    std::vector<std::string> sanctions;
    for (const v1::Sanction& one : page->sanctions()) {
      sanctions.push_back(StrCat(v1::Sanction::Kind_Name(one.kind()), " ", one.level(), " ", one.cause()));
    }
    return sanctions;
  }
  std::vector<std::string> Topics() {
    EXPECT_OK(service_.feed().Refresh());
    NotificationMaker maker(service_.database(), service_.feed(), clock_, [] {});
    EXPECT_OK(maker.CatchUp());
    v1::ListNotificationsRequest request;
    request.set_parent("partners/p-1");
    const auto page = As<v1::ListNotificationsResponse>(*user_, "tributary.partner.v1.NotificationService/",
                                                        "ListNotifications", request);
    EXPECT_OK(page);
    std::vector<std::string> topics;
    for (const v1::Notification& one : page->notifications()) {
      if (one.topic() < v1::Notification::EVALUATION_PUBLISHED) continue;
      topics.push_back(StrCat(v1::Notification::Topic_Name(one.topic()), " ", one.subject()));
    }
    return topics;
  }
};

TEST_F(SanctionsTest, ASuspensionSuspendsUntilItIsOverAndNobodyReinstatesBefore) {
  ASSERT_OK_AND_ASSIGN(const v1::Sanction first, Impose(Of(v1::Sanction::SUSPENSION), "s-1"));
  EXPECT_EQ(first.state(), v1::Sanction::IN_FORCE);
  EXPECT_EQ(first.level(), 1);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  EXPECT_EQ(Times("suspended", "partners/p-1"), 1u);
  const auto reinstated = Do<v1::Partner, v1::ReinstatePartnerRequest>(kPartners, "ReinstatePartner", "partners/p-1");
  EXPECT_THAT(reinstated, HasReason(Reason::kStateConflict));
  EXPECT_THAT(std::string(reinstated.status().message()), HasSubstr(first.name()));
  EXPECT_THAT(CreateGrant("partners/p-1", {"regions/aw-1"}), HasReason(Reason::kStateConflict));

  // A second one keeps it suspended when the first is lifted.
  v1::Sanction dated = Of(v1::Sanction::SUSPENSION);
  *dated.mutable_effective_to() = wire::ToProto(In(5));
  ASSERT_OK_AND_ASSIGN(const v1::Sanction second, Impose(dated, "s-2"));
  EXPECT_EQ(second.level(), 2);
  ASSERT_OK(Lift(first.name()));
  EXPECT_THAT(Lift(first.name()), HasReason(Reason::kStateConflict));
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  clock_.Advance(absl::Hours(24 * 5));
  EXPECT_EQ(TurnSanctions(), 1);
  EXPECT_EQ(State(second.name()), v1::Sanction::ENDED);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  EXPECT_EQ(Times("reinstated", "partners/p-1"), 1u);
  ASSERT_OK(CreateGrant("partners/p-1", {"regions/aw-1"}));
  EXPECT_THAT(Topics(),
              ElementsAre("SANCTION_LIFTED partners/p-1/sanctions/s-1", "SANCTION_CREATED partners/p-1/sanctions/s-2",
                          "SANCTION_CREATED partners/p-1/sanctions/s-1"));
}

TEST_F(SanctionsTest, WhoWasSuspendedByHandStaysSo) {
  ASSERT_OK((Do<v1::Partner, v1::SuspendPartnerRequest>(kPartners, "SuspendPartner", "partners/p-1")));
  ASSERT_OK_AND_ASSIGN(const v1::Sanction sanction, Impose(Of(v1::Sanction::SUSPENSION), "s"));
  ASSERT_OK(Lift(sanction.name()));
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  ASSERT_OK((Do<v1::Partner, v1::ReinstatePartnerRequest>(kPartners, "ReinstatePartner", "partners/p-1")));
}

TEST_F(SanctionsTest, WhoIsNotActiveYetIsNotActivatedUnderASuspension) {
  ASSERT_OK(CreatePartner("p-3"));
  SignedAgreement("partners/p-3");
  ASSERT_OK_AND_ASSIGN(const v1::Sanction sanction, Impose(Of(v1::Sanction::SUSPENSION), "s", "p-3"));
  EXPECT_EQ(StateOf("p-3"), v1::Partner::PROSPECT);
  const auto activate = [&] {
    return Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-3");
  };
  EXPECT_THAT(activate(), HasReason(Reason::kStateConflict));
  ASSERT_OK(Lift(sanction.name()));
  EXPECT_EQ(StateOf("p-3"), v1::Partner::PROSPECT);
  ASSERT_OK(activate());
}

TEST_F(SanctionsTest, BeginsWithItsDay) {
  v1::Sanction later = Of(v1::Sanction::SUSPENSION);
  *later.mutable_effective_from() = wire::ToProto(In(3));
  ASSERT_OK_AND_ASSIGN(const v1::Sanction sanction, Impose(later, "s"));
  EXPECT_EQ(sanction.state(), v1::Sanction::SCHEDULED);
  clock_.Advance(absl::Hours(24 * 2));
  EXPECT_EQ(TurnSanctions(), 0);
  clock_.Advance(absl::Hours(24));
  std::vector<std::thread> replicas;
  for (int i = 0; i < 3; ++i) replicas.emplace_back([&] { TurnSanctions(); });
  for (std::thread& replica : replicas) replica.join();
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  EXPECT_EQ(Times("begun", sanction.name()), 1u);
  EXPECT_EQ(Times("suspended", "partners/p-1"), 1u);
}

TEST_F(SanctionsTest, AGrantReductionTakesTerritoryAndKeepsItAway) {
  ASSERT_OK(CreateGrant("partners/p-1", {"regions/aw-1"}));
  v1::Sanction reduction = Of(v1::Sanction::GRANT_REDUCTION);
  EXPECT_THAT(Impose(reduction), Blames("sanction.territory_grants"));
  reduction.add_territory_grants("partners/p-1/territoryGrants/none");
  EXPECT_THAT(Impose(reduction), HasReason(Reason::kReferenceNotFound));
  reduction.set_territory_grants(0, "partners/p-1/territoryGrants/home");
  ASSERT_OK_AND_ASSIGN(const v1::Sanction sanction, Impose(reduction, "s"));
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  v1::GetTerritoryGrantRequest get;
  get.set_name("partners/p-1/territoryGrants/home");
  EXPECT_EQ(Call<v1::TerritoryGrant>(kGrants, "GetTerritoryGrant", get)->state(), v1::TerritoryGrant::REVOKED);
  v1::CreateTerritoryGrantRequest more;
  more.set_parent("partners/p-1");
  more.set_territory_grant_id("more");
  more.mutable_territory_grant()->add_regions("regions/aw-2");
  more.mutable_territory_grant()->set_exclusivity(v1::TerritoryGrant::NON_EXCLUSIVE);
  *more.mutable_territory_grant()->mutable_effective_from() = wire::ToProto(*Date::Parse("2025-01-01"));
  EXPECT_THAT(Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", more), HasReason(Reason::kStateConflict));
  ASSERT_OK(Lift(sanction.name()));
  EXPECT_EQ(Call<v1::TerritoryGrant>(kGrants, "GetTerritoryGrant", get)->state(), v1::TerritoryGrant::REVOKED);
  ASSERT_OK(Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", more));
}

TEST_F(SanctionsTest, APartnerSeesItsOwnAndMakesNone) {
  ASSERT_OK_AND_ASSIGN(const v1::Sanction sanction, Impose(Of(v1::Sanction::WARNING), "s"));
  EXPECT_THAT(Sanctions(), ElementsAre("WARNING 1 "));
  const auto other = service_.UserOf("p-2");
  v1::GetSanctionRequest get;
  get.set_name(sanction.name());
  EXPECT_THAT(As<v1::Sanction>(*other, kSanctions, "GetSanction", get), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(As<v1::Sanction>(*user_, kSanctions, "GetSanction", get));
  v1::LiftSanctionRequest lift;
  lift.set_name(sanction.name());
  lift.set_reason("Please");
  EXPECT_THAT(As<v1::Sanction>(*user_, kSanctions, "LiftSanction", lift), HasReason(Reason::kPermissionDenied));
  v1::Sanction past = Of(v1::Sanction::WARNING);
  *past.mutable_effective_from() = wire::ToProto(In(-1));
  EXPECT_THAT(Impose(past), Blames("sanction.effective_from"));
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-1")));
  EXPECT_THAT(Impose(Of(v1::Sanction::WARNING)), HasReason(Reason::kStateConflict));
}

TEST_F(SanctionsTest, WhatAMissedTargetStatesHappensOnce) {
  Target("met", v1::SalesTarget::BLOCK);
  Target("quiet", v1::SalesTarget::CONSEQUENCE_UNSPECIFIED, 0, "2025Q2");
  Target("notice", v1::SalesTarget::NOTICE, 0, "2025Q2");
  Target("review", v1::SalesTarget::REVIEW, 0, "2025Q2");
  Target("level", v1::SalesTarget::LEVEL_AT_RISK, 0, "2025Q2");
  Buy("p-1", "A", "2025-03-31", "100");
  Buy("p-1", "B", "2025-04-01", "99.99");
  DecideTargets();
  DecideTargets();
  EXPECT_FALSE(GetTarget("met").missed());
  EXPECT_TRUE(GetTarget("met").has_decide_time());
  for (const char* id : {"quiet", "notice", "review", "level"}) {
    EXPECT_TRUE(GetTarget(id).missed()) << id;
    EXPECT_EQ(Times("missed", StrCat("partners/p-1/targets/", id)), 1u);
  }
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  EXPECT_THAT(Sanctions(), ElementsAre("WARNING 1 partners/p-1/targets/level"));
  EXPECT_EQ(GetSanction(StrCat("partners/p-1/sanctions/of-", GetTarget("level").uid()))->reason(),
            "Reached 99.99 of 100 CNY in 2025Q2");
  EXPECT_EQ(Times("created", StrCat("partners/p-1/activities/review-", GetTarget("review").uid())), 1u);
  EXPECT_THAT(Topics(), SizeIs(4));  // three targets and the warning; nothing of the quiet one
  for (const std::string& topic : Topics()) EXPECT_THAT(topic, ::testing::Not(HasSubstr("quiet")));

  // What was decided stays, whatever comes late.
  Buy("p-1", "C", "2025-06-30", "1000");
  DecideTargets();
  EXPECT_TRUE(GetTarget("level").missed());
  v1::UpdateSalesTargetRequest update;
  update.mutable_target()->set_name("partners/p-1/targets/level");
  update.mutable_target()->set_consequence(v1::SalesTarget::BLOCK);
  update.mutable_update_mask()->add_paths("consequence");
  EXPECT_THAT(Call<v1::SalesTarget>(kTargets, "UpdateSalesTarget", update), HasReason(Reason::kStateConflict));
}

TEST_F(SanctionsTest, AMissIsDecidedAfterItsGraceAndMayBlock) {
  Target("t", v1::SalesTarget::BLOCK, 2, "2050Q4");
  const absl::Time over = absl::FromCivil(absl::CivilDay(2051, 1, 3), absl::UTCTimeZone());
  clock_.Set(over - absl::Seconds(1));
  DecideTargets();
  EXPECT_FALSE(GetTarget("t").has_decide_time());
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  clock_.Set(over);
  DecideTargets();
  EXPECT_TRUE(GetTarget("t").missed());
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  EXPECT_THAT(Sanctions(), ElementsAre("SUSPENSION 1 partners/p-1/targets/t"));
}

}  // namespace
}  // namespace tributary::partner
