#include "partner-service/customers/customer_likeness.h"

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Customer Named(const std::string& id, std::vector<std::string> names, std::vector<std::string> domains = {}) {
  return {.id = id, .identity = {.names = std::move(names), .domains = std::move(domains)}};
}

std::vector<std::string> Ids(const std::vector<CustomerCandidate>& candidates) {
  std::vector<std::string> ids;
  for (const CustomerCandidate& candidate : candidates) ids.push_back(candidate.id);
  return ids;
}

TEST(CustomerLikenessTest, AnExactKeyComesFirst) {
  const std::vector<Customer> read = {Named("a", {"Northwind Optics Group"}),
                                      Named("b", {"Contoso"}, {"northwind.example"}), Named("c", {"Northwind Optik"}),
                                      Named("d", {"Fabrikam"})};
  const std::map<std::string, std::string> canonical = {{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}};
  std::vector<CustomerCandidate> exact(1);
  exact[0].id = "b";
  const auto candidates =
      WithLikeness(exact, {.names = {"Northwind Optics"}, .domains = {"northwind.example"}}, read, canonical);
  ASSERT_THAT(Ids(candidates), ElementsAre("b", "a", "c"));
  // What speaks against the key's customer is told too.
  EXPECT_EQ(candidates[0].likeness->id, "b");
  EXPECT_EQ(candidates[0].likeness->match.features.front().feature, matching::Feature::kName);
  EXPECT_LT(candidates[0].likeness->match.features.front().centibans, 0);
  EXPECT_GE(candidates[1].likeness->match.decision, matching::Decision::kPossible);
  EXPECT_EQ(candidates[1].likeness->match.features.front().a, "Northwind Optics");
}

TEST(CustomerLikenessTest, TheLikestOfThoseMergedSpeaks) {
  std::vector<Customer> read = {Named("a", {"Fabrikam"}), Named("b", {"Northwind Optics"}),
                                Named("e", {"Northwind Optics"})};
  read[2].state = CustomerState::kErased;
  const std::map<std::string, std::string> canonical = {{"a", "a"}, {"b", "a"}, {"e", "e"}};
  const auto candidates = WithLikeness({}, {.names = {"Northwnd Optics"}}, read, canonical);
  ASSERT_THAT(Ids(candidates), ElementsAre("a"));
  EXPECT_EQ(candidates[0].likeness->id, "b");
  EXPECT_THAT(WithLikeness({}, {.names = {"Contoso"}}, read, canonical), IsEmpty());
}

TEST(CustomerLikenessTest, AShortNameIsOneCustomerBothWaysRound) {
  for (const auto& [stored, asked] :
       {std::pair("臺灣水泥股份有限公司", "台泥"), std::pair("台泥", "臺灣水泥股份有限公司")}) {
    const std::vector<Customer> read = {Named("tcc", {stored}), Named("tsmc", {"台灣積體電路製造股份有限公司"})};
    const auto candidates = WithLikeness({}, {.names = {asked}}, read, {{"tcc", "tcc"}, {"tsmc", "tsmc"}});
    ASSERT_THAT(Ids(candidates), ElementsAre("tcc")) << asked;
    EXPECT_EQ(candidates[0].likeness->match.features[0].name_rule, matching::NameRule::kShortName);
  }
}

}  // namespace
}  // namespace tributary::partner
