#include "conflict-service/deals/scope_check.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "conflict-service/deals/same_customer.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = Deal::State;

// cn holds cn-50 and cn-51; cn-50 holds two districts.
Places World() {
  const RegionTree tree = RegionTree::FromParents({{"regions/cn", ""},
                                                   {"regions/cn-50", "regions/cn"},
                                                   {"regions/cn-51", "regions/cn"},
                                                   {"regions/cn-50-1", "regions/cn-50"},
                                                   {"regions/cn-50-2", "regions/cn-50"}});
  return {{{"regions/cn", {"regions/cn-50-1", "regions/cn-50-2", "regions/cn-51"}},
           {"regions/cn-50", {"regions/cn-50-1", "regions/cn-50-2"}}},
          tree};
}

Deal DealOf(const std::string& partner, std::vector<std::string> lines, std::vector<std::string> regions,
            const char* from, const char* to, int64_t sequence) {
  Deal deal;
  deal.partner = "partners/" + partner;
  deal.name = deal.partner + "/deals/d";
  deal.state = State::kSubmitted;
  deal.sequence = sequence;
  deal.scope = {.regions = std::move(regions),
                .product_lines = std::move(lines),
                .routes = {"RESELL"},
                .time = {Day(from), Day(to)}};
  return deal;
}

const Deal kFirst = DealOf("p-1", {"pl-a", "pl-b"}, {"regions/cn-50", "regions/cn-51"}, "2026-07-08", "2026-10-06", 1);
const Deal kSecond = DealOf("p-2", {"pl-b", "pl-c"}, {"regions/cn-50", "regions/cn-53"}, "2026-08-01", "2026-10-30", 2);

TEST(ScopeCheckTest, ScopesAreLeaves) {
  EXPECT_THAT(Requested(kFirst, World()).regions.names,
              ElementsAre("regions/cn-50-1", "regions/cn-50-2", "regions/cn-51"));
  EXPECT_THAT(Requested(kSecond, World()).regions.names,
              ElementsAre("regions/cn-50-1", "regions/cn-50-2", "regions/cn-53"));
  Deal every = kFirst;
  every.scope.product_lines.clear();
  EXPECT_EQ(Requested(every, World()).product_lines, NameSet::All());
}

TEST(ScopeCheckTest, APartnerIsToldItsOwnScopeCoarsely) {
  const auto told = ConflictOf({Requested(kSecond, World())}, kSecond, {kFirst}, World());
  ASSERT_TRUE(told.has_value());
  EXPECT_THAT(told->product_lines, ElementsAre("pl-b"));
  EXPECT_THAT(told->regions, ElementsAre("regions/cn-50"));
  EXPECT_EQ(told->until, Day("2026-10-31"));
  // One answer for one or many.
  Deal again = kFirst;
  again.partner = "partners/p-3";
  EXPECT_EQ(told, ConflictOf({Requested(kSecond, World())}, kSecond, {kFirst, again}, World()));
  // Nothing of the own, of what blocks nobody, and of what shares nothing.
  again.partner = kSecond.partner;
  EXPECT_EQ(ConflictOf({Requested(kSecond, World())}, kSecond, {again}, World()), std::nullopt);
  again = kFirst;
  again.state = State::kWithdrawn;
  EXPECT_EQ(ConflictOf({Requested(kSecond, World())}, kSecond, {again}, World()), std::nullopt);
  again = kFirst;
  again.scope.routes = {"DIRECT"};
  EXPECT_EQ(ConflictOf({Requested(kSecond, World())}, kSecond, {again}, World()), std::nullopt);
}

TEST(ScopeCheckTest, UntilIsTheLastOfAMonth) {
  struct Case {
    const char* end;
    const char* until;
  };
  for (const Case& c : std::vector<Case>{{"2026-10-31", "2026-10-31"},
                                         {"2026-11-01", "2026-10-31"},
                                         {"2026-11-02", "2026-11-30"},
                                         {"2026-12-31", "2026-12-31"},
                                         {"2027-01-01", "2026-12-31"},
                                         {"2028-02-02", "2028-02-29"}}) {
    Deal rival = kFirst;
    rival.scope.time.end = Day(c.end);
    Deal mine = kSecond;
    mine.scope.time.end = Day("2030-01-01");
    EXPECT_EQ(ConflictOf({Requested(mine, World())}, mine, {rival}, World())->until, Day(c.until)) << c.end;
  }
}

