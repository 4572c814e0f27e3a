#include "common/matching/tax_number.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

TEST(TaxNumberTest, Read) {
  struct Case {
    std::string text, scheme, value;
    bool checked;
  };
  for (const Case& c : std::vector<Case>{
           {"91350100M000100Y43", "CN", "91350100M000100Y43", true},
           {"９１３５０１００ｍ０００１００ｙ４３", "CN", "91350100M000100Y43", true},
           {"91350100M000100Y44", "", "91350100M000100Y44", false},
           {"DE 136 695 976", "DE", "136695976", true},
           {"DE136695978", "DE", "136695978", false},
           {"FR 40 303 265 045", "FR", "40303265045", true},
           {"FR41303265045", "FR", "41303265045", false},
           {"IT00743110157", "IT", "00743110157", true},
           {"NL004495445B01", "NL", "004495445B01", true},
           {"NL004495446B01", "NL", "004495446B01", false},
           {"BE0428759497", "BE", "0428759497", true},
           {"GB980780684", "GB", "980780684", true},
           {"ATU13585627", "AT", "U13585627", true},
           {"PL8567346215", "PL", "8567346215", true},
           {"PT501964843", "PT", "501964843", true},
           {"DK13585628", "DK", "13585628", true},
           {"FI20774740", "FI", "20774740", true},
           {"LU15027442", "LU", "15027442", true},
           {"SE123456789701", "SE", "123456789701", true},
           {"04595257", "TW", "04595257", false},
           {"12-3456789", "", "123456789", false},
           {" - ", "", "", false},
       }) {
    const TaxNumber number = ReadTaxNumber(c.text);
    EXPECT_EQ(number.scheme, c.scheme) << c.text;
    EXPECT_EQ(number.value, c.value) << c.text;
    EXPECT_EQ(number.checked, c.checked) << c.text;
  }
}

}  // namespace
}  // namespace tributary::matching
