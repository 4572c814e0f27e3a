// Support requests over the wire: asked by a partner, answered by the vendor in time, seen by both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/support_policy.pb.h"
#include "tributary/partner/v1/support_request.pb.h"

namespace tributary::partner {
namespace {

using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.SupportRequestService/";

class SupportTest : public ::testing::Test {
 protected:
  SupportTest() : manager_(service_.Manager()), user_(service_.UserOf("p-1")) {
    for (const char* id : {"p-1", "p-2"}) {
      v1::CreatePartnerRequest request;
      request.set_partner_id(id);
      request.mutable_partner()->set_legal_name("Acme");
      request.mutable_partner()->set_kind(v1::Partner::DEALER);
      request.mutable_partner()->set_currency("CNY");
      EXPECT_OK(manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request));
    }
    v1::CreateFiscalCalendarRequest calendar;
    calendar.set_fiscal_calendar_id("main");
    calendar.mutable_fiscal_calendar()->set_display_name("Years");
    calendar.mutable_fiscal_calendar()->set_time_zone("Asia/Shanghai");
    calendar.mutable_layout()->set_pattern(v1::FiscalLayout::CALENDAR_MONTHS);
    *calendar.mutable_layout()->mutable_first_day() = wire::ToProto(*Date::Parse("2024-01-01"));
    calendar.mutable_layout()->set_first_year(2024);
    calendar.mutable_layout()->set_years(50);
    EXPECT_OK(
        service_.ClientOf({.subject = "finance", .roles = {api::v1::FINANCE}})
            ->Call<v1::FiscalCalendar>("tributary.partner.v1.FiscalCalendarService/CreateFiscalCalendar", calendar));
    EXPECT_OK(Policy("technical", "fiscalCalendars/main"));
  }

