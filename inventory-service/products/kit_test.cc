#include "inventory-service/products/kit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Decimal N(const char* text) { return Decimal::Parse(text).value(); }

const DateRange kAlways = {Day("2000-01-01"), OpenEnd()};

Component Of(const char* product, const char* quantity, DateRange effective = kAlways) {
  return {product, N(quantity), effective};
}

TEST(Kit, ItsComponentsByThemselves) {
  const DateRange may = {Day("2026-05-01"), Day("2026-06-01")}, june = {Day("2026-06-01"), Day("2026-07-01")};
  const struct {
    const char* what;
    std::vector<Component> components;
    std::vector<std::string> fields;  // that are wrong
  } kCases[] = {
      {"none", {}, {}},
      {"two", {Of("wheel", "2"), Of("bell", "1")}, {}},
      {"one after the other", {Of("bell", "1", may), Of("bell", "2", june)}, {}},
      {"twice on a day", {Of("bell", "1", may), Of("bell", "2")}, {"components[1].effective_from"}},
      {"itself", {Of("wheel", "2"), Of("bike", "1")}, {"components[1].product"}},
      {"nothing of it", {Of("wheel", "0")}, {"components[0].quantity"}},
      {"no day", {Of("wheel", "2", {Day("2026-05-01"), Day("2026-05-01")})}, {"components[0].effective_to"}},
      {"all at once", {Of("bike", "-1")}, {"components[0].product", "components[0].quantity"}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : DetailOf(CheckComponents("bike", c.components)).violations) {
      fields.push_back(violation.field);
    }
    EXPECT_EQ(fields, c.fields);
  }
}

TEST(Kit, GoesRoundInNoCircle) {
  EXPECT_OK(CheckLevels({}));
  EXPECT_OK(CheckLevels({{"set", {Of("bike", "1"), Of("bell", "1")}}, {"bike", {Of("wheel", "2"), Of("bell", "1")}}}));
  EXPECT_THAT(CheckLevels({{"a", {Of("b", "1")}}, {"b", {Of("a", "1")}}}), HasReason(Reason::kInvalidField));
  // Also where the days would never meet.
  EXPECT_THAT(CheckLevels({{"a", {Of("b", "1", {Day("2026-01-01"), Day("2026-02-01")})}},
                           {"b", {Of("c", "1", {Day("2026-03-01"), Day("2026-04-01")})}},
                           {"c", {Of("a", "1", {Day("2026-05-01"), Day("2026-06-01")})}}}),
              HasReason(Reason::kInvalidField));
}

TEST(Kit, GoesDownEightLevels) {
  Kits chain;
  for (int i = 0; i < kDeepestKit; ++i) chain[StrCat("p", i)] = {Of(StrCat("p", i + 1).c_str(), "1")};
  EXPECT_OK(CheckLevels(chain));
  chain[StrCat("p", kDeepestKit)] = {Of("bottom", "1")};
  EXPECT_THAT(CheckLevels(chain), HasReason(Reason::kInvalidField));
}

TEST(Kit, ExplodesAsOfTheDay) {
  const DateRange until = {Day("2026-01-01"), Day("2026-06-01")}, from = {Day("2026-06-01"), OpenEnd()};
  const Kits kits = {{"set", {Of("bike", "2"), Of("bell", "1")}},
                     {"bike", {Of("wheel", "2"), Of("bell", "1", until), Of("horn", "1", from)}}};
  EXPECT_THAT(Explode(kits, "set", N("3"), Day("2026-05-31")).value(),
              ElementsAre(Pair("bell", N("9")), Pair("wheel", N("12"))));
  EXPECT_THAT(Explode(kits, "set", N("3"), Day("2026-06-01")).value(),
              ElementsAre(Pair("bell", N("3")), Pair("horn", N("6")), Pair("wheel", N("12"))));
  // Before its components are in force a kit is its own part, like a product that is no kit.
  const Kits later = {{"set", {Of("bike", "2", from)}}};
  EXPECT_THAT(Explode(later, "set", N("3"), Day("2026-05-31")).value(), ElementsAre(Pair("set", N("3"))));
  EXPECT_THAT(Explode(kits, "wheel", N("-0.5"), Day("2026-05-31")).value(), ElementsAre(Pair("wheel", N("-0.5"))));
}

