#include "incentive-service/accruals/successions.h"

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<Successions> Successions::Of(const Program& program, absl::Span<const GroupLink> links, Date last_day) {
  Successions successions;
  for (const GroupLink& link : links) {
    ASSIGN_OR_RETURN(const std::string earner, incentive::EarnerOf(links, link.partner, last_day));
    if (!program.eligibility.Includes(link.partner) || !program.eligibility.Includes(earner)) continue;
    successions.earners_[link.partner] = earner;
    successions.predecessors_[earner].insert(link.partner);
  }
  return successions;
}

const std::string& Successions::EarnerOf(const std::string& partner) const {
  const auto earner = earners_.find(partner);
  return earner == earners_.end() ? partner : earner->second;
}

const std::set<std::string>& Successions::PredecessorsOf(const std::string& partner) const {
  static const auto& nobody = *new std::set<std::string>();
  const auto predecessors = predecessors_.find(partner);
  return predecessors == predecessors_.end() ? nobody : predecessors->second;
}

void Successions::Attribute(std::vector<FactLine>* lines) const {
  if (earners_.empty()) return;
  for (FactLine& line : *lines) {
    const auto earner = earners_.find(line.partner);
    if (earner != earners_.end()) line.earner = earner->second;
  }
}

}  // namespace tributary::incentive