  absl::StatusOr<v1::SupportPolicy> Policy(const std::string& id, const std::string& calendar) {
    v1::CreateSupportPolicyRequest request;
    request.set_support_policy_id(id);
    request.mutable_support_policy()->set_fiscal_calendar(calendar);
    request.mutable_support_policy()->set_opening_minute(540);
    request.mutable_support_policy()->set_closing_minute(1080);
    v1::SupportPolicy::Term& term = *request.mutable_support_policy()->add_terms();
    term.set_severity(v1::SupportPolicy::HIGH);
    term.set_working_hours(4);
    return manager_->Call<v1::SupportPolicy>("tributary.partner.v1.SupportPolicyService/CreateSupportPolicy", request);
  }
  absl::StatusOr<v1::SupportRequest> Ask(rpc::Client& client, const std::string& id,
                                         v1::SupportPolicy::Severity severity = v1::SupportPolicy::HIGH,
                                         const std::string& partner = "p-1",
                                         const std::string& policy = "supportPolicies/technical") {
    v1::CreateSupportRequestRequest request;
    request.set_parent("partners/" + partner);
    request.set_support_request_id(id);
    request.mutable_support_request()->set_policy(policy);
    request.mutable_support_request()->set_severity(severity);
    request.mutable_support_request()->set_subject("A drive");
    request.mutable_support_request()->set_text("It does not start.");
    request.set_request_id(NewRequestId());
    return client.Call<v1::SupportRequest>(StrCat(kService, "CreateSupportRequest"), request);
  }
  absl::StatusOr<v1::SupportRequest> Get(rpc::Client& client, const std::string& name) {
    v1::GetSupportRequestRequest request;
    request.set_name(name);
    return client.Call<v1::SupportRequest>(StrCat(kService, "GetSupportRequest"), request);
  }
  absl::StatusOr<v1::SupportRequest> Assign(rpc::Client& client, const std::string& name,
                                            const std::string& etag = "") {
    v1::AssignSupportRequestRequest request;
    request.set_name(name);
    request.set_assignee("engineer-7");
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return client.Call<v1::SupportRequest>(StrCat(kService, "AssignSupportRequest"), request);
  }
  absl::StatusOr<v1::SupportRequest> Answer(rpc::Client& client, const std::string& name) {
    v1::AnswerSupportRequestRequest request;
    request.set_name(name);
    request.set_answer("Press the other button.");
    request.set_request_id(NewRequestId());
    return client.Call<v1::SupportRequest>(StrCat(kService, "AnswerSupportRequest"), request);
  }
  absl::StatusOr<v1::SupportRequest> Confirm(rpc::Client& client, const std::string& name) {
    v1::ConfirmSupportRequestRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return client.Call<v1::SupportRequest>(StrCat(kService, "ConfirmSupportRequest"), request);
  }
  absl::StatusOr<v1::SupportRequest> Reopen(rpc::Client& client, const std::string& name) {
    v1::ReopenSupportRequestRequest request;
    request.set_name(name);
    request.set_reason("It still does not.");
    request.set_request_id(NewRequestId());
    return client.Call<v1::SupportRequest>(StrCat(kService, "ReopenSupportRequest"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_;
  std::unique_ptr<rpc::Client> user_;
};

TEST_F(SupportTest, IsAskedAnsweredReopenedAndConfirmed) {
  ASSERT_OK_AND_ASSIGN(const v1::SupportRequest asked, Ask(*user_, "r-1"));
  const std::string& name = asked.name();
  EXPECT_EQ(name, "partners/p-1/supportRequests/r-1");
  EXPECT_EQ(asked.state(), v1::SupportRequest::OPEN);
  EXPECT_GE(wire::FromProto(asked.due_time()) - wire::FromProto(asked.create_time()), absl::Hours(4));
  EXPECT_THAT(Answer(*manager_, name), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Assign(*manager_, name, "\"v9\""), HasReason(Reason::kEtagMismatch));
  ASSERT_OK(Assign(*manager_, name, asked.etag()));
  ASSERT_OK(Answer(*manager_, name));
  ASSERT_OK_AND_ASSIGN(const v1::SupportRequest reopened, Reopen(*user_, name));
  EXPECT_EQ(reopened.state(), v1::SupportRequest::OPEN);
  EXPECT_FALSE(reopened.has_answer_time());
  ASSERT_OK(Assign(*manager_, name));
  ASSERT_OK(Answer(*manager_, name));
  ASSERT_OK_AND_ASSIGN(const v1::SupportRequest confirmed, Confirm(*user_, name));
  EXPECT_EQ(confirmed.state(), v1::SupportRequest::CONFIRMED);
  // Both sides see every step.
  std::string verbs;
  for (const v1::SupportRequest::Step& step : confirmed.steps()) StrAppend(&verbs, step.verb(), " ");
  EXPECT_EQ(verbs, "asked assigned answered reopened assigned answered confirmed ");
  EXPECT_EQ(confirmed.steps(3).principal(), "user-of-p-1");
  EXPECT_EQ(confirmed.steps(3).text(), "It still does not.");
  EXPECT_EQ(Get(*manager_, name)->SerializeAsString(), Get(*user_, name)->SerializeAsString());
}

TEST_F(SupportTest, EachSideDoesItsPart) {
  ASSERT_OK_AND_ASSIGN(const v1::SupportRequest asked, Ask(*user_, "r-1"));
  EXPECT_THAT(Assign(*user_, asked.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Answer(*user_, asked.name()), HasReason(Reason::kPermissionDenied));
  const auto other = service_.UserOf("p-2");
  EXPECT_THAT(Get(*other, asked.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Confirm(*other, asked.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Ask(*other, "r-1"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Ask(*other, "r-1", v1::SupportPolicy::HIGH, "p-2"));
  v1::ListSupportRequestsRequest list;
  list.set_parent("partners/-");
  const std::string method = StrCat(kService, "ListSupportRequests");
  EXPECT_THAT(other->Call<v1::ListSupportRequestsResponse>(method, list)->support_requests(), SizeIs(1));
  list.set_filter("state = OPEN AND severity = HIGH");
  EXPECT_THAT(manager_->Call<v1::ListSupportRequestsResponse>(method, list)->support_requests(), SizeIs(2));
}

TEST_F(SupportTest, WhatCannotBeIsRefusedByField) {
  EXPECT_THAT(Policy("other", "fiscalCalendars/none"), Blames("support_policy.fiscal_calendar"));
  EXPECT_THAT(Policy("technical", "fiscalCalendars/main"), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Ask(*user_, "x", v1::SupportPolicy::LOW), Blames("support_request.severity"));
  EXPECT_THAT(Ask(*user_, "x", v1::SupportPolicy::HIGH, "p-1", "supportPolicies/none"),
              Blames("support_request.policy"));
  EXPECT_THAT(Ask(*user_, "x", v1::SupportPolicy::HIGH, "p-1", "technical"), Blames("support_request.policy"));
  EXPECT_THAT(Ask(*manager_, "x", v1::SupportPolicy::HIGH, "nobody"), HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::partner
