#include "cli/verify/document_stack.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "cli/verify/place.h"
#include "cli/verify/stack.h"

namespace tributary::cli {
namespace {

using verify::Fraction;
using verify::Integer;

verify::PlanInput InputOf(const std::string& currency, absl::Span<const EntryRecords> entries) {
  verify::PlanInput input;
  input.currency = currency;
  std::map<std::string, verify::PlanGroup> groups;
  std::map<std::string, verify::PlanCap> caps;
  using Position = std::tuple<std::string, std::string, int64_t, std::string>;
  std::map<Position, verify::PlanLine> lines;
  std::map<std::string, std::string> sales;
  for (const EntryRecords& one : entries) {
    input.programs.push_back({one.program(), ScaleOf(one), RoundingOf(one)});
    const Record& stacked = one.All("stacked").front();
    if (!stacked[6].empty()) {
      verify::PlanGroup& group = groups[stacked[6]];
      group.name = stacked[6];
      group.by_line = stacked[7] == "LINE";
      group.members[one.program()] = static_cast<int64_t>(NumberIn(stacked[8]) / verify::Unit());
    }
    for (const Record& edge : one.All("net_of")) input.edges.push_back({one.program(), edge[2], edge[3] == "BOTH"});
    for (const Record& limit : one.All("shared_cap")) {
      verify::PlanCap& cap = caps[limit[2]];
      cap.name = limit[2];
      cap.members.push_back(one.program());
      if (!limit[3].empty()) cap.amount = NumberIn(limit[3]);
      if (!limit[4].empty()) cap.rate = NumberIn(limit[4]);
    }
    for (const Record& back : one.All("linked_return")) sales[back[2]] = back[3];
    std::map<std::pair<std::string, std::string>, Fraction> rates;  // by currency and day
    for (const Record& rate : one.All("converted")) {
      if (const auto read = verify::ParseDecimal(rate[5]); read.has_value()) rates[{rate[2], rate[3]}] = *read;
    }
    for (const Record& line : one.All("line")) {
      Place place = PlaceOf(line[3]);
      verify::PlanLine& added = lines[{line[4], std::move(place.document), place.line, line[3]}];
      added.fact = line[3];
      const Integer amount = NumberIn(line[8]), units = NumberIn(line[6]);
      verify::Brought& brought = added.brought[one.program()] = {amount, amount, units, units};
      if (line[7] == currency) continue;
      brought.qualifying = brought.earning = 0;
      const auto rate = rates.find({line[7], line[4]});
      if (rate != rates.end()) brought.converted = verify::Times(verify::Whole(amount), rate->second);
    }
  }
  for (auto& [name, group] : groups) input.groups.push_back(std::move(group));
  for (auto& [name, cap] : caps) input.caps.push_back(std::move(cap));
  for (auto& [position, line] : lines) {
    if (const auto sale = sales.find(line.fact); sale != sales.end()) line.unit = sale->second;
    input.lines.push_back(std::move(line));
  }
  return input;
}

// What the records say of a program's place in the plan.
void Compare(const EntryRecords& records, const verify::StackedResult& worked, std::vector<std::string>* differences) {
  const auto want = [&](bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) {
      differences->push_back("entry " + records.entry[1] + ": " + what + ": stated " + stated + ", worked out " +
                             found);
    }
  };
  const auto want_fraction = [&](const std::string& stated, const Fraction& found, const std::string& what) {
    const std::optional<Fraction> fraction = verify::ParseFraction(stated);
    want(fraction.has_value() && Equal(*fraction, found), what, stated, Text(found));
  };
  const Record& stacked = records.All("stacked").front();
  want_fraction(stacked[4], worked.base, "base");
  want_fraction(stacked[5], worked.own, "own value");
  want_fraction(stacked[12], worked.exact, "exact value");
  const auto after = verify::ParseFraction(stacked[9]), factor = verify::ParseFraction(stacked[11]);
  if (after.has_value() && factor.has_value()) {
    want_fraction(stacked[12], verify::Times(*after, *factor), "after group times factor");
  } else {
    want(false, "after group or factor", stacked[9] + " or " + stacked[11], "fractions");
  }
  for (const Record& edge : records.All("net_of")) {
    const Integer& amount = worked.net_of.at(edge[2]);
    want(verify::ParseBillionths(edge[4]) == amount, "net of " + edge[2], edge[4], verify::Text(amount));
  }
  std::map<std::string, std::string> lost;
  for (const Record& loss : records.All("loss")) lost[loss[2]] = loss[3];
  want(lost == worked.lost, "losses", std::to_string(lost.size()), std::to_string(worked.lost.size()));
}

}  // namespace

std::map<std::string, StackedPart> WorkOutStacked(const std::string& currency, absl::Span<const EntryRecords> entries,
                                                  std::vector<std::string>* differences) {
  std::map<std::string, StackedPart> parts;
  const verify::PlanInput input = InputOf(currency, entries);
  const auto worked = verify::WorkOutStack(input);
  if (!worked.has_value()) {
    differences->push_back("entry " + entries.front().entry[1] + ": its plan cannot be worked out");
    return parts;
  }
  for (const EntryRecords& one : entries) {
    const verify::StackedResult& result = worked->at(one.program());
    Compare(one, result, differences);
    StackedPart& part = parts[one.program()];
    part.minor = result.minor;
    for (size_t i = 0; i < input.lines.size(); ++i) part.shares[input.lines[i].fact] = result.shares[i];
  }
  return parts;
}

size_t StackFrom(absl::Span<const EntryRecords> entries, size_t first) {
  const auto plan_of = [](const EntryRecords& one) {
    return one.All("stacked").empty() ? std::string() : one.All("stacked").front()[2];
  };
  if (plan_of(entries[first]).empty()) return 0;
  size_t last = first + 1;
  while (last < entries.size() && plan_of(entries[last]) == plan_of(entries[first]) &&
         entries[last].entry[5] == entries[first].entry[5] && entries[last].entry[2] == entries[first].entry[2] &&
         entries[last - 1].program() < entries[last].program()) {
    ++last;
  }
  return last - first;
}

}  // namespace tributary::cli
