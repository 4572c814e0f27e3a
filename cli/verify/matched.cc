#include "cli/verify/matched.h"

#include <map>
#include <set>
#include <utility>

namespace tributary::cli::verify {
namespace {

// A millionth, in billionths.
constexpr int kMillionth = 1000;

// Whether `amount` is `quantity` units of those that `of` tells, to a millionth.
bool IsShare(const UnitsSold& part, const UnitsSold& of) {
  const Integer off = part.amount * of.quantity - of.amount * part.quantity;
  return abs(off) <= abs(of.quantity) * kMillionth;
}

}  // namespace

bool SamePrice(const UnitsSold& a, const UnitsSold& b) {
  return a.quantity != 0 && b.quantity != 0 && a.amount * b.quantity == b.amount * a.quantity;
}

bool IsPartOf(const UnitsSold& part, const UnitsSold& whole) {
  return part.quantity < 0 && part.quantity >= whole.quantity && IsShare(part, whole);
}

std::vector<std::string> VerifyMatches(const std::vector<MatchedLine>& lines, bool net) {
  std::vector<std::string> differences;
  std::map<std::string, const MatchedLine*> by_name;
  for (const MatchedLine& line : lines) {
    if (line.matched.empty()) by_name.emplace(line.fact, &line);
  }
  std::set<std::pair<std::string, std::string>> pairs;
  std::map<std::string, Integer> back;  // units of each line that matched ones take back
  for (const MatchedLine& line : lines) {
    if (line.matched.empty()) continue;
    const auto differ = [&](const std::string& what) {
      differences.push_back(line.fact + ": matched with " + line.matched + ", " + what);
    };
    if (!pairs.emplace(line.fact, line.matched).second) differ("twice");
    const auto found = by_name.find(line.matched);
    if (found == by_name.end() || found->second->sold.quantity <= 0) {
      differ("which is no line here that was sold");
      continue;
    }
    const MatchedLine& sale = *found->second;
    if (line.sold.quantity >= 0) differ("though it takes nothing back");
    if (line.date != sale.date) differ("which counts on " + sale.date);
    if (line.product != sale.product || line.currency != sale.currency) differ("which is of something else");
    if (net && !IsShare(line.sold, sale.sold)) differ("which has another price");
    Integer& units = back[line.matched];
    units -= line.sold.quantity;
    if (units > sale.sold.quantity) differ("of which more comes back than was sold");
  }
  return differences;
}

}  // namespace tributary::cli::verify
