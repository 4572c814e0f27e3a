#pragma once

// For tests of the engine: numbers and dates in few letters, and what is drawn from a seed.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/date.h"

namespace tributary::incentive {

inline Rational Q(std::string_view text) { return Rational(D(text)); }
// "06-10" of 2026.
inline Date On(std::string_view text) { return *Date::Parse(StrCat("2026-", text)); }

// What one case of a property test is made of. SCOPED_TRACE its seed.
class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}
  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  template <typename T>
  void Shuffle(std::vector<T>* of) {
    std::shuffle(of->begin(), of->end(), random_);
  }
  // Shuffled, and some of it twice.
  template <typename T>
  std::vector<T> Told(std::vector<T> facts) {
    const size_t once = facts.size();
    for (size_t i = 0; i < once; ++i) {
      if (Pick(0, 2) == 0) facts.push_back(facts[i]);
    }
    Shuffle(&facts);
    return facts;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace tributary::incentive
