#include "partner-service/courses/course.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/months.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;

Course Drives(std::vector<std::string> lines = {"productLines/drives"}) {
  return {.id = "drives",
          .revision = Revision::First(kNow),
          .display_name = "Drives, basic",
          .product_lines = std::move(lines),
          .validity_months = 12};
}

Certificate Of(const char* issued, Date end = OpenEnd()) {
  return {.partner_id = "p-1",
          .id = "c-1",
          .revision = Revision::First(kNow),
          .course_id = "drives",
          .holder = "h-7f3a",
          .valid = {Day(issued), end}};
}

TEST(CourseTest, MonthsEndWhereTheMonthEnds) {
  const struct {
    const char* day;
    int months;
    const char* want;
  } kCases[] = {
      {"2026-01-31", 1, "2026-02-28"},   {"2024-01-31", 1, "2024-02-29"},  {"2026-11-30", 3, "2027-02-28"},
      {"2026-03-31", -1, "2026-02-28"},  {"2026-05-15", 0, "2026-05-15"},  {"2026-12-01", 1, "2027-01-01"},
      {"2026-01-15", -12, "2025-01-15"}, {"2024-02-29", 12, "2025-02-28"}, {"2026-02-28", 12, "2027-02-28"},
  };
  for (const auto& c : kCases) EXPECT_EQ(AddMonths(Day(c.day), c.months).ToString(), c.want) << c.day << c.months;
}

TEST(CourseTest, LinesAreNamesAndEachIsThereOnce) {
  EXPECT_OK(CheckContent(Drives({"productLines/a", "productLines/b"})));
  EXPECT_OK(CheckContent(Drives({})));
  EXPECT_THAT(CheckContent(Drives({"drives"})), Blames("product_lines[0]"));
  EXPECT_THAT(CheckContent(Drives({"productLines/a", "productLines/a"})), Blames("product_lines[1]"));
  Course course = Drives();
  course.display_name = "two\nlines";
  EXPECT_THAT(CheckContent(course), Blames("display_name"));
}

TEST(CourseTest, ALineHasOneCourse) {
  const Course course = Drives({"productLines/a", "productLines/b"});
  EXPECT_OK(CheckGates(course, {}));
  EXPECT_OK(CheckGates(course, {{"productLines/a", "drives"}}));
  const absl::Status status = CheckGates(course, {{"productLines/a", "drives"}, {"productLines/b", "other"}});
  EXPECT_THAT(status, HasReason(Reason::kStateConflict));
  EXPECT_THAT(std::string(status.message()), HasSubstr("courses/other"));
}

TEST(CourseTest, ACertificateEndsWhereItSaysElseByTheCourse) {
  Course course = Drives();
  EXPECT_EQ(Issue(Of("2026-02-28"), course, Day("2026-02-28"))->valid.end, Day("2027-02-28"));
  EXPECT_EQ(Issue(Of("2026-02-28", Day("2026-03-01")), course, Day("2026-03-01"))->valid.end, Day("2026-03-01"));
  course.validity_months = 0;
  EXPECT_EQ(Issue(Of("2026-02-28"), course, Day("2026-02-28"))->valid.end, OpenEnd());
  EXPECT_THAT(Issue(Of("2026-03-01"), course, Day("2026-02-28")), Blames("issued_on"));
  EXPECT_THAT(Issue(Of("2026-02-01", Day("2026-02-01")), course, Day("2026-02-28")), Blames("valid_to"));
  course.retired = true;
  EXPECT_THAT(Issue(Of("2026-03-01"), course, Day("2026-02-28")), HasReason(Reason::kStateConflict));
}

TEST(CourseTest, ValidityIsByDateAlone) {
  Certificate certificate = Of("2026-02-01", Day("2026-03-01"));
  const struct {
    const char* day;
    bool valid;
  } kCases[] = {{"2026-01-31", false}, {"2026-02-01", true}, {"2026-02-28", true}, {"2026-03-01", false}};
  for (const auto& c : kCases) EXPECT_EQ(IsValid(certificate, Day(c.day)), c.valid) << c.day;
  certificate.revoked = true;
  EXPECT_FALSE(IsValid(certificate, Day("2026-02-01")));
}

TEST(CourseTest, ARevokedOneIsRevokedForGood) {
  const Certificate certificate = Of("2026-02-01", Day("2026-03-01"));
  Certificate changed = certificate;
  changed.valid.end = Day("2027-03-01");
  changed.course_id = "other";
  changed.holder = "other";
  auto next = Change(certificate, changed, kNow);
  ASSERT_OK(next);
  EXPECT_EQ(next->valid.end, Day("2027-03-01"));
  EXPECT_EQ(next->course_id, "drives");
  EXPECT_EQ(next->holder, "h-7f3a");
  EXPECT_EQ(next->revision.version, 2);
  changed.valid.end = Day("2026-02-01");
  EXPECT_THAT(Change(certificate, changed, kNow), Blames("valid_to"));
  changed = certificate;
  changed.revoked = true;
  next = Change(certificate, changed, kNow);
  ASSERT_OK(next);
  changed.revoked = false;
  EXPECT_THAT(Change(*next, changed, kNow), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::partner
