// Courses and certificates over the wire: who gives them, who sees them, what a course gates.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/course.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::partner {
namespace {

using ::testing::SizeIs;

constexpr char kCourses[] = "tributary.partner.v1.CourseService/";
constexpr char kCertificates[] = "tributary.partner.v1.CertificateService/";

class CoursesTest : public ::testing::Test {
 protected:
  CoursesTest() : manager_(service_.Manager()) {
    for (const char* id : {"p-1", "p-2"}) {
      v1::CreatePartnerRequest request;
      request.set_partner_id(id);
      request.set_request_id(NewRequestId());
      request.mutable_partner()->set_legal_name("Acme");
      request.mutable_partner()->set_kind(v1::Partner::DEALER);
      request.mutable_partner()->set_currency("CNY");
      EXPECT_OK(manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request));
    }
  }

  absl::StatusOr<v1::Course> Create(const std::string& id, const std::vector<std::string>& lines = {}) {
    v1::CreateCourseRequest request;
    request.set_course_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_course()->set_display_name("A course");
    request.mutable_course()->set_validity_months(12);
    for (const std::string& line : lines) request.mutable_course()->add_product_lines(line);
    return manager_->Call<v1::Course>(StrCat(kCourses, "CreateCourse"), request);
  }
  absl::StatusOr<v1::Course> Update(const v1::Course& course, const std::string& path) {
    v1::UpdateCourseRequest request;
    *request.mutable_course() = course;
    request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::Course>(StrCat(kCourses, "UpdateCourse"), request);
  }
  absl::StatusOr<v1::Certificate> Give(rpc::Client& client, const std::string& id, const std::string& course,
                                       const char* issued = "2024-02-29", const std::string& partner = "p-1") {
    v1::CreateCertificateRequest request;
    request.set_parent("partners/" + partner);
    request.set_certificate_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_certificate()->set_course(course);
    request.mutable_certificate()->set_holder("h-7f3a");
    *request.mutable_certificate()->mutable_issued_on() = wire::ToProto(*Date::Parse(issued));
    return client.Call<v1::Certificate>(StrCat(kCertificates, "CreateCertificate"), request);
  }
  absl::StatusOr<v1::Certificate> Get(rpc::Client& client, const std::string& name) {
    v1::GetCertificateRequest request;
    request.set_name(name);
    return client.Call<v1::Certificate>(StrCat(kCertificates, "GetCertificate"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_;
};

TEST_F(CoursesTest, ACertificateIsGivenChangedAndTakenAway) {
  ASSERT_OK_AND_ASSIGN(const v1::Course course, Create("drives"));
  ASSERT_OK_AND_ASSIGN(v1::Certificate certificate, Give(*manager_, "c-1", course.name()));
  EXPECT_EQ(certificate.name(), "partners/p-1/certificates/c-1");
  EXPECT_EQ(wire::FromProto(certificate.valid_to())->ToString(), "2025-02-28");
  EXPECT_EQ(Get(*manager_, certificate.name())->SerializeAsString(), certificate.SerializeAsString());

  v1::UpdateCertificateRequest update;
  *update.mutable_certificate() = certificate;
  *update.mutable_certificate()->mutable_valid_to() = wire::ToProto(*Date::Parse("2030-01-01"));
  update.mutable_certificate()->set_revoked(true);
  update.mutable_update_mask()->add_paths("valid_to");
  update.set_request_id(NewRequestId());
  const std::string method = StrCat(kCertificates, "UpdateCertificate");
  ASSERT_OK_AND_ASSIGN(const v1::Certificate longer, manager_->Call<v1::Certificate>(method, update));
  EXPECT_EQ(longer.valid_to().year(), 2030);
  EXPECT_FALSE(longer.revoked());
  update.set_request_id(NewRequestId());
  EXPECT_THAT(manager_->Call<v1::Certificate>(method, update), HasReason(Reason::kEtagMismatch));
  update.mutable_certificate()->clear_etag();
  update.mutable_update_mask()->add_paths("revoked");
  update.set_request_id(NewRequestId());
  EXPECT_TRUE(manager_->Call<v1::Certificate>(method, update)->revoked());
  update.set_request_id(NewRequestId());
  EXPECT_THAT(manager_->Call<v1::Certificate>(method, update), HasReason(Reason::kStateConflict));
}

TEST_F(CoursesTest, WhatCannotBeIsRefusedByField) {
  ASSERT_OK_AND_ASSIGN(const v1::Course course, Create("drives"));
  EXPECT_THAT(Create("drives"), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create("x", {"drives"}), Blames("course.product_lines[0]"));
  EXPECT_THAT(Give(*manager_, "x", "courses/none"), Blames("certificate.course"));
  EXPECT_THAT(Give(*manager_, "x", "drives"), Blames("certificate.course"));
  EXPECT_THAT(Give(*manager_, "x", course.name(), "2999-01-01"), Blames("certificate.issued_on"));
  EXPECT_THAT(Give(*manager_, "x", course.name(), "2024-01-01", "nobody"), HasReason(Reason::kNotFound));
  v1::CreateCertificateRequest named;
  named.set_parent("partners/p-1");
  named.mutable_certificate()->set_course(course.name());
  named.mutable_certificate()->set_holder("Given Name");
  *named.mutable_certificate()->mutable_issued_on() = wire::ToProto(*Date::Parse("2024-01-01"));
  EXPECT_THAT(manager_->Call<v1::Certificate>(StrCat(kCertificates, "CreateCertificate"), named),
              Blames("certificate.holder"));
  v1::Course retired = course;
  retired.set_retired(true);
  ASSERT_OK(Update(retired, "retired"));
  EXPECT_THAT(Give(*manager_, "x", course.name()), HasReason(Reason::kStateConflict));
}

TEST_F(CoursesTest, ACourseGatesLinesAndAListSaysWhoMaySell) {
  ASSERT_OK(Create("drives", {"productLines/drives", "productLines/motors"}));
  EXPECT_THAT(Create("other", {"productLines/motors"}), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(v1::Course pumps, Create("pumps", {"productLines/pumps"}));
  pumps.add_product_lines("productLines/drives");
  EXPECT_THAT(Update(pumps, "product_lines"), HasReason(Reason::kStateConflict));

  ASSERT_OK(Give(*manager_, "a", "courses/drives", "2024-01-01", "p-1"));
  ASSERT_OK(Give(*manager_, "b", "courses/pumps", "2024-01-01", "p-1"));
  ASSERT_OK(Give(*manager_, "c", "courses/drives", "2024-06-01", "p-2"));
  const auto who = [&](rpc::Client& client, const char* line, const char* day) {
    v1::ListCertificatesRequest list;
    list.set_parent("partners/-");
    list.set_product_line(line);
    *list.mutable_valid_on() = wire::ToProto(*Date::Parse(day));
    const auto page = client.Call<v1::ListCertificatesResponse>(StrCat(kCertificates, "ListCertificates"), list);
    EXPECT_OK(page);
    std::string names;
    if (page.ok()) {
      for (const v1::Certificate& one : page->certificates()) StrAppend(&names, one.name(), " ");
    }
    return names;
  };
  EXPECT_EQ(who(*manager_, "productLines/motors", "2024-05-31"), "partners/p-1/certificates/a ");
  EXPECT_EQ(who(*manager_, "productLines/motors", "2024-06-01"),
            "partners/p-1/certificates/a partners/p-2/certificates/c ");
  EXPECT_EQ(who(*manager_, "productLines/motors", "2025-01-01"), "partners/p-2/certificates/c ");
  // A partner sees its own alone.
  EXPECT_EQ(who(*service_.UserOf("p-2"), "productLines/motors", "2024-06-01"), "partners/p-2/certificates/c ");

  // Of many that would gate one line, one does.
  std::atomic<int> made = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto course = Create(StrCat("race-", i), {"productLines/race"});
      if (course.ok()) {
        ++made;
      } else {
        EXPECT_THAT(course, HasReason(Reason::kStateConflict));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

TEST_F(CoursesTest, TheVendorGivesThemAndAPartnerSeesItsOwn) {
  ASSERT_OK(Create("drives"));
  const auto user = service_.UserOf("p-1");
  EXPECT_THAT(Give(*user, "own", "courses/drives"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Give(*manager_, "c-1", "courses/drives"));
  ASSERT_OK(Give(*manager_, "c-1", "courses/drives", "2024-01-01", "p-2"));
  EXPECT_OK(Get(*user, "partners/p-1/certificates/c-1"));
  EXPECT_THAT(Get(*user, "partners/p-2/certificates/c-1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Get(*user, "partners/p-1/certificates/none"), HasReason(Reason::kNotFound));
  v1::ListCoursesRequest list;
  list.set_filter("retired = false");
  EXPECT_THAT(user->Call<v1::ListCoursesResponse>(StrCat(kCourses, "ListCourses"), list)->courses(), SizeIs(1));
}

}  // namespace
}  // namespace tributary::partner
