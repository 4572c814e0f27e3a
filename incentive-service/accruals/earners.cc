#include "incentive-service/accruals/earners.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"

namespace tributary::incentive {
namespace {

// By partner, its own links.
using LinksFrom = std::map<std::string, std::vector<const GroupLink*>>;

// The links that can be followed from the partner, whatever the day.
std::vector<GroupLink> Following(const LinksFrom& from, const std::string& partner) {
  std::vector<GroupLink> links;
  std::set<std::string> passed = {partner};
  std::vector<std::string> next = {partner};
  while (!next.empty()) {
    const auto found = from.find(next.back());
    next.pop_back();
    if (found == from.end()) continue;
    for (const GroupLink* link : found->second) {
      links.push_back(*link);
      if (passed.insert(link->other).second) next.push_back(link->other);
    }
  }
  return links;
}

}  // namespace

absl::StatusOr<Earners> Earners::OfSuccessions(const Program& program, absl::Span<const GroupLink> links,
                                               Date last_day) {
  Earners earners;
  for (const GroupLink& link : links) {
    ASSIGN_OR_RETURN(const std::string earner, incentive::EarnerOf(links, link.partner, last_day));
    if (!program.eligibility.Includes(link.partner) || !program.eligibility.Includes(earner)) continue;
    earners.successors_[link.partner] = earner;
    earners.members_[earner].insert(link.partner);
  }
  return earners;
}

Earners Earners::OfGroups(const Program& program, absl::Span<const GroupLink> links) {
  Earners earners;
  earners.eligibility_ = program.eligibility;
  LinksFrom from;
  for (const GroupLink& link : links) from[link.partner].push_back(&link);
  for (const auto& [partner, own] : from) {
    if (!program.eligibility.Includes(partner)) continue;
    std::vector<GroupLink> following = Following(from, partner);
    for (const GroupLink& link : following) {
      if (link.other == partner || !program.eligibility.Includes(link.other)) continue;
      earners.members_[link.other].insert(partner);
    }
    earners.groups_.emplace(partner, std::move(following));
  }
  return earners;
}

std::string Earners::EarnerOf(const std::string& partner, Date day) const {
  if (const auto successor = successors_.find(partner); successor != successors_.end()) return successor->second;
  const auto group = groups_.find(partner);
  if (group == groups_.end()) return partner;
  absl::StatusOr<std::string> earner = incentive::EarnerOf(group->second, partner, day);
  return earner.ok() && eligibility_.Includes(*earner) ? *std::move(earner) : partner;
}

std::set<std::string> Earners::EarnersOf(const std::string& partner) const {
  if (const auto successor = successors_.find(partner); successor != successors_.end()) return {successor->second};
  std::set<std::string> earners = {partner};
  const auto group = groups_.find(partner);
  if (group == groups_.end()) return earners;
  for (const GroupLink& link : group->second) {
    if (eligibility_.Includes(link.other)) earners.insert(link.other);
  }
  return earners;
}

const std::set<std::string>& Earners::MembersOf(const std::string& partner) const {
  static const auto& nobody = *new std::set<std::string>();
  const auto members = members_.find(partner);
  return members == members_.end() ? nobody : members->second;
}

bool Earners::StandsAlone(const std::string& partner) const {
  return !successors_.contains(partner) && !groups_.contains(partner) && !members_.contains(partner);
}

void Earners::Attribute(Basis basis, std::vector<FactLine>* lines) const {
  if (successors_.empty() && groups_.empty()) return;
  for (FactLine& line : *lines) {
    if (!successors_.contains(line.partner) && !groups_.contains(line.partner)) continue;
    std::string earner = EarnerOf(line.partner, line.BasisDate(basis));
    if (earner != line.partner) line.earner = std::move(earner);
  }
}

std::vector<FactLine> EarnedBy(const std::string& partner, std::vector<FactLine> lines) {
  std::erase_if(lines, [&](const FactLine& line) { return line.earned_by() != partner; });
  return lines;
}

std::vector<MemberVolume> VolumesOf(const Program& program, absl::Span<const FactLine> lines) {
  if (std::none_of(lines.begin(), lines.end(), [](const FactLine& line) { return !line.earner.empty(); })) return {};
  const bool by_units = program.terms.scale.shape == Shape::kPerUnit;
  std::map<std::string, MemberVolume> members;
  for (const FactLine& line : lines) {
    MemberVolume& member = members[line.partner];
    member.partner = line.partner;
    member.volume += by_units ? line.quantity : line.Amount(program.amount_of);
    ++member.lines;
  }
  std::vector<MemberVolume> volumes;
  for (auto& [partner, volume] : members) volumes.push_back(std::move(volume));
  return volumes;
}

}  // namespace tributary::incentive
