#include "inventory-service/products/gtin.h"

#include <gtest/gtest.h>

#include <string>

namespace tributary::inventory {
namespace {

TEST(Gtin, TheCheckDigit) {
  const struct {
    const char* text;
    bool good;
  } kCases[] = {{"96385074", true},
                {"036000291452", true},
                {"4006381333931", true},
                {"10614141000415", true},
                {"4006381333932", false},
                {"036000291453", false},
                {"", false},
                {"0", false},
                {"123456789", false},
                {"400638133393X", false},
                {"4006381333931 ", false}};
  for (const auto& c : kCases) EXPECT_EQ(IsGtin(c.text), c.good) << c.text;
}

TEST(Gtin, OneWrongDigitIsSeen) {
  const std::string good = "4006381333931";
  for (size_t i = 0; i < good.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string text = good;
      text[i] = digit;
      EXPECT_EQ(IsGtin(text), digit == good[i]) << text;
    }
  }
}

}  // namespace
}  // namespace tributary::inventory
