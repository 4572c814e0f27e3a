#include "partner-service/contacts/contact.h"

#include <gmock/gmock.h>

#include <string>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Contact Of(std::string email, std::string phone) {
  return {.partner_id = "p-1",
          .id = "c-1",
          .revision = Revision::First(kNow),
          .display_name = "收货窗口",
          .function = ContactFunction::kLogistics,
          .email = std::move(email),
          .phone = std::move(phone)};
}

TEST(ContactTest, SaysWhatIsWrongWithoutTheTextItself) {
  const struct {
    const char* email;
    const char* phone;
    const char* blames;
  } kCases[] = {
      {"", "", nullptr},
      {"goods@firm.org", "+8613800138000", nullptr},
      {"a.b+c@mail.firm.co", "+1234567", nullptr},
      {"goods", "", "email"},
      {"@firm.org", "", "email"},
      {"goods@firm", "", "email"},
      {"goods@@firm.org", "", "email"},
      {"goods@.firm.org", "", "email"},
      {"goods@firm..com", "", "email"},
      {"go ods@firm.org", "", "email"},
      {"goods@exam_ple.com", "", "email"},
      {"", "13912345678", "phone"},
      {"", "+0123456789", "phone"},
      {"", "+123456", "phone"},
      {"", "+1234567890123456", "phone"},
      {"", "+86 13800138000", "phone"},
      {"g***@firm.org", "****8000", "phone"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.email) + " " + c.phone);
    const absl::Status status = CheckContact(Of(c.email, c.phone));
    if (c.blames == nullptr) {
      EXPECT_OK(status);
      continue;
    }
    EXPECT_THAT(status, Blames(c.blames));
    for (const std::string told : {c.email, c.phone}) {
      if (told.size() > 8) {
        EXPECT_THAT(std::string(status.message()), Not(HasSubstr(told)));
      }
    }
  }
  Contact two_lines = Of("", "");
  two_lines.display_name = "a\nb";
  EXPECT_THAT(CheckContact(two_lines), Blames("display_name"));
}

TEST(ContactTest, IsShownMasked) {
  EXPECT_EQ(MaskedEmail("goods@example.com"), "g***@example.com");
  EXPECT_EQ(MaskedEmail("g@example.com"), "g***@example.com");
  EXPECT_EQ(MaskedEmail(""), "");
  EXPECT_EQ(MaskedPhone("+8613800138000"), "****8000");
  EXPECT_EQ(MaskedPhone(""), "");
}

TEST(ContactTest, AChangeSaysItsFields) {
  const Contact before = Of("goods@example.com", "+8613800138000");
  Contact wanted = before;
  EXPECT_THAT(FieldsThatDiffer(before, wanted), IsEmpty());
  wanted.display_name = "Goods in";
  wanted.email = "in@example.com";
  wanted.phone = "";
  wanted.function = ContactFunction::kSales;
  ASSERT_OK_AND_ASSIGN(const Contact after, Change(before, wanted, kNow));
  EXPECT_THAT(FieldsThatDiffer(before, after), ElementsAre("display_name", "function", "email", "phone"));
  EXPECT_EQ(after.revision.version, 2);
  wanted.email = "in";
  EXPECT_THAT(Change(before, wanted, kNow), Blames("email"));
}

}  // namespace
}  // namespace tributary::partner
