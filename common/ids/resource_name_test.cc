#include "common/ids/resource_name.h"

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;

TEST(ResourceIdTest, IsShortLowerCaseText) {
  for (const char* id : {"a", "0", "p-1", "a--b", "aw-10"}) EXPECT_TRUE(IsResourceId(id)) << id;
  EXPECT_TRUE(IsResourceId(std::string(63, 'x')));
  for (const char* id : {"", "-", "-a", "a-", "A", "a_b", "a.b", "渠", "a b", "a/b"})
    EXPECT_FALSE(IsResourceId(id)) << id;
  EXPECT_FALSE(IsResourceId(std::string(64, 'x')));
  EXPECT_FALSE(IsResourceId(std::string_view("a\0", 2)));
}

TEST(ResourceNameTest, FitsItsPattern) {
  EXPECT_THAT(ParseResourceName("partners/p-1", "partners/{partner}"), IsOkAndHolds(ElementsAre("p-1")));
  EXPECT_THAT(ParseResourceName("partners/p/shipments/SO43697.1_~-", "partners/{partner}/shipments/{shipment}"),
              IsOkAndHolds(ElementsAre("p", "SO43697.1_~-")));
  EXPECT_THAT(ParseResourceName("settings", "settings"), IsOkAndHolds(ElementsAre()));
  EXPECT_OK(ParseResourceName("partners/" + std::string(64, 'A'), "partners/{partner}"));
}

TEST(ResourceNameTest, RefusesOthers) {
  for (const char* name : {"", "partners", "partners/", "/partners/p", "partners/p/", "partners//p", "partner/p",
                           "partners/p/claims/c", "partners/a b", "partners/é", "partners/..", "partners/.",
                           "partners/a%2Fb", "partners/a\nb", "//tributary/partners/p"}) {
    EXPECT_THAT(ParseResourceName(name, "partners/{partner}", "partner.name"), Blames("partner.name")) << name;
  }
  EXPECT_THAT(ParseResourceName("partners/" + std::string(65, 'A'), "partners/{partner}"), Blames("name"));
  EXPECT_THAT(ParseResourceName("partners/p", "partners/{partner}/claims/{claim}"), Blames("name"));
  EXPECT_THAT(ParseResourceName(std::string_view("partners/a\0b", 12), "partners/{partner}"), Blames("name"));
}

TEST(ResourceNameTest, PartnerIsTheOneBelowWhichItLies) {
  EXPECT_EQ(PartnerOf("partners/p-1"), "p-1");
  EXPECT_EQ(PartnerOf("partners/p-1/claims/c"), "p-1");
  EXPECT_EQ(PartnerOf("partners/"), "");
  EXPECT_EQ(PartnerOf("programs/g/partners/p"), "");
  EXPECT_EQ(PartnerOf("xpartners/p"), "");
  EXPECT_EQ(PartnerOf(""), "");
}

}  // namespace
}  // namespace tributary
