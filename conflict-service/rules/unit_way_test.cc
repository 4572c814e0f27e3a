#include "conflict-service/rules/unit_way.h"

#include <algorithm>
#include <random>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Kind = UnitEvent::Kind;

Grant GrantOf(const std::string& partner, const std::string& region) {
  return {.name = StrCat("partners/", partner, "/territoryGrants/", region),
          .partner = StrCat("partners/", partner),
          .scope = {.regions = {StrCat("regions/", region)}, .time = {Day("2026-01-01"), OpenEnd()}}};
}

const std::vector<Grant> kGrants = {GrantOf("a", "cn-51"), GrantOf("b", "cn-44"), GrantOf("c", "cn-31")};
const RegionTree kTree = RegionTree::FromParents({{"regions/cn-4401", "regions/cn-44"},
                                                  {"regions/cn-44", "regions/cn"},
                                                  {"regions/cn-51", "regions/cn"},
                                                  {"regions/cn-31", "regions/cn"}});

UnitEvent Event(Kind kind, const std::string& partner, const char* date, const std::string& serial = "s1") {
  return {.kind = kind,
          .serial = serial,
          .source = StrCat(partner, "/", static_cast<int>(kind), "/", date),
          .date = Day(date),
          .partner = StrCat("partners/", partner),
          .giver = {},
          .region = {},
          .product_line = "productLines/l",
          .lot = "L9"};
}
UnitEvent Shipped(const std::string& partner, const char* date, const std::string& serial = "s1") {
  return Event(Kind::kShipped, partner, date, serial);
}
UnitEvent Handed(const std::string& giver, const std::string& partner, const char* date) {
  UnitEvent event = Event(Kind::kTakenOver, partner, date);
  event.giver = StrCat("partners/", giver);
  event.source += giver;
  return event;
}
UnitEvent Sold(const std::string& partner, const std::string& region, const char* date) {
  UnitEvent event = Event(Kind::kSold, partner, date);
  if (!region.empty()) event.region = StrCat("regions/", region);
  return event;
}
UnitEvent Seen(const std::string& region, const char* date, const std::string& serial = "s1") {
  UnitEvent event = Event(Kind::kSeen, "", date, serial);
  event.partner = event.product_line = event.lot = "";
  event.source += region;
  event.region = StrCat("regions/", region);
  return event;
}

// "s1 a>regions/cn-44 06-20 b" for each.
std::vector<std::string> Follow(std::vector<UnitEvent> events, const std::vector<Grant>& grants = kGrants) {
  const auto shown = [&] {
    std::vector<std::string> texts;
    for (const OutsideUnit& unit : FollowUnits(events, grants, kTree)) {
      std::string text =
          StrCat(unit.serial, " ", unit.owner.substr(9), ">", unit.territory, " ", unit.date.ToString().substr(5));
      for (const std::string& partner : unit.at_home) StrAppend(&text, " ", partner.substr(9));
      texts.push_back(std::move(text));
    }
    return texts;
  };
  const std::vector<std::string> texts = shown();
  // Whatever the order.
  std::mt19937 random(19);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(events.begin(), events.end(), random);
    EXPECT_EQ(shown(), texts);
  }
  return texts;
}

TEST(UnitWayTest, AUnitIsSeenInSomebodysTerritoryAndNotInItsHolders) {
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), Seen("cn-4401", "2026-06-20"), Seen("cn-51", "2026-06-21")}),
              ElementsAre("s1 a>regions/cn-44 06-20 b"));
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), Seen("us", "2026-06-20")}), IsEmpty()) << "nobody is at home there";
  EXPECT_THAT(Follow({Seen("cn-44", "2026-06-20")}), IsEmpty()) << "whose it is is not known";
  EXPECT_THAT(Follow({Shipped("a", "2026-06-20"), Seen("cn-44", "2026-06-20"), Seen("cn-44", "2026-06-19")}),
              ElementsAre("s1 a>regions/cn-44 06-20 b"));
  EXPECT_THAT(Follow({Shipped("a", "2025-06-02"), Seen("cn-44", "2025-06-20")}), IsEmpty()) << "before the grants";
}

TEST(UnitWayTest, AGrantCountsForItsLinesAndWhileItStands) {
  Grant other_line = GrantOf("b", "cn-44");
  other_line.scope.product_lines = {"productLines/other"};
  Grant revoked = GrantOf("b", "cn-44");
  revoked.active = false;
  const std::vector<UnitEvent> events = {Shipped("a", "2026-06-02"), Seen("cn-44", "2026-06-20")};
  EXPECT_THAT(Follow(events, {GrantOf("a", "cn-51"), other_line}), IsEmpty());
  EXPECT_THAT(Follow(events, {GrantOf("a", "cn-51"), revoked}), IsEmpty());
  EXPECT_THAT(Follow(events, {GrantOf("a", "cn-44"), GrantOf("b", "cn-44")}), IsEmpty()) << "both may sell there";
}

