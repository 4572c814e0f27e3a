#include "common/scopes/scope_box.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

DateRange Days(const char* from, const char* to) { return {Day(from), Day(to)}; }

const RegionTree& World() {
  static const auto* const tree = new RegionTree(RegionTree::FromParents({
      {"cn", ""},
      {"cn-50", "cn"},
      {"cn-51", "cn"},
      {"cn-51-01", "cn-51"},
      {"us", ""},
      {"us-wa", "us"},
  }));
  return *tree;
}

TEST(RegionTreeTest, AncestorsFollowParents) {
  const std::map<std::string, std::string> parents = {{"c", "b"}, {"b", "a"}, {"x", "y"}, {"y", "x"}, {"s", "s"}};
  const auto parent_of = [&](const std::string& r) { return parents.contains(r) ? parents.at(r) : std::string(); };
  EXPECT_THAT(AncestorsOf("c", parent_of), ElementsAre("b", "a"));
  EXPECT_THAT(AncestorsOf("a", parent_of), IsEmpty());
  EXPECT_THAT(AncestorsOf("unknown", parent_of), IsEmpty());
  EXPECT_THAT(AncestorsOf("x", parent_of), ElementsAre("y"));
  EXPECT_THAT(AncestorsOf("s", parent_of), IsEmpty());
  int deep = 0;
  EXPECT_EQ(AncestorsOf("0", [&](const std::string&) { return std::to_string(++deep); }).size(), 64u);
}

TEST(ScopeBoxTest, Regions) {
  struct Case {
    std::vector<std::string> a, b;
    std::optional<std::vector<std::string>> shared;
  };
  using Names = std::vector<std::string>;
  const std::vector<Case> cases = {
      {{"cn"}, {"us"}, std::nullopt},
      {{"cn"}, {"cn"}, Names{"cn"}},
      {{"cn"}, {"cn-51-01"}, Names{"cn-51-01"}},
      {{"cn-50"}, {"cn-51"}, std::nullopt},
      {{"cn-50", "cn-51"}, {"cn-51-01", "cn-50"}, Names{"cn-50", "cn-51-01"}},
      {{"cn", "cn-50"}, {"cn"}, Names{"cn"}},
      {{"cn", "us"}, {"us-wa", "cn-51", "cn-51-01"}, Names{"cn-51", "us-wa"}},
      {{}, {"us-wa"}, Names{"us-wa"}},
      {{}, {}, Names{}},
      {{"mars"}, {"mars"}, Names{"mars"}},  // not known (yet): meets itself alone
      {{"mars"}, {"cn"}, std::nullopt},
  };
  for (const Case& c : cases) {
    const ScopeBox a{.regions = c.a, .time = Days("2026-01-01", "2027-01-01")};
    const ScopeBox b{.regions = c.b, .time = Days("2026-01-01", "2027-01-01")};
    SCOPED_TRACE(Describe(a) + " / " + Describe(b));
    for (const std::optional<ScopeBox>& shared : {Intersect(a, b, World()), Intersect(b, a, World())}) {
      EXPECT_EQ(shared.has_value(), c.shared.has_value());
      if (shared && c.shared) {
        EXPECT_EQ(shared->regions, *c.shared);
      }
    }
  }
}

TEST(ScopeBoxTest, OtherDimensions) {
  const ScopeBox base{{"cn"}, {"pl-a", "pl-b"}, {}, {"RESELL"}, Days("2026-07-08", "2026-10-06")};
  const auto with = [&](auto change) {
    ScopeBox box = base;
    change(box);
    return Intersect(base, box, World());
  };
  EXPECT_THAT(with([](ScopeBox&) {}), Optional(base));
  EXPECT_THAT(with([](ScopeBox& b) { b.product_lines = {}; }), Optional(base));
  EXPECT_EQ(with([](ScopeBox& b) {
              b.product_lines = {"pl-c", "pl-b"};
            })->product_lines,
            std::vector<std::string>{"pl-b"});
  EXPECT_EQ(with([](ScopeBox& b) { b.product_lines = {"pl-c"}; }), std::nullopt);
  EXPECT_EQ(with([](ScopeBox& b) { b.segments = {"RETAIL"}; })->segments, std::vector<std::string>{"RETAIL"});
  EXPECT_EQ(with([](ScopeBox& b) { b.routes = {"OEM"}; }), std::nullopt);
  EXPECT_EQ(with([](ScopeBox& b) { b.time = Days("2026-08-01", "2026-10-30"); })->time,
            Days("2026-08-01", "2026-10-06"));
  EXPECT_EQ(with([](ScopeBox& b) { b.time = Days("2026-10-06", "2026-10-30"); }), std::nullopt);  // ends touch
  EXPECT_EQ(with([](ScopeBox& b) { b.time = Days("2026-09-01", "2026-08-01"); }), std::nullopt);  // holds no day
}

TEST(ScopeBoxTest, NormalizedAndDescribed) {
  const ScopeBox box = Normalized(
      {{"us", "cn-50", "cn", "us"}, {"pl-b", "pl-a", "pl-b"}, {}, {}, {Day("2026-01-01"), OpenEnd()}}, World());
  EXPECT_THAT(box.regions, ElementsAre("cn", "us"));
  EXPECT_THAT(box.product_lines, ElementsAre("pl-a", "pl-b"));
  EXPECT_EQ(Describe(box), "cn, us; pl-a, pl-b; every segment; every route; from 2026-01-01 on");
  EXPECT_EQ(Describe(ScopeBox{.time = Days("2026-01-01", "2026-02-01")}),
            "every region; every product line; every segment; every route; from 2026-01-01 until before 2026-02-01");
}

}  // namespace
}  // namespace tributary
