#include "cli/verify/members.h"

#include <map>

namespace tributary::cli::verify {

std::vector<std::string> VerifyMembers(const std::vector<StatedMember>& stated, const std::vector<MemberLine>& lines,
                                       const std::string& earner, const Integer& value, const Integer& minor) {
  std::map<std::string, StatedMember> found;
  bool alone = true;
  for (const MemberLine& line : lines) {
    alone = alone && line.partner == earner;
    StatedMember& member = found[line.partner];
    member.volume += line.volume;
    ++member.lines;
  }
  if (alone) found.clear();
  std::vector<Integer> volumes;
  for (const auto& [partner, member] : found) volumes.push_back(member.volume > 0 ? member.volume : Integer(0));
  const std::vector<Integer> shares = Shares(value, volumes);
  std::vector<std::string> differences;
  const auto want = [&](const std::string& what, const std::string& said, const std::string& worked_out) {
    if (said != worked_out) differences.push_back(what + ": stated " + said + ", worked out " + worked_out);
  };
  want("members", std::to_string(stated.size()), std::to_string(found.size()));
  size_t next = 0;
  for (const auto& [partner, member] : found) {
    if (next == stated.size()) break;
    const StatedMember& one = stated[next];
    want("member", one.partner, partner);
    want(partner + ": lines", std::to_string(one.lines), std::to_string(member.lines));
    want(partner + ": volume", Text(one.volume), Text(member.volume));
    want(partner + ": share", Text(one.share), Text(Integer(shares[next] * Unit() / minor)));
    ++next;
  }
  return differences;
}

}  // namespace tributary::cli::verify
