// The engine and the verifier, which share no code, on the same random groups.

#include <map>
#include <string>
#include <vector>

#include "cli/verify/members.h"
#include "incentive-service/engine/group_share.h"
#include "incentive-service/engine/testing_numbers.h"

namespace tributary::cli::verify {
namespace {

namespace engine = incentive;

Integer InBillionths(Decimal value) { return *ParseBillionths(value.ToString()); }

// What each member has of a group's rebate, returns among the lines; and a cent that is somebody else's is found.
TEST(MembersPropertyTest, GroupsAreSharedAlike) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    engine::Draw draw(seed);
    std::map<std::string, engine::MemberVolume> by_name;
    std::vector<MemberLine> lines;
    for (int64_t i = draw.Pick(1, 12); i > 0; --i) {
      const std::string partner = StrCat("partners/p", draw.Pick(0, 4));
      const Decimal amount = Decimal::FromMicros(draw.Pick(-2, 6) * 500'000);
      engine::MemberVolume& member = by_name[partner];
      member.partner = partner;
      member.volume += amount;
      ++member.lines;
      lines.push_back({partner, InBillionths(amount)});
    }
    std::vector<engine::MemberVolume> members;
    for (const auto& one : by_name) members.push_back(one.second);
    const int64_t total = draw.Pick(-1000, 1000);
    const std::vector<engine::MemberShare> shares = engine::ShareGroupRebate(total, members);
    std::vector<StatedMember> stated;
    for (size_t i = 0; i < members.size(); ++i) {
      stated.push_back({members[i].partner, members[i].lines, InBillionths(members[i].volume),
                        Integer(Unit() * shares[i].share / 100)});
    }
    for (const std::string& what : VerifyMembers(stated, lines, "partners/head", total, 100)) ADD_FAILURE() << what;
    stated.back().share += Unit() / 100;
    EXPECT_EQ(VerifyMembers(stated, lines, "partners/head", total, 100).size(), 1u);
  }
}

}  // namespace
}  // namespace tributary::cli::verify
