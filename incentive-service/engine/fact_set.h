#pragma once

// Facts as a set: each once, in an order that their arrival leaves no trace in.

#include <algorithm>
#include <utility>
#include <vector>

namespace tributary::incentive {

// Each fact once, by `fact`, its name. What is told twice says the same both times; who takes facts in sees to that.
template <typename Fact>
std::vector<Fact> OnceEach(std::vector<Fact> facts) {
  std::sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.fact < b.fact; });
  facts.erase(std::unique(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.fact == b.fact; }),
              facts.end());
  return facts;
}

// Each fact once, by (`date`, `fact`): the order in which what is short is given out.
template <typename Fact>
std::vector<Fact> ByDate(std::vector<Fact> facts) {
  facts = OnceEach(std::move(facts));
  std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.date < b.date; });
  return facts;
}

}  // namespace tributary::incentive
