#pragma once

// For tests: partners that are evaluated by the quarters of a calendar, and what is done with evaluations and
// sanctions.

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "partner-service/evaluations/evaluation_review.h"
#include "partner-service/sales_targets/testing_sales.h"
#include "partner-service/sanctions/sanction_days.h"
#include "partner-service/testing_partners.h"
#include "tributary/partner/v1/evaluation.pb.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"
#include "tributary/partner/v1/sales_target.pb.h"
#include "tributary/partner/v1/sanction.pb.h"
#include "tributary/partner/v1/scorecard_template.pb.h"

namespace tributary::partner {

inline constexpr char kEvaluations[] = "tributary.partner.v1.EvaluationService/";
inline constexpr char kSanctions[] = "tributary.partner.v1.SanctionService/";
inline constexpr char kTemplates[] = "tributary.partner.v1.ScorecardTemplateService/";

class EvaluatedPartnersTest : public PartnersTest {
 protected:
  EvaluatedPartnersTest() : inventory_(service_), clock_(absl::Now()) {}
  void SetUp() override {
    Territories();
    for (const char* id : {"p-1", "p-2"}) {
      const std::string name = StrCat("partners/", id);
      ASSERT_OK(CreatePartner(id));
      SignedAgreement(name);
      ASSERT_OK((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", name)));
    }
    v1::CreateFiscalCalendarRequest calendar;
    calendar.set_fiscal_calendar_id("main");
    calendar.mutable_fiscal_calendar()->set_display_name("Years");
    calendar.mutable_fiscal_calendar()->set_time_zone("UTC");
    calendar.mutable_layout()->set_pattern(v1::FiscalLayout::CALENDAR_MONTHS);
    *calendar.mutable_layout()->mutable_first_day() = wire::ToProto(*Date::Parse("2024-01-01"));
    calendar.mutable_layout()->set_first_year(2024);
    calendar.mutable_layout()->set_years(50);
    ASSERT_OK(
        service_.ClientOf({.subject = "finance", .roles = {api::v1::FINANCE}})
            ->Call<v1::FiscalCalendar>("tributary.partner.v1.FiscalCalendarService/CreateFiscalCalendar", calendar));
  }

  static void AddComponent(const char* id, int weight, v1::ScorecardTemplate::Measure measure, const char* high,
                           v1::ScorecardTemplate* out) {
    v1::ScorecardTemplate::Component& component = *out->add_components();
    component.set_component(id);
    component.set_weight(weight);
    component.set_measure(measure);
    component.mutable_low()->set_value("0");
    component.mutable_high()->set_value(high);
    if (measure == v1::ScorecardTemplate::SALES) {
      component.set_basis(v1::SalesTarget::SELL_IN);
      component.set_currency("CNY");
    }
  }
  // Sales up to 300 make 60, activities up to 3 make 20, settled requests 20; below 90, 50 and 30 something follows.
  static v1::ScorecardTemplate Template(int appeal_days = 10) {
    v1::ScorecardTemplate t;
    t.set_fiscal_calendar("fiscalCalendars/main");
    AddComponent("sales", 60, v1::ScorecardTemplate::SALES, "300", &t);
    AddComponent("talks", 20, v1::ScorecardTemplate::ACTIVITIES, "3", &t);
    AddComponent("support", 20, v1::ScorecardTemplate::SUPPORT, "100", &t);
    t.mutable_notice_below()->set_value("90");
    t.mutable_review_below()->set_value("50");
    t.mutable_block_below()->set_value("30");
    t.set_block_days(30);
    t.set_appeal_days(appeal_days);
    return t;
  }
  absl::StatusOr<v1::ScorecardTemplate> CreateTemplate(const std::string& id, const v1::ScorecardTemplate& content) {
    v1::CreateScorecardTemplateRequest request;
    request.set_scorecard_template_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_scorecard_template() = content;
    return Call<v1::ScorecardTemplate>(kTemplates, "CreateScorecardTemplate", request);
  }
  absl::StatusOr<v1::Evaluation> Evaluate(const std::string& id, const std::string& period,
                                          const std::string& scorecard_template = "main",
                                          const std::string& partner = "p-1") {
    v1::CreateEvaluationRequest request;
    request.set_parent("partners/" + partner);
    request.set_evaluation_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_evaluation()->set_template_("scorecardTemplates/" + scorecard_template);
    request.mutable_evaluation()->set_period(period);
    return Call<v1::Evaluation>(kEvaluations, "CreateEvaluation", request);
  }
  absl::StatusOr<v1::Evaluation> GetEvaluation(rpc::Client& client, const std::string& name) {
    v1::GetEvaluationRequest request;
    request.set_name(name);
    return As<v1::Evaluation>(client, kEvaluations, "GetEvaluation", request);
  }
  absl::StatusOr<v1::Evaluation> Publish(const std::string& name) {
    return Do<v1::Evaluation, v1::PublishEvaluationRequest>(kEvaluations, "PublishEvaluation", name);
  }
  absl::StatusOr<v1::Evaluation> Appeal(rpc::Client& client, const std::string& name) {
    v1::AppealEvaluationRequest request;
    request.set_name(name);
    request.set_reason("A shipment is missing.");
    return As<v1::Evaluation>(client, kEvaluations, "AppealEvaluation", request);
  }
  absl::StatusOr<v1::Evaluation> Decide(rpc::Client& client, const std::string& name, bool uphold) {
    v1::DecideEvaluationAppealRequest request;
    request.set_name(name);
    request.set_uphold(uphold);
    request.set_decision("We looked again.");
    return As<v1::Evaluation>(client, kEvaluations, "DecideEvaluationAppeal", request);
  }
  // What the threads of a process do, by the test's clock; in how many evaluations something changed.
  int Review() {
    EXPECT_OK(service_.feed().Refresh());
    EvaluationFollower follower(service_.database(), service_.feed());
    EXPECT_OK(follower.CatchUp());
    clock_.Set(std::max(clock_.Now(), absl::Now()) + absl::Seconds(1));
    EvaluationReview review(service_.database(), clock_, [] {});
    const auto changed = review.ExpireDue();
    EXPECT_OK(changed);
    return changed.value_or(-1);
  }
  int TurnSanctions() {
    SanctionDays days(service_.database(), clock_, [] {});
    const auto turned = days.ExpireDue();
    EXPECT_OK(turned);
    return turned.value_or(-1);
  }
  void Buy(const std::string& partner, const std::string& document, const std::string& date,
           const std::string& amount) {
    inventory_.Tell<inventory::v1::ShipmentLine>({Shipped(partner, document, date, amount)});
  }
  absl::StatusOr<v1::Sanction> Impose(const v1::Sanction& content, const std::string& id = "",
                                      const std::string& partner = "p-1") {
    v1::CreateSanctionRequest request;
    request.set_parent("partners/" + partner);
    request.set_sanction_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_sanction() = content;
    if (request.sanction().reason().empty()) request.mutable_sanction()->set_reason("Goods outside the territory");
    return Call<v1::Sanction>(kSanctions, "CreateSanction", request);
  }
  absl::StatusOr<v1::Sanction> GetSanction(const std::string& name) {
    return Get<v1::Sanction, v1::GetSanctionRequest>(kSanctions, "GetSanction", name);
  }
  absl::StatusOr<v1::Sanction> Lift(const std::string& name) {
    v1::LiftSanctionRequest request;
    request.set_name(name);
    request.set_reason("It was made good.");
    request.set_request_id(NewRequestId());
    return Call<v1::Sanction>(kSanctions, "LiftSanction", request);
  }
  v1::Partner::State StateOf(const std::string& partner) { return GetPartner("partners/" + partner)->state(); }
  // How often the feed has told it.
  size_t Times(const std::string& verb, const std::string& name) { return Told().count(StrCat(verb, " ", name)); }

  FollowedInventory inventory_;
  FakeClock clock_;
  std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1");
  std::unique_ptr<rpc::Client> second_ =
      service_.ClientOf({.subject = "manager-2", .roles = {api::v1::CHANNEL_MANAGER}});
};

}  // namespace tributary::partner
