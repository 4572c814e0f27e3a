#include "partner-service/courses/course_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "partner-service/courses/certificate_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class CourseStoreTest : public StoreTest {
 protected:
  static Course Of(std::string id, std::vector<std::string> lines) {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "课程",
            .product_lines = std::move(lines),
            .validity_months = 24,
            .retired = true};
  }
  absl::Status Create(const Course& course) {
    return Do([&](mysql::Transaction& sql) { return courses_.Create(sql, course); });
  }
  absl::StatusOr<Course> Get(std::string_view id) {
    return Ask<Course>([&](mysql::Transaction& sql) { return courses_.Get(sql, id); });
  }
  static Certificate Given(std::string partner, std::string id, std::string course, std::string holder,
                           const char* from, Date to = OpenEnd()) {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .course_id = std::move(course),
            .holder = std::move(holder),
            .valid = {Day(from), to}};
  }
  absl::Status Create(const Certificate& certificate) {
    return Do([&](mysql::Transaction& sql) { return certificates_.Create(sql, certificate); });
  }
  int64_t Holders(std::string_view partner, std::string_view course, const char* day) {
    const auto count = Ask<int64_t>(
        [&](mysql::Transaction& sql) { return certificates_.CountHolders(sql, partner, course, Day(day)); });
    EXPECT_OK(count);
    return count.value_or(-1);
  }
  std::vector<std::string> Names(const CertificateScope& scope, const std::string& filter = "") {
    std::vector<std::string> names;
    for (const Certificate& one : All<Certificate>(
             CertificateStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return certificates_.List(sql, scope, page); },
             [](const Certificate&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  }
  CourseStore courses_;
  CertificateStore certificates_;
};

TEST_F(CourseStoreTest, ACourseIsReadAsItWasWritten) {
  const Course course = Of("drives", {"productLines/b", "productLines/a"});
  ASSERT_OK(Create(course));
  EXPECT_THAT(Create(course), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const Course read, Get("drives"));
  EXPECT_EQ(read.revision, course.revision);
  EXPECT_EQ(read.display_name, course.display_name);
  EXPECT_EQ(read.product_lines, course.product_lines);
  EXPECT_EQ(read.validity_months, 24);
  EXPECT_TRUE(read.retired);
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));
  const auto missing = Ask<std::vector<std::string>>([&](mysql::Transaction& sql) {
    return courses_.Missing(sql, {"x", "drives", "a"});
  });
  EXPECT_THAT(*missing, ElementsAre("a", "x"));
}

TEST_F(CourseStoreTest, LinesFollowTheirCourse) {
  ASSERT_OK(Create(Of("one", {"productLines/a", "productLines/b"})));
  Course next = *Get("one");
  next.product_lines = {"productLines/b", "productLines/c"};
  next.revision = next.revision.Next(kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return courses_.Update(sql, next); }));
  ASSERT_OK(Create(Of("two", {"productLines/a"})));
  const auto gates = Ask<std::vector<Gate>>([&](mysql::Transaction& sql) {
    return courses_.Gates(sql, {"productLines/c", "productLines/b", "productLines/a", "productLines/x"});
  });
  ASSERT_OK(gates);
  EXPECT_THAT(*gates,
              ElementsAre(Pair("productLines/a", "two"), Pair("productLines/b", "one"), Pair("productLines/c", "one")));
}

