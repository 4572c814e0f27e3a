#pragma once

// What a partner has been told by statements and not been paid, by how long ago they were issued.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/time/date.h"

namespace tributary::incentive {

// A statement that is not settled, or not all of it; minor units.
struct OpenStatement {
  std::string currency;
  int64_t number = 0;
  Date issue_date;  // UTC
  int64_t open = 0;
  int64_t withheld = 0;  // of that
  int age_days = 0;
};

// 0 to 30 days, 31 to 60, 61 to 90, more.
inline constexpr size_t kAges = 4;
// The place of so many days.
size_t AgeOf(int days);

struct AgedBalance {
  std::string currency;
  std::array<int64_t, kAges> by_age{};
  int64_t total = 0;
  int64_t withheld = 0;
  std::vector<OpenStatement> statements;  // by number, with their ages
};

// By currency. `open`: by (currency, number), issued at the latest on `as_of`.
std::vector<AgedBalance> Age(std::vector<OpenStatement> open, Date as_of);

}  // namespace tributary::incentive
