// Partner programs over the wire: made, read in any revision, refused by field.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/course.pb.h"
#include "tributary/partner/v1/partner_program.pb.h"

namespace tributary::partner {
namespace {

constexpr char kService[] = "tributary.partner.v1.PartnerProgramService/";

class PartnerProgramsTest : public ::testing::Test {
 protected:
  PartnerProgramsTest() : manager_(service_.Manager()) {
    v1::CreateCourseRequest request;
    request.set_course_id("drives");
    request.mutable_course()->set_display_name("Drives");
    EXPECT_OK(manager_->Call<v1::Course>("tributary.partner.v1.CourseService/CreateCourse", request));
  }

  static v1::PartnerProgram Program() {
    v1::PartnerProgram program;
    program.set_display_name("Growth");
    program.add_levels()->set_level("member");
    v1::PartnerProgram::Level& gold = *program.add_levels();
    gold.set_level("gold");
    v1::PartnerProgram::Sales& sales = *gold.add_criteria()->mutable_sales();
    sales.set_basis(v1::SalesTarget::SELL_IN);
    *sales.mutable_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse("1000")});
    v1::PartnerProgram::Certificates& certificates = *gold.add_criteria()->mutable_certificates();
    certificates.set_course("courses/drives");
    certificates.set_holders(2);
    gold.add_criteria()->set_active_days(90);
    program.set_months(12);
    program.set_notice_days(30);
    program.set_grace_days(60);
    return program;
  }
  absl::StatusOr<v1::PartnerProgram> Create(const std::string& id, const v1::PartnerProgram& program) {
    v1::CreatePartnerProgramRequest request;
    request.set_partner_program_id(id);
    *request.mutable_partner_program() = program;
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::PartnerProgram>(StrCat(kService, "CreatePartnerProgram"), request);
  }
  absl::StatusOr<v1::PartnerProgram> Update(const v1::PartnerProgram& program, const std::string& path) {
    v1::UpdatePartnerProgramRequest request;
    *request.mutable_partner_program() = program;
    request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::PartnerProgram>(StrCat(kService, "UpdatePartnerProgram"), request);
  }
  absl::StatusOr<v1::PartnerProgram> Get(rpc::Client& client, const std::string& name, int64_t revision = 0) {
    v1::GetPartnerProgramRequest request;
    request.set_name(name);
    request.set_revision(revision);
    return client.Call<v1::PartnerProgram>(StrCat(kService, "GetPartnerProgram"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_;
};

TEST_F(PartnerProgramsTest, EveryRevisionIsKept) {
  ASSERT_OK_AND_ASSIGN(const v1::PartnerProgram first, Create("growth", Program()));
  EXPECT_EQ(first.revision(), 1);
  EXPECT_EQ(first.levels_size(), 2);
  EXPECT_EQ(first.levels(1).criteria(0).sales().amount().units(), 1000);
  v1::PartnerProgram changed = first;
  changed.mutable_levels(1)->mutable_criteria(0)->mutable_sales()->mutable_amount()->set_units(2000);
  changed.set_grace_days(1);
  ASSERT_OK_AND_ASSIGN(const v1::PartnerProgram second, Update(changed, "levels"));
  EXPECT_EQ(second.revision(), 2);
  EXPECT_EQ(second.grace_days(), 60);
  EXPECT_THAT(Update(changed, "levels"), HasReason(Reason::kEtagMismatch));
  const auto user = service_.UserOf("p-1");
  EXPECT_EQ(Get(*user, first.name())->SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Get(*user, first.name(), 1)->SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Get(*user, first.name(), 3), HasReason(Reason::kNotFound));
  v1::PartnerProgram fewer = second;
  fewer.mutable_levels()->DeleteSubrange(0, 1);
  EXPECT_THAT(Update(fewer, "levels"), Blames("partner_program.levels"));
  v1::ListPartnerProgramsRequest list;
  list.set_filter("on_hold = false");
  ASSERT_OK_AND_ASSIGN(const auto page,
                       user->Call<v1::ListPartnerProgramsResponse>(StrCat(kService, "ListPartnerPrograms"), list));
  ASSERT_EQ(page.partner_programs_size(), 1);
  EXPECT_EQ(page.partner_programs(0).revision(), 2);
}

TEST_F(PartnerProgramsTest, WhatCannotBeIsRefusedByField) {
  const auto bad = [&](auto edit) {
    v1::PartnerProgram program = Program();
    edit(program);
    return Create("bad", program);
  };
  const std::string gold = "partner_program.levels[1].criteria";
  EXPECT_THAT(bad([](auto& p) { p.mutable_levels(1)->mutable_criteria(0)->Clear(); }), Blames(gold + "[0]"));
  EXPECT_THAT(bad([](auto& p) { p.mutable_levels(1)->mutable_criteria(0)->set_active_days(1); }), Blames(gold + "[0]"));
  EXPECT_THAT(bad([](auto& p) { p.mutable_levels(1)->mutable_criteria(0)->mutable_sales()->clear_amount(); }),
              Blames(gold + "[0].sales.amount"));
  EXPECT_THAT(bad([](auto& p) { p.mutable_levels(1)->mutable_criteria(0)->mutable_sales()->clear_basis(); }),
              Blames(gold + "[0].sales.basis"));
  EXPECT_THAT(
      bad([](auto& p) { p.mutable_levels(1)->mutable_criteria(0)->mutable_sales()->mutable_amount()->set_units(0); }),
      Blames(gold + "[0].sales.amount"));
  EXPECT_THAT(bad([](auto& p) {
                p.mutable_levels(1)->mutable_criteria(1)->mutable_certificates()->set_course("courses/none");
              }),
              Blames(gold + "[1].certificates.course"));
  EXPECT_THAT(bad([](auto& p) { p.clear_months(); }), Blames("partner_program.months"));
  EXPECT_THAT(bad([](auto& p) { p.clear_notice_days(); }), Blames("partner_program.notice_days"));
  EXPECT_THAT(bad([](auto& p) { p.clear_levels(); }), Blames("partner_program.levels"));
  EXPECT_THAT(bad([](auto& p) {
                p.clear_months();
                p.set_fiscal_calendar("fiscalCalendars/none");
                p.set_period_kind(v1::FiscalPeriod::YEAR);
              }),
              Blames("partner_program.fiscal_calendar"));
  v1::CreatePartnerProgramRequest request;
  *request.mutable_partner_program() = Program();
  EXPECT_THAT(service_.UserOf("p-1")->Call<v1::PartnerProgram>(StrCat(kService, "CreatePartnerProgram"), request),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