TEST_F(CourseStoreTest, ACertificateIsReadAsItWasWritten) {
  Certificate certificate = Given("p-1", "c", "drives", "h-1", "2026-01-01", Day("2027-01-01"));
  ASSERT_OK(Create(certificate));
  EXPECT_THAT(Create(certificate), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Create(Given("p-2", "c", "drives", "h-1", "2026-01-01")));
  const auto get = [&](const char* partner) {
    return Ask<Certificate>([&](mysql::Transaction& sql) { return certificates_.Get(sql, partner, "c"); });
  };
  ASSERT_OK_AND_ASSIGN(Certificate read, get("p-1"));
  EXPECT_EQ(read.name(), "partners/p-1/certificates/c");
  EXPECT_EQ(read.revision, certificate.revision);
  EXPECT_EQ(read.course_id, "drives");
  EXPECT_EQ(read.holder, "h-1");
  EXPECT_EQ(read.valid, certificate.valid);
  EXPECT_FALSE(read.revoked);
  EXPECT_EQ(get("p-2")->valid.end, OpenEnd());
  EXPECT_THAT(get("p-3"), HasReason(Reason::kNotFound));
  read.revoked = true;
  read.valid.end = OpenEnd();
  read.revision = read.revision.Next(kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return certificates_.Update(sql, read); }));
  EXPECT_TRUE(get("p-1")->revoked);
  EXPECT_EQ(get("p-1")->valid.end, OpenEnd());
  EXPECT_FALSE(get("p-2")->revoked);
}

TEST_F(CourseStoreTest, PeopleCountOnceAndByDate) {
  ASSERT_OK(Create(Given("p-1", "a", "drives", "h-1", "2026-01-01", Day("2026-07-01"))));
  ASSERT_OK(Create(Given("p-1", "b", "drives", "h-1", "2026-06-01")));
  ASSERT_OK(Create(Given("p-1", "c", "drives", "h-2", "2026-03-01", Day("2026-06-02"))));
  ASSERT_OK(Create(Given("p-1", "d", "other", "h-3", "2026-01-01")));
  ASSERT_OK(Create(Given("p-2", "e", "drives", "h-4", "2026-01-01")));
  Certificate revoked = Given("p-1", "f", "drives", "h-5", "2026-01-01");
  revoked.revoked = true;
  ASSERT_OK(Create(revoked));
  EXPECT_EQ(Holders("p-1", "drives", "2025-12-31"), 0);
  EXPECT_EQ(Holders("p-1", "drives", "2026-01-01"), 1);
  EXPECT_EQ(Holders("p-1", "drives", "2026-06-01"), 2);
  EXPECT_EQ(Holders("p-1", "drives", "2026-06-02"), 1);
  EXPECT_EQ(Holders("p-1", "drives", "2030-01-01"), 1);
  EXPECT_EQ(Holders("p-3", "drives", "2026-06-01"), 0);
}

TEST_F(CourseStoreTest, WhoMaySellALineOnADay) {
  ASSERT_OK(Create(Of("drives", {"productLines/drives", "productLines/motors"})));
  ASSERT_OK(Create(Of("pumps", {"productLines/pumps"})));
  ASSERT_OK(Create(Given("p-1", "a", "drives", "h-1", "2026-01-01", Day("2026-07-01"))));
  ASSERT_OK(Create(Given("p-1", "b", "pumps", "h-1", "2026-01-01")));
  ASSERT_OK(Create(Given("p-2", "c", "drives", "h-2", "2026-03-01")));
  ASSERT_OK(Create(Given("p-3", "d", "drives", "h-3", "2026-03-01")));
  const auto who = [&](const char* line, const char* day) {
    return Names({.product_line = line, .valid_on = Day(day)});
  };
  EXPECT_THAT(who("productLines/drives", "2026-02-01"), ElementsAre("p-1/a"));
  EXPECT_THAT(who("productLines/motors", "2026-04-01"), ElementsAre("p-1/a", "p-2/c", "p-3/d"));
  EXPECT_THAT(who("productLines/drives", "2026-07-01"), ElementsAre("p-2/c", "p-3/d"));
  EXPECT_THAT(who("productLines/pumps", "2026-07-01"), ElementsAre("p-1/b"));
  EXPECT_THAT(who("productLines/open", "2026-07-01"), IsEmpty());
  EXPECT_THAT(Names({.partner_id = "p-1"}), ElementsAre("p-1/a", "p-1/b"));
  EXPECT_THAT(Names({}, "course = \"courses/drives\" AND valid_to:*"), ElementsAre("p-1/a"));
  EXPECT_THAT(Names({}, "holder = \"h-3\""), ElementsAre("p-3/d"));
}

}  // namespace
}  // namespace tributary::partner
