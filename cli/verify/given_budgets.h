#pragma once

// What closes gave out of programs' budgets, over all partners: what no partner's document shows by itself.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

class GivenBudgets {
 public:
  // All entries of all statements, in any order. Those of kind EARNED are of one close each; a true-up is stated to
  // those alone to whom it adds or takes.
  void Add(const incentive::v1::StatementEntry& entry);
  // programs/{program} of which anything was given out.
  std::set<std::string> programs() const;
  // What differs, in words: that the shares that a close gave sum to the budget, or to the values where these are less,
  // by one factor or day for all. Nothing where the program does not show its budget's amount.
  std::vector<std::string> Verify(const incentive::v1::Program& program) const;

 private:
  // Of one period's close.
  struct Given {
    verify::Integer asked = 0;                            // billionths
    verify::Integer share = 0;                            // likewise
    std::set<std::pair<std::string, std::string>> terms;  // factor and day, as stated
  };
  std::map<std::string, std::map<std::string, Given>> given_;  // by program and period
};

}  // namespace tributary::cli
