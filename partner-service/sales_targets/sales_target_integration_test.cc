// Sales targets over the wire: made, divided, adjusted; reached by what inventory's feed tells.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "partner-service/sales_targets/testing_sales.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/sales_target.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.SalesTargetService/";

class SalesTargetsTest : public ::testing::Test {
 protected:
  SalesTargetsTest() : inventory_(service_), manager_(service_.Manager()) {
    for (const char* id : {"p-1", "p-2"}) {
      v1::CreatePartnerRequest request;
      request.set_partner_id(id);
      request.set_request_id(NewRequestId());
      request.mutable_partner()->set_legal_name("Acme");
      request.mutable_partner()->set_kind(v1::Partner::DEALER);
      request.mutable_partner()->set_currency("CNY");
      EXPECT_OK(manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request));
    }
    v1::CreateFiscalCalendarRequest calendar;
    calendar.set_fiscal_calendar_id("main");
    calendar.set_request_id(NewRequestId());
    calendar.mutable_fiscal_calendar()->set_display_name("Years");
    calendar.mutable_fiscal_calendar()->set_time_zone("Asia/Shanghai");
    calendar.mutable_layout()->set_pattern(v1::FiscalLayout::CALENDAR_MONTHS);
    *calendar.mutable_layout()->mutable_first_day() = wire::ToProto(*Date::Parse("2024-01-01"));
    calendar.mutable_layout()->set_first_year(2024);
    calendar.mutable_layout()->set_years(50);
    EXPECT_OK(
        service_.ClientOf({.subject = "finance", .roles = {api::v1::FINANCE}})
            ->Call<v1::FiscalCalendar>("tributary.partner.v1.FiscalCalendarService/CreateFiscalCalendar", calendar));
  }

  static v1::SalesTarget Target(const char* period, const char* amount) {
    v1::SalesTarget target;
    target.set_basis(v1::SalesTarget::SELL_IN);
    target.set_fiscal_calendar("fiscalCalendars/main");
    target.set_period(period);
    *target.mutable_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse(amount)});
    target.set_consequence(v1::SalesTarget::REVIEW);
    target.set_consequence_note("We look at it together.");
    return target;
  }
  absl::StatusOr<v1::SalesTarget> Create(const std::string& id, const v1::SalesTarget& target,
                                         const std::string& partner = "p-1") {
    v1::CreateSalesTargetRequest request;
    request.set_parent("partners/" + partner);
    request.set_target_id(id);
    *request.mutable_target() = target;
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::SalesTarget>(StrCat(kService, "CreateSalesTarget"), request);
  }
  absl::StatusOr<v1::SalesTarget> Get(rpc::Client& client, const std::string& name) {
    v1::GetSalesTargetRequest request;
    request.set_name(name);
    return client.Call<v1::SalesTarget>(StrCat(kService, "GetSalesTarget"), request);
  }
  absl::StatusOr<v1::SalesTarget> Adjust(const std::string& name, const char* amount, const char* counterpart = "") {
    v1::AdjustSalesTargetRequest request;
    request.set_name(name);
    *request.mutable_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse(amount)});
    request.set_reason("The market moved.");
    request.set_counterpart(counterpart);
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::SalesTarget>(StrCat(kService, "AdjustSalesTarget"), request);
  }
  absl::StatusOr<v1::Attainment> Attained(rpc::Client& client, const std::string& name) {
    v1::GetAttainmentRequest request;
    request.set_name(name);
    return client.Call<v1::Attainment>(StrCat(kService, "GetAttainment"), request);
  }
  static v1::TargetPart Part(const char* partner, const char* id, const char* weight, const char* period = "") {
    v1::TargetPart part;
    part.set_partner(partner);
    part.set_target_id(id);
    part.mutable_weight()->set_value(weight);
    part.set_period(period);
    return part;
  }
  absl::StatusOr<v1::CascadeSalesTargetResponse> Cascade(const std::string& name,
                                                         const std::vector<v1::TargetPart>& parts) {
    v1::CascadeSalesTargetRequest request;
    request.set_name(name);
    for (const v1::TargetPart& part : parts) *request.add_parts() = part;
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::CascadeSalesTargetResponse>(StrCat(kService, "CascadeSalesTarget"), request);
  }
  std::string AmountOf(const std::string& name) {
    const auto target = Get(*manager_, name);
    EXPECT_OK(target);
    return target.ok() ? wire::FromProto(target->amount())->amount.ToString() : "";
  }

  RunningService service_;
  FollowedInventory inventory_;
  std::unique_ptr<rpc::Client> manager_;
};

