#include "cli/verify/clawed.h"

#include <algorithm>

namespace tributary::cli::verify {

ClawbackWork WorkOutClawback(const ClawbackLimit& limit, const Integer& most, const Integer& worth, RoundingRule rule,
                             const Integer& minor) {
  const Fraction stated{most, 1};
  Fraction stays;
  const auto at_least = [&](const Fraction& least) {
    if (Less(stays, least)) stays = least;
  };
  if (limit.amount.has_value()) at_least(Minus(stated, Times(Whole(*limit.amount), {minor, 1})));
  if (limit.share.has_value()) at_least(Times(stated, Minus({1, 1}, Whole(*limit.share))));
  ClawbackWork work{.stays = Round(stays, rule)};
  if (work.stays > worth) work.waived = work.stays - worth;
  return work;
}

std::vector<std::string> ClawedChain::Take(const ClawedEntry& entry) {
  Said& said = said_[{entry.program, entry.period}];
  std::vector<std::string> differences;
  const auto want = [&](const std::string& what, const Integer& stated, const Integer& found) {
    if (stated == found) return;
    differences.push_back("clawback." + what + ": stated " + stated.str() + ", the entries before say " + found.str());
  };
  if (entry.most.has_value()) {
    want("most_stated", *entry.most, said.most);
    want("waived_before", entry.waived_before, said.waived);
    said.waived = entry.waived;
  }
  // Until it is closed a period has what was stated last.
  said.most = entry.earned ? entry.value : std::max(said.most, entry.value);
  return differences;
}

}  // namespace tributary::cli::verify
