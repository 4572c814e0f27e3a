#pragma once

// The records of an exported statement (incentive-service/statements/statement_export.h), by what they belong to.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verify/scale.h"

namespace tributary::cli {

using Record = std::vector<std::string>;

// One entry with its records, by their first field: "tier", "line" and so on.
struct EntryRecords {
  Record entry;
  std::map<std::string, std::vector<Record>, std::less<>> of;

  const std::vector<Record>& All(std::string_view kind) const {
    static const auto& none = *new std::vector<Record>();
    const auto found = of.find(kind);
    return found == of.end() ? none : found->second;
  }
  const std::string& program() const { return entry[3]; }
};

struct DocumentRecords {
  Record statement;
  std::vector<EntryRecords> entries;
  std::vector<Record> adjustments;
  std::string total;

  const std::string& currency() const { return statement[6]; }
};

// `fault`: what is wrong where the bytes are no document.
bool ReadDocument(std::string_view csv, DocumentRecords* document, std::string* fault);

// A plain decimal in billionths, 0 where it is none.
verify::Integer NumberIn(const std::string& text);
// The terms of an entry; without tiers where its shape is not known.
verify::ScaleTerms ScaleOf(const EntryRecords& records);
verify::RoundingRule RoundingOf(const EntryRecords& records);

}  // namespace tributary::cli
