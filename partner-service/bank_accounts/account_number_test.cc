#include "partner-service/bank_accounts/account_number.h"

#include <gmock/gmock.h>

#include <string>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Type = AccountNumberType;

TEST(AccountNumberTest, HasItsCheckDigits) {
  const struct {
    Type type;
    const char* text;
    bool fits;
  } kCases[] = {
      // Examples of the IBAN registry.
      {Type::kIban, "DE89 3704 0044 0532 0130 00", true},
      {Type::kIban, "gb82west12345698765432", true},
      {Type::kIban, "NO9386011117947", true},
      {Type::kIban, "MT84MALT011000012345MTLCAST001S", true},
      {Type::kIban, "FR1420041010050500013M02606", true},
      {Type::kIban, "CH9300762011623852957", true},
      {Type::kIban, "SA0380000000608010167519", true},
      {Type::kIban, "BR1800360305000010009795493C1", true},
      {Type::kIban, "DE89370400440532013001", false},  // a digit
      {Type::kIban, "DE89370400440532010300", false},  // two digits in the other order
      {Type::kIban, "DE98370400440532013000", false},
      {Type::kIban, "DE8937040044053201300", false},  // too short
      {Type::kIban, "ZZ89370400440532013000", false},
      {Type::kIban, "DE89", false},
      {Type::kIban, "DE89-3704-0044-0532-0130-00", false},
      {Type::kIban, "", false},
      {Type::kCard, "4111 1111 1111 1111", true},
      {Type::kCard, "6222600260001072444", true},
      {Type::kCard, "378282246310005", true},
      {Type::kCard, "4111111111111112", false},
      {Type::kCard, "1411111111111111", false},
      {Type::kCard, "00000000000", false},
      {Type::kCard, "41111111111111110000", false},
      {Type::kCard, "4111-1111-1111-1111", false},
      {Type::kLocal, "1001 2345 0920 0012 345", true},
      {Type::kLocal, "12A4", true},
      {Type::kLocal, "123", false},
      {Type::kLocal, "12345678901234567890123456789012345", false},
      {Type::kLocal, "1234/56", false},
      {Type::kLocal, "****3000", false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text);
    const std::string number = NormalizedAccountNumber(c.type, c.text);
    const absl::Status status = CheckAccountNumber(c.type, number);
    EXPECT_EQ(status.ok(), c.fits) << status;
    if (!c.fits && number.size() > 4) {
      EXPECT_THAT(status, HasReason(Reason::kInvalidField));
      EXPECT_THAT(std::string(status.message()), Not(HasSubstr(number)));
    }
  }
}

// MOD 97 finds each digit for another, each letter for another, and each two neighbours in the other order. (A digit
// for a letter makes another length of it, and may slip through.)
TEST(AccountNumberTest, AnIbanShowsEachSlip) {
  const std::string iban = "GB82WEST12345698765432";
  for (size_t i = 2; i < iban.size(); ++i) {
    for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      if ((c <= '9') != (iban[i] <= '9')) continue;
      std::string slip = iban;
      slip[i] = c;
      EXPECT_EQ(CheckAccountNumber(Type::kIban, slip).ok(), slip == iban) << slip;
    }
    if (i + 1 == iban.size() || i == 3) continue;
    std::string swapped = iban;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_EQ(CheckAccountNumber(Type::kIban, swapped).ok(), swapped == iban) << swapped;
  }
}

TEST(AccountNumberTest, IsShownMasked) {
  EXPECT_EQ(MaskedAccountNumber(Type::kIban, "DE89370400440532013000"), "DE****3000");
  EXPECT_EQ(MaskedAccountNumber(Type::kCard, "4111111111111111"), "****1111");
  EXPECT_EQ(MaskedAccountNumber(Type::kLocal, "1234567"), "****67");
  EXPECT_EQ(MaskedAccountNumber(Type::kLocal, ""), "");
}

TEST(AccountNumberTest, ABicHasItsForm) {
  for (const char* bic : {"DEUTDEFF", "DEUTDEFF500", "ICBKCNBJ", "NEDSZAJJXXX"}) EXPECT_TRUE(IsBic(bic)) << bic;
  for (const char* none : {"", "DEUTDEF", "DEUTDEFF5", "deutdeff", "DE1TDEFF", "DEUTDEFF50 "}) {
    EXPECT_FALSE(IsBic(none)) << none;
  }
}

}  // namespace
}  // namespace tributary::partner
