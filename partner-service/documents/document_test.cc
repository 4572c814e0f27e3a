#include "partner-service/documents/document.h"

#include <optional>
#include <string>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

Document License(const char* expires_on = nullptr, int notice_days = 0) {
  Document document{.id = "d-1",
                    .revision = Revision::First(kNow),
                    .owner_id = "p-1",
                    .kind = DocumentKind::kLicense,
                    .title = "Permit to trade",
                    .media_type = "application/pdf",
                    .notice_days = notice_days};
  if (expires_on != nullptr) document.expires_on = Day(expires_on);
  return document;
}

TEST(DocumentTest, SaysWhatIsWrongWithIt) {
  const auto with = [](auto change) {
    Document document = License("2026-12-31", 30);
    change(document);
    return CheckDocument(document);
  };
  EXPECT_OK(with([](Document&) {}));
  EXPECT_OK(with([](Document& d) { d.attached_to = "partners/p-1/agreements/main"; }));
  EXPECT_OK(with([](Document& d) { d.attached_to = "programs/x"; }));
  const struct {
    const char* field;
    absl::Status status;
  } kCases[] = {
      {"title", with([](Document& d) { d.title = "two\nlines"; })},
      {"media_type", with([](Document& d) { d.media_type = "text/html"; })},
      {"media_type", with([](Document& d) { d.media_type = "application/PDF"; })},
      {"expires_on", with([](Document& d) { d.expires_on = OpenEnd(); })},
      {"notice_days", with([](Document& d) { d.expires_on.reset(); })},
      {"attached_to", with([](Document& d) { d.attached_to = "agreements"; })},
      {"attached_to", with([](Document& d) { d.attached_to = "partners//agreements/x"; })},
      {"attached_to", with([](Document& d) { d.attached_to = "partners/p 1"; })},
      {"attached_to", with([](Document& d) { d.attached_to = "partners/p-2/agreements/main"; })},
  };
  for (const auto& c : kCases) EXPECT_THAT(c.status, Blames(c.field));
}

TEST(DocumentTest, BytesAreOfTheirMediaType) {
  const struct {
    const char* media_type;
    std::string content;
    bool fits;
  } kCases[] = {
      {"application/pdf", "%PDF-1.7 ...", true},
      {"application/pdf", "<html>", false},
      {"application/pdf", " %PDF-1.7", false},
      {"image/png", std::string("\x89PNG\r\n\x1a\n...", 11), true},
      {"image/png", "\xff\xd8\xff\xe0", false},
      {"image/jpeg", "\xff\xd8\xff\xe0", true},
      {"text/plain", "渠成", true},
      {"text/plain", "\xc7\xfe", false},  // GBK
      {"text/csv", std::string("a,b\0c", 5), false},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", std::string("PK\x03\x04..", 6), true},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK", false},
      {"text/plain", "", false},
      {"text/plain", std::string(kMaxDocumentBytes, 'x'), true},
      {"text/plain", std::string(kMaxDocumentBytes + 1, 'x'), false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.media_type + c.content.substr(0, 10));
    const absl::Status status = CheckContent(c.media_type, c.content);
    EXPECT_EQ(status.ok(), c.fits);
    if (!c.fits) {
      EXPECT_THAT(status, Blames("content"));
    }
  }
}

TEST(DocumentTest, HoldsThroughItsLastDay) {
  const struct {
    const char* expires_on;
    int notice_days;
    const char* today;
    DocumentState state;
  } kCases[] = {
      {nullptr, 0, "2999-01-01", DocumentState::kValid},
      {"2026-12-31", 0, "2026-12-31", DocumentState::kValid},
      {"2026-12-31", 0, "2027-01-01", DocumentState::kExpired},
      {"2026-12-31", 30, "2026-11-30", DocumentState::kValid},
      {"2026-12-31", 30, "2026-12-01", DocumentState::kExpiring},
      {"2026-12-31", 30, "2026-12-31", DocumentState::kExpiring},
      {"2026-12-31", 30, "2027-01-01", DocumentState::kExpired},
      {"2024-03-01", 1, "2024-02-29", DocumentState::kExpiring},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(StateOn(License(c.expires_on, c.notice_days), Day(c.today)), c.state) << c.today;
  }
}

// Each day is looked at, and each change of state is told on its first day, once.
TEST(DocumentTest, EachStateIsToldOnce) {
  for (const int notice : {0, 1, 10}) {
    Document document = License("2026-06-15", notice);
    std::string told;
    for (Date day = Day("2026-06-01"); day <= Day("2026-06-30"); day = day.AddDays(1)) {
      const std::optional<Date> due = NextNotice(document);
      const auto next = Notified(document, day, kNow);
      EXPECT_EQ(next.has_value(), due.has_value() && *due <= day) << day.ToString();
      if (!next.has_value()) continue;
      told += std::string(NameOf(next->told)) + " " + day.ToString() + "; ";
      EXPECT_EQ(next->revision.version, document.revision.version + 1);
      document = *next;
    }
    const std::string expiring = notice == 0 ? "" : notice == 1 ? "EXPIRING 2026-06-14; " : "EXPIRING 2026-06-05; ";
    EXPECT_EQ(told, expiring + "EXPIRED 2026-06-16; ");
    EXPECT_EQ(NextNotice(document), std::nullopt);
  }
  // Who looks late tells the last state alone.
  const auto late = Notified(License("2026-06-15", 10), Day("2026-07-01"), kNow);
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->told, DocumentState::kExpired);
}

}  // namespace
}  // namespace tributary::partner
