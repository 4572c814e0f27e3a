#pragma once

// Screening: is an applicant worth a person's look? A sum of points over a small, versioned set of criteria; what is
// not told gives no points and is shown as missing, never as good. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/money.h"

namespace tributary::partner {

// What is read.
struct ScreeningInput {
  std::string_view legal_name;
  std::string_view kind;         // empty where unknown
  std::string_view home_region;  // empty where unknown or not in use
  std::optional<Money> annual_sales;
  std::optional<int> employees;
  std::optional<int> year_opened;
  int year = 0;  // of the day of screening
};

struct Criterion {
  std::string name;
  int points = 0;
  int max_points = 0;
  bool missing = false;
  std::string explanation;
};

struct Screening {
  std::string criteria_version;
  std::vector<Criterion> criteria;
  int score = 0;  // sum of the points
  int pass_score = 0;
  bool passed = false;
};

// The criteria set "2026-1", 100 points, passed from 60:
//
//   legal_name    20 when told             annual_sales       0 to 20, by bands of the currency
//   kind          20 when told             employees          0 to 10: 2 below 10, 6 below 50, else 10
//   home_region   20 when in use           years_in_business  0 to 10: 2 below 1, 4 below 3, 7 below 10, else 10
//
// annual_sales: 5, 10, 15, 20, the bounds 100,000, 500,000 and 1,000,000 in USD, EUR and GBP, seven times that in CNY.
// There are no bands of other currencies: 0 points, and the explanation says so. A year to come counts as missing.
Screening Screen(const ScreeningInput& input);

}  // namespace tributary::partner
