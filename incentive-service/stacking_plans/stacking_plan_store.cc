#include "incentive-service/stacking_plans/stacking_plan_store.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "stacking_plan, version, uid, create_time, update_time, state, display_name, effective_from, effective_to, rules";

std::string RulesText(const StackingPlan& rules) {
  v1::StackingPlan message;
  RulesToProto(rules, &message);
  return message.SerializeAsString();
}

// Ends the process where they are none: money must not be computed by rules that cannot be read.
StackingPlan ParseRules(const std::string& text) {
  v1::StackingPlan message;
  const bool parsed = message.ParseFromString(text);
  absl::StatusOr<StackingPlan> rules = RulesFromProto(message, "rules");
  if (parsed && rules.ok()) return *std::move(rules);
  std::fprintf(stderr, "rules of a stacking plan in the database cannot be read\n");
  std::abort();
}

std::vector<DeclaredPlan> FromRows(const mysql::Rows& rows) {
  std::vector<DeclaredPlan> plans;
  plans.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    plans.push_back({.id = row.Text(0),
                     .uid = row.Id(2),
                     .version = row.Int(1),
                     .create_time = row.Instant(3),
                     .update_time = row.Instant(4),
                     .state = static_cast<StackingPlanState>(row.Int(5)),
                     .display_name = row.Text(6),
                     .effective = {row.Day(7), row.Day(8)},
                     .rules = ParseRules(row.Text(9))});
  }
  return plans;
}

absl::StatusOr<DeclaredPlan> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM stacking_plan WHERE stacking_plan = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("stackingPlans/", id));
  return std::move(FromRows(rows).front());
}

}  // namespace

absl::Status StackingPlanStore::Insert(mysql::Transaction& sql, const DeclaredPlan& plan) const {
  const std::string rules = RulesText(plan.rules);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO stacking_plan (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {plan.id, plan.version, plan.uid, plan.create_time, plan.update_time, static_cast<int>(plan.state),
                     plan.display_name, plan.effective.start, plan.effective.end, rules}));
  return inserted ? absl::OkStatus() : AlreadyExists(plan.name());
}

absl::StatusOr<DeclaredPlan> StackingPlanStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<DeclaredPlan> StackingPlanStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::Status StackingPlanStore::Update(mysql::Transaction& sql, const DeclaredPlan& plan) const {
  const std::string rules = RulesText(plan.rules);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE stacking_plan SET version = ?, update_time = ?, state = ?, display_name = ?, "
                  "effective_from = ?, effective_to = ?, rules = ? WHERE stacking_plan = ? AND version = ?",
                  {plan.version, plan.update_time, static_cast<int>(plan.state), plan.display_name,
                   plan.effective.start, plan.effective.end, rules, plan.id, plan.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(plan.name(), " changed while it was being changed"));
}

const std::vector<FilterField>& StackingPlanStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"DRAFT", int64_t{1}}, {"ACTIVE", int64_t{2}}, {"ENDED", int64_t{3}}}),
      FilterField::Day("effective_from", "effective_from"),
  };
  return fields;
}

absl::StatusOr<std::vector<DeclaredPlan>> StackingPlanStore::List(mysql::Transaction& sql, std::string_view after,
                                                                  const SqlPredicate& where, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), where.values().begin(), where.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM stacking_plan WHERE stacking_plan > ? AND (",
                                    where.sql(), ") ORDER BY stacking_plan LIMIT ?"),
                             values));
  return FromRows(rows);
}

absl::Status StackingPlanStore::Join(mysql::Transaction& sql, const DeclaredPlan& plan) const {
  const auto& [from, to] = plan.effective;
  for (const std::string& member : MembersOf(plan.rules)) {
    ASSIGN_OR_RETURN(const mysql::Rows others,
                     sql.Query("SELECT stacking_plan, effective_from, effective_to FROM stacking_plan_member "
                               "WHERE program = ? AND effective_from < ? AND effective_to > ? AND "
                               "effective_from < effective_to ORDER BY effective_from, stacking_plan",
                               {member, to, from}));
    if (!others.empty()) {
      const std::string other = StrCat("stackingPlans/", others.front().Text(0));
      return Error(Reason::kValidityOverlap,
                   StrCat(plan.name(), ": got programs/", member, " from ", from.ToString(), " on, want days outside ",
                          other, ", which has it from ", others.front().Day(1).ToString(),
                          others.front().Day(2) == OpenEnd() ? " on" : " until " + others.front().Day(2).ToString()),
                   {{"resource", other}, {"program", StrCat("programs/", member)}});
    }
    RETURN_IF_ERROR(sql.Execute("INSERT INTO stacking_plan_member (program, stacking_plan, effective_from, "
                                "effective_to) VALUES (?, ?, ?, ?)",
                                {member, plan.id, from, to})
                        .status());
  }
  return absl::OkStatus();
}

absl::Status StackingPlanStore::Leave(mysql::Transaction& sql, const DeclaredPlan& plan) const {
  for (const std::string& member : MembersOf(plan.rules)) {
    RETURN_IF_ERROR(sql.Execute("UPDATE stacking_plan_member SET effective_to = ? WHERE program = ? AND "
                                "stacking_plan = ?",
                                {plan.effective.end, member, plan.id})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<DeclaredPlan>> StackingPlanStore::PlanOf(mysql::Transaction& sql, std::string_view program,
                                                                      Date day) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT stacking_plan FROM stacking_plan_member WHERE program = ? AND "
                             "effective_from <= ? AND effective_to > ?",
                             {program, day, day}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(DeclaredPlan plan, Get(sql, rows.front().Text(0)));
  return std::optional<DeclaredPlan>(std::move(plan));
}

}  // namespace tributary::incentive