TEST(ScopeCheckTest, WhoWasFirstGoesFirst) {
  EXPECT_THAT(TakenBefore(kFirst, {kSecond}, World()), IsEmpty());
  EXPECT_THAT(TakenBefore(kSecond, {kFirst}, World()), SizeIs(1));
  // What is granted goes before, whenever it was handed in; a renewal asks for nothing else.
  Deal granted = kSecond;
  granted.state = State::kApproved;
  granted.granted = {Requested(kSecond, World())};
  EXPECT_THAT(TakenBefore(kFirst, {granted}, World()), SizeIs(1));
  EXPECT_THAT(HeldByOthers(kFirst, {granted, kSecond}, World()), SizeIs(1));
  const Share share = ShareOf({Requested(kFirst, World())}, TakenBefore(kFirst, {granted}, World()));
  EXPECT_FALSE(share.whole);
  EXPECT_THAT(share.granted, SizeIs(2));
  EXPECT_THAT(share.waitlisted, SizeIs(1));
  EXPECT_TRUE(ShareOf({Requested(kFirst, World())}, {}).whole);
}

TEST(ScopeCheckTest, ARegionThatWasDividedSince) {
  Deal old = kFirst;
  old.state = State::kApproved;
  old.granted = {Requested(kFirst, Places())};
  EXPECT_THAT(Held(old, World())[0].regions.names, ElementsAre("regions/cn-50-1", "regions/cn-50-2", "regions/cn-51"));
}

TEST(ScopeCheckTest, WhatWasToldStaysTold) {
  const DealConflict a{{"pl-a"}, {"regions/a"}, Day("2026-10-31"), Day("2026-07-08")};
  const DealConflict b{{"pl-b"}, {"regions/b"}, Day("2026-09-30"), {}};
  const auto both = Together(a, b);
  EXPECT_THAT(both->product_lines, ElementsAre("pl-a", "pl-b"));
  EXPECT_THAT(both->regions, ElementsAre("regions/a", "regions/b"));
  EXPECT_EQ(both->until, Day("2026-10-31"));
  EXPECT_EQ(both->contest_end, Day("2026-07-08"));
  EXPECT_EQ(Together(a, std::nullopt), a);
  EXPECT_EQ(Together(std::nullopt, std::nullopt), std::nullopt);
}

TEST(ScopeCheckTest, BusinessDays) {
  EXPECT_EQ(AddBusinessDays(Day("2026-07-01"), 5, {}), Day("2026-07-08"));
  EXPECT_EQ(AddBusinessDays(Day("2026-07-01"), 5, {Day("2026-07-03"), Day("2026-07-08")}), Day("2026-07-10"));
  EXPECT_EQ(AddBusinessDays(Day("2026-07-04"), 0, {}), Day("2026-07-04"));
  EXPECT_EQ(AddBusinessDays(Day("2026-07-04"), 1, {}), Day("2026-07-06"));
}

TEST(SameCustomerTest, Table) {
  struct Case {
    const char* a;
    const char* b;
    bool same;
  };
  for (const Case& c : std::vector<Case>{
           {"臺灣水泥股份有限公司", "台泥", true},
           {"臺灣水泥股份有限公司", "台湾水泥", true},
           {"Contoso Ltd.", "CONTOSO, Limited", true},
           {"臺灣水泥股份有限公司", "台積電", false},
           {"Contoso Ltd.", "Fabrikam Ltd.", false},
           {"", "", false},
       }) {
    EXPECT_EQ(CompareCustomers(c.a, c.b).same, c.same) << c.a << " / " << c.b;
    EXPECT_EQ(CompareCustomers(c.b, c.a).same, c.same) << c.b << " / " << c.a;
  }
}

}  // namespace
}  // namespace tributary::conflict
