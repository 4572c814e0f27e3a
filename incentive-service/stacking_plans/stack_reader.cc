#include "incentive-service/stacking_plans/stack_reader.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {

absl::Status StackReader::CheckStandsAlone(mysql::Transaction& sql, const Program& program,
                                           const Period& period) const {
  ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, PlanOf(sql, program.id, period));
  if (!plan.has_value()) return absl::OkStatus();
  return Error(Reason::kStateConflict,
               StrCat(program.name(), " ", period.id, ": got a program by itself, want ", plan->name(),
                      ":closePeriod, which closes all its members"),
               {{"resource", plan->name()}});
}

absl::StatusOr<std::vector<Program>> StackReader::Programs(mysql::Transaction& sql, const StackingPlan& rules) const {
  std::vector<Program> programs;
  for (const std::string& id : MembersOf(rules)) {
    absl::StatusOr<Program> program = programs_.Get(sql, id);
    if (ReasonOf(program.status()) == Reason::kNotFound) continue;
    RETURN_IF_ERROR(program);
    programs.push_back(*std::move(program));
  }
  return programs;
}

absl::StatusOr<StackMembers> StackReader::Members(mysql::Transaction& sql, const DeclaredPlan& plan,
                                                  const Period& period) const {
  StackMembers members;
  ASSIGN_OR_RETURN(members.programs, Programs(sql, plan.rules));
  std::erase_if(members.programs,
                [&](const Program& program) { return !program.effective.Contains(period.range.start); });
  for (Program& program : members.programs) {
    program = InForce(program, period.range.start);
    ASSIGN_OR_RETURN(ClosedPeriods closes, closes_.Closed(sql, program, {period}));
    members.closes.merge(closes);
    if (program.rate_type.empty()) continue;
    ASSIGN_OR_RETURN(members.rates[program.id], rates_.Read(sql, program, period.range));
  }
  return members;
}

absl::Status StackReader::Attribute(mysql::Transaction& sql, const StackMembers& members, const Period& period,
                                    const std::optional<std::string>& partner, std::vector<FactLine>* lines) const {
  if (members.programs.empty()) return absl::OkStatus();
  // They are closed together.
  const ClosedPeriod* close = Find(members.closes, members.programs[0], period);
  return standings_.Attribute(sql, members.programs, close, partner, lines);
}

absl::StatusOr<std::optional<LiveStack>> LiveStack::Read(mysql::Transaction& sql, const std::string& partner,
                                                         std::string_view program, const Period& period) {
  const StackReader reader;
  ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, reader.PlanOf(sql, program, period));
  if (!plan.has_value()) return std::nullopt;
  LiveStack stack;
  ASSIGN_OR_RETURN(StackMembers members, reader.Members(sql, *plan, period));
  stack.members_ = std::make_unique<StackMembers>(std::move(members));
  if (stack.members_->programs.empty()) return std::optional<LiveStack>(std::move(stack));
  const Basis basis = stack.members_->programs[0].basis;
  ASSIGN_OR_RETURN(stack.lines_, FactStore().Lines(sql, basis, period.range, partner));
  RETURN_IF_ERROR(reader.Attribute(sql, *stack.members_, period, partner, &stack.lines_));
  SortLines(basis, &stack.lines_);
  ASSIGN_OR_RETURN(stack.values_, StackPartner(*plan, *stack.members_, period, partner, stack.lines_));
  return std::optional<LiveStack>(std::move(stack));
}

const MemberValue* LiveStack::Of(std::string_view program) const {
  for (const MemberValue& value : values_) {
    if (value.program->id == program) return &value;
  }
  return nullptr;
}

std::map<std::string, int64_t> LiveStack::SharesOf(std::string_view program) const {
  std::map<std::string, int64_t> shares;
  const MemberValue* value = Of(program);
  if (value == nullptr) return shares;
  for (const MemberLine& line : value->lines) shares.emplace(lines_[line.line].fact, line.share);
  return shares;
}

}  // namespace tributary::incentive