TEST_F(SalesTargetsTest, IsDividedAndAdjustedAndSumsToItsWhole) {
  ASSERT_OK_AND_ASSIGN(const v1::SalesTarget year, Create("y24", Target("2024", "1000.01")));
  EXPECT_EQ(year.start().month(), 1);
  EXPECT_EQ(year.end().year(), 2025);
  ASSERT_OK_AND_ASSIGN(const auto cascaded, Cascade(year.name(), {Part("partners/p-1", "q1", "1", "2024Q1"),
                                                                  Part("partners/p-1", "q2", "1", "2024Q2"),
                                                                  Part("partners/p-2", "rest", "2")}));
  ASSERT_THAT(cascaded.parts(), SizeIs(3));
  EXPECT_EQ(AmountOf("partners/p-1/targets/q1"), "250");
  EXPECT_EQ(AmountOf("partners/p-1/targets/q2"), "250");
  EXPECT_EQ(AmountOf("partners/p-2/targets/rest"), "500.01");
  EXPECT_THAT(Cascade(year.name(), {Part("partners/p-1", "more", "1")}), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Cascade("partners/p-1/targets/q1", {Part("partners/p-1", "m4", "1", "2024M04")}),
              Blames("parts[0].period"));
  EXPECT_THAT(Cascade("partners/p-1/targets/q1", {Part("partners/nobody", "m1", "1", "2024M01")}),
              HasReason(Reason::kNotFound));

  EXPECT_THAT(Adjust("partners/p-1/targets/q1", "300"), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(const v1::SalesTarget moved,
                       Adjust("partners/p-1/targets/q1", "300", "partners/p-2/targets/rest"));
  ASSERT_THAT(moved.revisions(), SizeIs(2));
  EXPECT_EQ(moved.revisions(0).amount().units(), 250);
  EXPECT_EQ(moved.revisions(1).reason(), "The market moved.");
  EXPECT_EQ(moved.revisions(1).principal(), "manager-1");
  EXPECT_EQ(AmountOf("partners/p-2/targets/rest"), "450.01");
  ASSERT_OK(Adjust(year.name(), "2000.02"));
  EXPECT_EQ(AmountOf("partners/p-1/targets/q1"), "600");
  EXPECT_EQ(AmountOf("partners/p-1/targets/q2"), "500");
  EXPECT_EQ(AmountOf("partners/p-2/targets/rest"), "900.02");

  // Whose whole it is a part of stays with the vendor.
  EXPECT_EQ(Get(*manager_, "partners/p-2/targets/rest")->parent(), year.name());
  EXPECT_EQ(Get(*service_.UserOf("p-2"), "partners/p-2/targets/rest")->parent(), "");
  EXPECT_EQ(Get(*service_.UserOf("p-1"), "partners/p-1/targets/q1")->parent(), year.name());
  EXPECT_THAT(Get(*service_.UserOf("p-2"), year.name()), HasReason(Reason::kPermissionDenied));
  v1::ListSalesTargetsRequest list;
  list.set_parent("partners/-");
  list.set_filter("period = 2024");
  ASSERT_OK_AND_ASSIGN(const auto own, service_.UserOf("p-2")->Call<v1::ListSalesTargetsResponse>(
                                           StrCat(kService, "ListSalesTargets"), list));
  ASSERT_THAT(own.targets(), SizeIs(1));
  EXPECT_EQ(own.targets(0).parent(), "");

  v1::UpdateSalesTargetRequest update;
  *update.mutable_target() = moved;
  update.mutable_target()->clear_etag();
  update.mutable_target()->set_consequence(v1::SalesTarget::GRANT_AT_RISK);
  update.mutable_update_mask()->add_paths("consequence");
  update.set_request_id(NewRequestId());
  EXPECT_EQ(manager_->Call<v1::SalesTarget>(StrCat(kService, "UpdateSalesTarget"), update)->consequence(),
            v1::SalesTarget::GRANT_AT_RISK);
  update.mutable_update_mask()->add_paths("amount");
  update.set_request_id(NewRequestId());
  EXPECT_THAT(manager_->Call<v1::SalesTarget>(StrCat(kService, "UpdateSalesTarget"), update),
              Blames("update_mask.paths[1]"));
}

TEST_F(SalesTargetsTest, WhatCannotBeIsRefusedByField) {
  const auto bad = [&](auto edit) {
    v1::SalesTarget target = Target("2024", "100");
    edit(target);
    return Create("bad", target);
  };
  EXPECT_THAT(bad([](auto& t) { t.mutable_quantity()->set_value("5"); }), Blames("target.amount"));
  EXPECT_THAT(bad([](auto& t) { t.clear_amount(); }), Blames("target.amount"));
  EXPECT_THAT(bad([](auto& t) { t.mutable_amount()->set_units(-1); }), Blames("target.amount"));
  EXPECT_THAT(bad([](auto& t) { t.set_period("1999"); }), Blames("target.period"));
  EXPECT_THAT(bad([](auto& t) { t.set_fiscal_calendar("fiscalCalendars/none"); }), Blames("target.fiscal_calendar"));
  EXPECT_THAT(bad([](auto& t) { t.add_products("x"); }), Blames("target.products[0]"));
  EXPECT_THAT(bad([](auto& t) { t.clear_basis(); }), Blames("target.basis"));
  EXPECT_THAT(Create("x", Target("2024", "1"), "nobody"), HasReason(Reason::kNotFound));
}

TEST_F(SalesTargetsTest, IsReachedByTheFeedInAnyOrder) {
  ASSERT_OK(Create("q1", Target("2024Q1", "250")));
  v1::SalesTarget units = Target("2024Q1", "1");
  units.clear_amount();
  units.mutable_quantity()->set_value("10");
  units.add_product_lines("productLines/a");
  ASSERT_OK(Create("units", units));
  ASSERT_OK(Create("ahead", Target("2073", "250")));

  auto returned = Shipped("p-1", "R", "2024-05-20", "-100.5", "-1");
  returned.set_original_line("partners/p-1/shipments/B/lines/1");
  const std::vector<inventory::v1::ShipmentLine> facts = {returned,
                                                          Shipped("p-1", "A", "2024-01-01", "150.0001"),
                                                          Shipped("p-1", "B", "2024-03-31", "110"),
                                                          Shipped("p-1", "C", "2024-04-01", "1000"),
                                                          Shipped("p-1", "D", "2024-02-01", "77", "3", "USD"),
                                                          Shipped("p-2", "A", "2024-02-01", "5000")};
  for (const auto& fact : facts) inventory_.Tell<inventory::v1::ShipmentLine>({fact});
  const auto user = service_.UserOf("p-1");
  ASSERT_OK_AND_ASSIGN(v1::Attainment attained, Attained(*user, "partners/p-1/targets/q1"));
  // The return of B counts in B's quarter: 150.0001 + 110 - 100.5.
  EXPECT_EQ(wire::FromProto(attained.amount())->amount.ToString(), "159.5001");
  EXPECT_EQ(wire::FromProto(attained.remaining_amount())->amount.ToString(), "90.4999");
  EXPECT_EQ(attained.percent().value(), "63.8");
  EXPECT_EQ(attained.outcome(), v1::Attainment::MISSED);
  EXPECT_EQ(attained.consequence(), v1::SalesTarget::REVIEW);
  EXPECT_EQ(attained.consequence_note(), "We look at it together.");
  EXPECT_EQ(attained.facts(), 3);
  ASSERT_THAT(attained.unpriced(), SizeIs(1));
  EXPECT_EQ(attained.unpriced(0).currency(), "USD");
  EXPECT_EQ(attained.unpriced(0).amount().value(), "77");
  EXPECT_EQ(attained.working_days(), 65);
  EXPECT_EQ(attained.working_days_gone(), 65);
  ASSERT_OK_AND_ASSIGN(const v1::Attainment in_units, Attained(*user, "partners/p-1/targets/units"));
  EXPECT_EQ(in_units.quantity().value(), "4");
  EXPECT_EQ(in_units.remaining_quantity().value(), "6");
  EXPECT_EQ(Attained(*user, "partners/p-1/targets/ahead")->outcome(), v1::Attainment::AHEAD);
  EXPECT_EQ(Attained(*user, "partners/p-1/targets/ahead")->working_days_gone(), 0);
  EXPECT_THAT(Attained(*user, "partners/p-2/targets/q1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Attained(*user, "partners/p-1/targets/none"), HasReason(Reason::kNotFound));

  // A late fact moves it.
  inventory_.Tell<inventory::v1::ShipmentLine>({Shipped("p-1", "E", "2024-03-01", "100")});
  EXPECT_EQ(Attained(*user, "partners/p-1/targets/q1")->outcome(), v1::Attainment::MET);
}

TEST_F(SalesTargetsTest, AWatchTellsWhatChanges) {
  ASSERT_OK(Create("q1", Target("2024Q1", "250")));
  v1::WatchAttainmentRequest request;
  request.set_name("partners/p-1/targets/q1");
  const auto user = service_.UserOf("p-1");
  const auto reader = user->OpenStream(StrCat(kService, "WatchAttainment"), request);
  v1::Attainment attained;
  ASSERT_TRUE(reader->Read(&attained));
  EXPECT_EQ(attained.amount().units(), 0);
  inventory_.Tell<inventory::v1::ShipmentLine>({Shipped("p-1", "A", "2024-01-01", "150")});
  const absl::Time told = absl::Now();
  ASSERT_TRUE(reader->Read(&attained));
  EXPECT_EQ(attained.amount().units(), 150);
  RecordProperty("milliseconds", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - told)));
  // Of others nothing is told; of an adjustment it is.
  inventory_.Tell<inventory::v1::ShipmentLine>({Shipped("p-2", "A", "2024-01-01", "150")});
  ASSERT_OK(Adjust(request.name(), "100"));
  ASSERT_TRUE(reader->Read(&attained));
  EXPECT_EQ(attained.outcome(), v1::Attainment::MET);
  reader->Cancel();
  (void)reader->Finish();

  request.set_name("partners/p-1/targets/none");
  const auto none = user->OpenStream(StrCat(kService, "WatchAttainment"), request);
  EXPECT_FALSE(none->Read(&attained));
  EXPECT_THAT(none->Finish(), HasReason(Reason::kNotFound));
  request.set_name("partners/p-2/targets/q1");
  const auto others = user->OpenStream(StrCat(kService, "WatchAttainment"), request);
  EXPECT_FALSE(others->Read(&attained));
  EXPECT_THAT(others->Finish(), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