TEST(Kit, ExplodesExactly) {
  EXPECT_THAT(Explode({{"a", {Of("b", "0.001")}}, {"b", {Of("c", "0.001")}}}, "a", N("3"), Day("2026-01-01")).value(),
              ElementsAre(Pair("c", N("0.000003"))));
  EXPECT_THAT(Explode({{"a", {Of("b", "0.001")}}, {"b", {Of("c", "0.0001")}}}, "a", N("3"), Day("2026-01-01")),
              HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(
      Explode({{"a", {Of("b", "100000000000")}}, {"b", {Of("c", "100000000000")}}}, "a", N("1"), Day("2026-01-01")),
      HasReason(Reason::kOverflow));
}

TEST(Kit, WhatStandsInItsPlace) {
  const std::vector<KitPart> parts =
      StockedParts({{"bell", N("1")}, {"fitting", N("1")}, {"wheel", N("2")}}, {"bell", "wheel"});
  EXPECT_THAT(parts, ElementsAre(KitPart{"bell", N("1")}, KitPart{"wheel", N("2")}));
  EXPECT_EQ(PartsText(parts), "bell=1 wheel=2");
  EXPECT_EQ(PartsFromText("bell=1 wheel=2"), parts);
  EXPECT_EQ(PartsFromText(PartsText({{"bell", N("-0.000001")}})), (std::vector<KitPart>{{"bell", N("-0.000001")}}));
  EXPECT_TRUE(PartsFromText("").empty());
  // Two of five kits come back.
  EXPECT_THAT(PartsInProportion({{"bell", N("5")}, {"wheel", N("10")}}, N("5"), N("-2")).value(),
              ElementsAre(KitPart{"bell", N("-2")}, KitPart{"wheel", N("-4")}));
  EXPECT_THAT(PartsInProportion({{"bell", N("1")}}, N("3"), N("1")), HasReason(Reason::kNotAMultiple));
  EXPECT_EQ(KitsOf(N("7"), N("2")), N("3"));
  EXPECT_EQ(KitsOf(N("7"), N("0.5")), N("14"));
  EXPECT_EQ(KitsOf(N("1.999999"), N("2")), N("0"));
}

TEST(Kit, WhatHasNoStockSaysWhoseIsMeant) {
  const std::map<std::string, std::vector<KitPart>> kits = {{"set", {{"bell", N("1")}, {"wheel", N("2")}}},
                                                            {"care", {}}};
  EXPECT_OK(CheckNoKit("lines[0].product", "bell", kits, "count"));
  const absl::Status refused = CheckNoKit("lines[0].product", "set", kits, "count");
  EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
  const FieldViolation violation = DetailOf(refused).violations.at(0);
  EXPECT_EQ(violation.field, "lines[0].product");
  EXPECT_EQ(violation.got, "products/set");
  EXPECT_EQ(violation.want,
            "a product that is no kit: a kit has no stock of its own, count its parts, products/bell and "
            "products/wheel");
  EXPECT_EQ(DetailOf(CheckNoKit("product", "care", kits, "supply")).violations.at(0).want,
            "a product that is no kit: a kit has no stock of its own, supply its parts, of which none lies in stock");
}

// Two ways to everything, eight levels down: 256 ways to the bottom, which is met once.
TEST(Kit, ExplodesEveryWayDown) {
  Kits kits;
  for (int i = 0; i < kDeepestKit; i += 2) {
    kits[StrCat("p", i)] = {Of(StrCat("l", i).c_str(), "1"), Of(StrCat("r", i).c_str(), "1")};
    kits[StrCat("l", i)] = kits[StrCat("r", i)] = {Of(StrCat("p", i + 2).c_str(), "2")};
  }
  EXPECT_OK(CheckLevels(kits));
  EXPECT_THAT(Explode(kits, "p0", N("1"), Day("2026-01-01")).value(), ElementsAre(Pair("p8", N("256"))));
}

}  // namespace
}  // namespace tributary::inventory
