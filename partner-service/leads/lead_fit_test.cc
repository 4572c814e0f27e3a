#include "partner-service/leads/lead_fit.h"

#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

const std::vector<std::string> kBikes = {"productLines/bikes"};

TEST(LeadFitTest, AGrantCoversAllThatIsAskedFor) {
  const struct {
    const char* what;
    NearbyGrant grant;
    LeadScope scope;
    bool covers;
  } kCases[] = {
      {"no limits", {}, {.product_lines = kBikes, .segment = "edu"}, true},
      {"no limits, nothing known", {}, {}, true},
      {"its line", {.product_lines = kBikes}, {.product_lines = kBikes}, true},
      {"one of two lines",
       {.product_lines = kBikes},
       {.product_lines = {"productLines/bikes", "productLines/x"}},
       false},
      {"another line", {.product_lines = kBikes}, {.product_lines = {"productLines/x"}}, false},
      {"line not known", {.product_lines = kBikes}, {}, false},
      {"its segment", {.segments = {"gov", "edu"}}, {.segment = "edu"}, true},
      {"another segment", {.segments = {"gov"}}, {.segment = "edu"}, false},
      {"segment not known", {.segments = {"gov"}}, {}, false},
  };
  for (const auto& c : kCases) EXPECT_EQ(Covers(c.grant, c.scope), c.covers) << c.what;
}

TEST(LeadFitTest, PointsByTheBestGrantThatCovers) {
  const LeadScope scope{.regions = {"regions/wa", "regions/us"}, .product_lines = kBikes, .segment = "edu"};
  const auto fit = [](NearbyPartner partner, const LeadScope& of) { return FitOf(partner, of); };
  const RoutingCandidate none = fit({.id = "p", .active = true, .home_region = "regions/de"}, scope);
  EXPECT_EQ(none, (RoutingCandidate{.partner_id = "p", .active = true}));

  const RoutingCandidate best = fit({.id = "p",
                                     .home_region = "regions/wa",
                                     .grants = {{Exclusivity::kHelper, kBikes, {"edu"}},
                                                {Exclusivity::kNonExclusive, {}, {"edu"}},
                                                {Exclusivity::kNonExclusive, kBikes, {}},
                                                {Exclusivity::kExclusive, {"productLines/x"}, {}}}},
                                    scope);
  EXPECT_FALSE(best.active);
  EXPECT_EQ(best.territory_points, 6);
  EXPECT_EQ(best.product_line_points, 10);
  EXPECT_EQ(best.segment_points, 5);
  EXPECT_EQ(best.proximity_points, 10);

  const RoutingCandidate helper =
      fit({.id = "p", .home_region = "regions/us", .grants = {{Exclusivity::kHelper, {}, {}}}}, scope);
  EXPECT_EQ(helper.territory_points, 3);
  EXPECT_EQ(helper.product_line_points, 5);
  EXPECT_EQ(helper.segment_points, 5);
  EXPECT_EQ(helper.proximity_points, 5);

  const RoutingCandidate unknown =
      fit({.id = "p", .grants = {{Exclusivity::kExclusive, {}, {}}}}, {.regions = {"regions/wa"}});
  EXPECT_EQ(unknown.territory_points, 10);
  EXPECT_EQ(unknown.product_line_points, kNotKnown);
  EXPECT_EQ(unknown.segment_points, kNotKnown);
  EXPECT_EQ(unknown.proximity_points, kNotKnown);
}

}  // namespace
}  // namespace tributary::partner
