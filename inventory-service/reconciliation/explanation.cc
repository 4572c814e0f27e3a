#include "inventory-service/reconciliation/explanation.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tributary::inventory {
namespace {

// Finds `count` of the candidates from `first` on that sum to `gap`, the earliest in order; their indices go to
// `chosen`. What is left can at best add or take what the remaining candidates hold, which ends most branches early.
class Search {
 public:
  explicit Search(const std::vector<Candidate>& candidates) : candidates_(candidates) {
    most_.resize(candidates.size() + 1);
    least_.resize(candidates.size() + 1);
    for (size_t i = candidates.size(); i-- > 0;) {
      const Decimal units = candidates[i].units;
      most_[i] = units.negative() ? most_[i + 1] : most_[i + 1] + units;
      least_[i] = units.negative() ? least_[i + 1] + units : least_[i + 1];
    }
  }

  bool Find(Decimal gap, size_t count, size_t first, std::vector<size_t>* chosen) const {
    if (count == 0) return gap.zero();
    if (most_[first] < gap || gap < least_[first]) return false;
    for (size_t i = first; i + count <= candidates_.size(); ++i) {
      chosen->push_back(i);
      if (Find(gap - candidates_[i].units, count - 1, i + 1, chosen)) return true;
      chosen->pop_back();
    }
    return false;
  }

 private:
  const std::vector<Candidate>& candidates_;
  std::vector<Decimal> most_, least_;  // sum of the positive, of the negative units from an index on
};

}  // namespace

Explanation Explain(Decimal gap, std::vector<Candidate> candidates) {
  Explanation explanation;
  if (gap.zero()) return explanation;
  if (candidates.size() > kMostCandidates) {
    explanation.unexplained = gap;
    explanation.too_many_candidates = true;
    return explanation;
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.date, a.fact, a.units) < std::tie(b.date, b.fact, b.units);
  });
  const Search search(candidates);
  for (size_t count = 1; count <= candidates.size(); ++count) {
    std::vector<size_t> chosen;
    if (!search.Find(gap, count, 0, &chosen)) continue;
    for (const size_t i : chosen) explanation.facts.push_back(std::move(candidates[i]));
    return explanation;
  }
  explanation.unexplained = gap;
  return explanation;
}

}  // namespace tributary::inventory
