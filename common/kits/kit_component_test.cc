#include "common/kits/kit_component.h"

#include "common/text/text.h"
#include "gtest/gtest.h"

namespace tributary {
namespace {

KitComponent Holds(const char* kit, const char* component, int64_t quantity, const char* from = "2026-01-01",
                   const char* to = "2027-01-01") {
  return {.kit = StrCat("products/", kit),
          .component = StrCat("products/", component),
          .quantity = Decimal::FromInt(quantity),
          .effective = {*Date::Parse(from), *Date::Parse(to)}};
}

TEST(KitComponentTest, KitsInKitsOnTheirDays) {
  const std::vector<KitComponent> components = {Holds("bike", "pedal", 2, "2026-01-01", "2026-06-16"),
                                                Holds("bike", "pedal", 3, "2026-06-16"), Holds("tandem", "bike", 2),
                                                Holds("tandem", "pedal", 1)};
  const auto units = [&](const char* kit, const char* day) {
    return UnitsIn(components, StrCat("products/", kit), "products/pedal", *Date::Parse(day)).ToString();
  };
  EXPECT_EQ(units("bike", "2026-06-15"), "2");
  EXPECT_EQ(units("bike", "2026-06-16"), "3");
  EXPECT_EQ(units("tandem", "2026-06-15"), "5");
  EXPECT_EQ(units("tandem", "2026-06-16"), "7");
  EXPECT_EQ(units("bike", "2025-12-31"), "0");
  EXPECT_EQ(units("pedal", "2026-06-15"), "0");
}

}  // namespace
}  // namespace tributary