TEST(UnitWayTest, AShipmentAndAReturnChangeTheHolder) {
  UnitEvent back = Event(Kind::kReturned, "a", "2026-06-10");
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), back, Shipped("b", "2026-06-10"), Seen("cn-44", "2026-06-20")}),
              IsEmpty());
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), back, Seen("cn-44", "2026-06-20")}), IsEmpty());
}

TEST(UnitWayTest, WhoTakesOverFromTheHolderHoldsTheUnit) {
  const UnitEvent shipped = Shipped("a", "2026-06-02"), seen = Seen("cn-44", "2026-06-20");
  EXPECT_THAT(Follow({shipped, Handed("a", "b", "2026-06-10"), seen}), IsEmpty());
  EXPECT_THAT(Follow({shipped, Handed("a", "b", "2026-06-21"), seen}), ElementsAre("s1 a>regions/cn-44 06-20 b"));
  // Through another one on one day, in the order that is possible.
  EXPECT_THAT(Follow({shipped, Handed("c", "b", "2026-06-10"), Handed("a", "c", "2026-06-10"), seen}), IsEmpty());
  // From somebody who did not have it, or between partners of which one may not sell it.
  EXPECT_THAT(Follow({shipped, Handed("c", "b", "2026-06-10"), seen}), ElementsAre("s1 a>regions/cn-44 06-20 b"));
  EXPECT_THAT(Follow({shipped, Handed("a", "d", "2026-06-10"), seen}), ElementsAre("s1 a>regions/cn-44 06-20 b"));
}

TEST(UnitWayTest, ASaleIsASighting) {
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), Sold("b", "cn-44", "2026-06-15")}),
              ElementsAre("s1 a>regions/cn-44 06-15 b"));
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), Sold("a", "cn-44", "2026-06-15")}),
              ElementsAre("s1 a>regions/cn-44 06-15 b"))
      << "its own sale, too";
  EXPECT_THAT(Follow({Shipped("a", "2026-06-02"), Sold("a", "cn-51", "2026-06-15")}), IsEmpty());
}

TEST(UnitWayTest, WhoseSaleWasCountedIsTheHolder) {
  const UnitEvent shipped = Shipped("a", "2026-06-02");
  EXPECT_THAT(Follow({shipped, Sold("b", "cn-44", "2026-06-15"), Seen("cn-44", "2026-06-20")}),
              ElementsAre("s1 a>regions/cn-44 06-15 b"));
  EXPECT_THAT(Follow({shipped, Sold("b", "cn-44", "2026-06-15"), Seen("cn-31", "2026-06-20")}),
              ElementsAre("s1 a>regions/cn-44 06-15 b", "s1 b>regions/cn-31 06-20 c"));
  // A sale that shows nothing makes nothing its seller's: neither one at the holder's home nor one without a place.
  for (const char* region : {"cn-51", ""}) {
    EXPECT_THAT(Follow({shipped, Sold("b", region, "2026-06-15"), Seen("cn-44", "2026-06-20")}),
                ElementsAre("s1 a>regions/cn-44 06-20 b"));
  }
  // Of a unit that was never shipped.
  EXPECT_THAT(Follow({Sold("a", "cn-51", "2026-06-15"), Seen("cn-44", "2026-06-20")}),
              ElementsAre("s1 a>regions/cn-44 06-20 b"));
}

TEST(UnitWayTest, ATerritoryIsTheWidestThatTheHolderIsNotAtHomeIn) {
  const std::vector<UnitEvent> events = {Shipped("a", "2026-06-02"), Seen("cn-4401", "2026-06-20")};
  // b holds the province, c a city of it, d the country.
  const std::vector<Grant> grants = {GrantOf("a", "cn-51"), GrantOf("b", "cn-44"), GrantOf("c", "cn-4401"),
                                     GrantOf("d", "cn")};
  EXPECT_THAT(Follow(events, grants), ElementsAre("s1 a>regions/cn-44 06-20 b c d"));
  EXPECT_THAT(Follow(events, {GrantOf("a", "cn-51"), GrantOf("d", "cn")}), ElementsAre("s1 a>regions/cn 06-20 d"));
}

}  // namespace
}  // namespace tributary::conflict
