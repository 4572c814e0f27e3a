#pragma once

// The columns that hold a program's terms, wherever terms are kept.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/mysql/value.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

inline constexpr std::string_view kTermsColumns =
    "display_name, basis, shape, bound, tiers, period, currency, rounding, effective_from, effective_to, conditions";
inline constexpr size_t kTermsWidth = 11;
inline constexpr size_t kTermsCurrency = 6;  // the place of the currency among them

// Tiers as one text, "0:0.01 20000:0.02"; "0:0:1.5" with an amount.
std::string TiersText(const std::vector<Tier>& tiers);
// Ends the process where the text is none: money must not be computed from terms that cannot be read.
std::vector<Tier> ParseTiersText(std::string_view text);

// What the columns hold as text, which must outlive the statement, as must the program.
struct TermsTexts {
  explicit TermsTexts(const Program& program);
  std::string tiers;
  std::string conditions;
};
void AppendTerms(const Program& program, const TermsTexts& texts, mysql::Values* values);
// Reads the columns from `first` on into the program. One under a fiscal calendar has no period by these alone.
void ReadTerms(const mysql::Row& row, size_t first, Program* program);

}  // namespace tributary::incentive
