#pragma once

// Entries that a stacking plan made together, worked out again from what they state: each says its own edges, group and
// caps, and its lines; together they are the plan and all that it was evaluated on.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli::verify {

// What the plan leaves an entry.
struct StackedWork {
  Fraction reach;  // Q and B after deductions, in whole units
  Fraction base;
  Fraction exact;               // what it pays
  Integer minor = 0;            // rounded, in the currency's smallest units
  std::vector<Integer> shares;  // of its lines, likewise
};

using LineBefore = std::function<bool(const incentive::v1::StatementLine& a, const incentive::v1::StatementLine& b)>;
// Of the entry at that index.
using Differ = std::function<void(int entry, std::string what)>;

// By the index of the entry, each that is under a plan and can be worked out; those that cannot are told to `differ`,
// as is all that they state of the plan and that is found otherwise. `lines`: all of the statement's, by entry and
// ordinal; `before`: the order that settles ties.
std::map<int, StackedWork> WorkOutStacks(const incentive::v1::Statement& statement,
                                         absl::Span<const incentive::v1::StatementLine> lines, const LineBefore& before,
                                         const Differ& differ);

}  // namespace tributary::cli::verify
