#include "cli/verify/document_records.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/csv/csv_reader.h"

namespace tributary::cli {
namespace {

using verify::Integer;

// A record and how many fields it has.
constexpr std::pair<std::string_view, size_t> kRecords[] = {{"tributary-statement", 2},
                                                            {"statement", 9},
                                                            {"entry", 24},
                                                            {"amount", 3},
                                                            {"fiscal", 5},
                                                            {"tier", 5},
                                                            {"growth", 12},
                                                            {"predecessor", 3},
                                                            {"converted", 7},
                                                            {"stacked", 13},
                                                            {"net_of", 5},
                                                            {"loss", 5},
                                                            {"total", 2},
                                                            {"shared_cap", 8},
                                                            {"linked_return", 4},
                                                            {"line", 10},
                                                            {"guarantee", 10},
                                                            {"adjustment", 7},
                                                            {"count", 4},
                                                            {"counted", 4},
                                                            {"mix", 5},
                                                            {"member", 6},
                                                            {"goods", 10},
                                                            {"budget", 7},
                                                            {"clawback", 8},
                                                            {"returns", 4},
                                                            {"carried", 5},
                                                            {"opening", 7},
                                                            {"matched", 4},
                                                            {"composite", 5},
                                                            {"component", 10},
                                                            {"margin", 10},
                                                            {"cost", 4}};

constexpr std::array<std::string_view, 7> kShapes = {"MARGINAL", "RETROACTIVE", "ROLLING", "TOTAL",
                                                     "FLAT",     "PER_UNIT",    "TARGET"};

std::optional<Integer> Given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(NumberIn(text));
}

}  // namespace

bool ReadDocument(std::string_view csv, DocumentRecords* document, std::string* fault) {
  CsvReader reader(CsvReader::FromText(csv), {.same_width = false});
  CsvRow row;
  while (reader.Next(&row)) {
    const auto refuse = [&](const std::string& what) {
      *fault = "line " + std::to_string(row.line) + ": " + what;
      return false;
    };
    const auto known = std::find_if(std::begin(kRecords), std::end(kRecords), [&](const auto& record) {
      return row.status.ok() && record.first == row.fields.front() && record.second == row.fields.size();
    });
    if (known == std::end(kRecords)) return refuse("no record that is known here");
    const std::string kind(known->first);
    const bool first = kind == "tributary-statement", second = kind == "statement";
    if (!document->total.empty() || first != (row.number == 1) || second != (row.number == 2)) {
      return refuse("a record " + kind + " out of place");
    }
    if (first) {
      if (row.fields[1] != "1" && row.fields[1] != "2") return refuse("version " + row.fields[1] + ", want 1 or 2");
    } else if (second) {
      document->statement = row.fields;
    } else if (kind == "entry") {
      document->entries.push_back({.entry = row.fields});
    } else if (kind == "adjustment") {
      document->adjustments.push_back(row.fields);
    } else if (kind == "total") {
      document->total = row.fields[1];
    } else if (document->entries.empty() || document->entries.back().entry[1] != row.fields[1]) {
      return refuse("a record " + kind + " of no entry");
    } else {
      document->entries.back().of[kind].push_back(row.fields);
    }
  }
  if (reader.status().ok() && !document->total.empty()) return true;
  *fault = "the document has no end";
  return false;
}

Integer NumberIn(const std::string& text) { return verify::ParseBillionths(text).value_or(0); }

verify::ScaleTerms ScaleOf(const EntryRecords& records) {
  const Record& entry = records.entry;
  verify::ScaleTerms scale;
  const auto shape = std::find(kShapes.begin(), kShapes.end(), entry[10]);
  if (shape == kShapes.end()) return scale;
  scale.shape = static_cast<verify::ScaleShape>(shape - kShapes.begin() + 1);
  scale.upto = entry[11] == "UPTO";
  scale.by_units = entry[12] == "QUANTITY";
  scale.floor = Given(entry[15]);
  scale.cap = Given(entry[16]);
  scale.max_penalty = Given(entry[17]);
  for (const Record& tier : records.All("tier")) {
    scale.tiers.push_back({NumberIn(tier[2]), NumberIn(tier[3]), NumberIn(tier[4])});
  }
  return scale;
}

verify::RoundingRule RoundingOf(const EntryRecords& records) {
  const std::string& name = records.entry[13];
  return name == "HALF_UP" ? verify::RoundingRule::kHalfUp
         : name == "DOWN"  ? verify::RoundingRule::kDown
                           : verify::RoundingRule::kHalfEven;
}

}  // namespace tributary::cli
