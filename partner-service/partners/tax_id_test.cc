#include "partner-service/partners/tax_id.h"

#include <string>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

TEST(TaxIdTest, HasTheFormOfItsType) {
  const struct {
    TaxIdType type;
    const char* value;
    bool fits;
  } kCases[] = {
      {TaxIdType::kCnUscc, "91330100799655058B", true},
      {TaxIdType::kCnUscc, "9144030071526726XG", true},
      {TaxIdType::kCnUscc, "914403001922038216", true},
      {TaxIdType::kCnUscc, "91350100M000100Y43", true},
      {TaxIdType::kCnUscc, "91330100799655058A", false},
      {TaxIdType::kCnUscc, "9133010079965505B8", false},
      {TaxIdType::kCnUscc, "91330100799655058b", false},
      {TaxIdType::kCnUscc, "9133010079965505I8", false},
      {TaxIdType::kCnUscc, "9133010079965505", false},
      {TaxIdType::kCnUscc, "", false},
      {TaxIdType::kVat, "DE136695976", true},
      {TaxIdType::kVat, "NL123456789B01", true},
      {TaxIdType::kVat, "XI1", false},
      {TaxIdType::kVat, "136695976", false},
      {TaxIdType::kVat, "DE 136695976", false},
      {TaxIdType::kEin, "12-3456789", true},
      {TaxIdType::kEin, "123456789", false},
      {TaxIdType::kEin, "12-345678X", false},
      {TaxIdType::kOther, "Reg. 12/34", true},
      {TaxIdType::kOther, "", false},
      {TaxIdType::kOther, "a\nb", false},
      {static_cast<TaxIdType>(9), "x", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(CheckTaxId({c.type, c.value}).ok(), c.fits) << NameOf(c.type) << " " << c.value;
  }
}

// MOD 31 with powers of 3: each wrong character is found, and each two neighbours in the other order.
TEST(TaxIdTest, ACreditCodeShowsEachSlip) {
  const std::string code = "91330100799655058B";
  for (size_t i = 0; i < code.size(); ++i) {
    for (const char c : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      std::string slip = code;
      slip[i] = c;
      EXPECT_EQ(CheckTaxId({TaxIdType::kCnUscc, slip}).ok(), slip == code) << slip;
    }
    if (i + 1 == code.size()) continue;
    std::string swapped = code;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_EQ(CheckTaxId({TaxIdType::kCnUscc, swapped}).ok(), swapped == code) << swapped;
  }
}

TEST(TaxIdTest, ListsSayWhichIsWrong) {
  std::vector<FieldViolation> violations;
  CheckTaxIds({{TaxIdType::kEin, "12-3456789"}, {TaxIdType::kVat, "x"}, {TaxIdType::kEin, "12-3456789"}}, &violations);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "tax_ids[1].value");
  EXPECT_EQ(violations[1].field, "tax_ids[2].value");
}

TEST(TaxIdTest, ATextWithoutATypeGetsOne) {
  EXPECT_EQ(TaxIdOf("91330100799655058B").type, TaxIdType::kCnUscc);
  EXPECT_EQ(TaxIdOf("91330100799655058A").type, TaxIdType::kOther);
  EXPECT_FALSE(IsOfOneCompany(TaxIdOf("77").type));
  EXPECT_TRUE(IsOfOneCompany(TaxIdType::kVat));
}

}  // namespace
}  // namespace tributary::partner
