#pragma once

// Entries of an exported statement that a stacking plan made together, worked out again from their records.

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/document_records.h"
#include "cli/verify/fraction.h"

namespace tributary::cli {

// What the plan leaves a program, in the currency's smallest units.
struct StackedPart {
  verify::Integer minor = 0;
  std::map<std::string, verify::Integer> shares;  // by fact
};

// By program; empty where the plan goes in circles. What the records state of it and is found otherwise is told in
// `differences`.
std::map<std::string, StackedPart> WorkOutStacked(const std::string& currency, absl::Span<const EntryRecords> entries,
                                                  std::vector<std::string>* differences);

// How many entries from `first` on stand in one stack; 0 where the first is under no plan.
size_t StackFrom(absl::Span<const EntryRecords> entries, size_t first);

}  // namespace tributary::cli
