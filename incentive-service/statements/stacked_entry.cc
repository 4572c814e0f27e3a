#include "incentive-service/statements/stacked_entry.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {
namespace {

StatementEntry EntryOf(const MemberValue& value, const std::vector<FactLine>& lines) {
  StatementEntry entry{.program = value.program->id,
                       .program_version = value.program->version,
                       .pricing = value.pricing,
                       .value = value.minor};
  entry.lines.reserve(value.lines.size());
  for (const auto& [line, share] : value.lines) {
    entry.lines.push_back(LineOf(*value.program, lines[line], entry.lines.size() + 1, share));
  }
  entry.stacking = value.stacking;
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<PartnerEntry>> StateStack(const DeclaredPlan& plan, const StackMembers& members,
                                                     StatementEntryKind kind, const Period& period,
                                                     const std::string& close_period, std::vector<FactLine> lines,
                                                     const std::string& partner,
                                                     const std::map<std::string, int64_t>& stated) {
  std::vector<PartnerEntry> entries;
  if (members.programs.empty()) return entries;
  SortLines(members.programs[0].basis, &lines);
  ASSIGN_OR_RETURN(const std::vector<MemberValue> values, StackPartner(plan, members, period, partner, lines, stated));
  bool moved = kind == StatementEntryKind::kEarned;
  for (const MemberValue& value : values) {
    StatementEntry entry = EntryOf(value, lines);
    entry.kind = kind;
    entry.scale = period;
    entry.counted_until = period.range.end;
    entry.close_period = close_period;
    if (const auto before = stated.find(entry.program); before != stated.end()) entry.stated_before = before->second;
    moved = moved || entry.amount() != 0;
    entries.push_back({partner, std::move(entry)});
  }
  if (!moved) entries.clear();
  return entries;
}

}  // namespace tributary::incentive
