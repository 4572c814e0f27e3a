#include "partner-service/approvals/approval_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/approvals/approval_proto.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPolicyColumns =
    "id, uid, version, create_time, update_time, display_name, subject_kind, currency, bands, due_hours";

absl::StatusOr<std::vector<ApprovalPolicy>> PoliciesFrom(const mysql::Rows& rows) {
  std::vector<ApprovalPolicy> policies;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(std::vector<ApprovalBand> bands, ApprovalBandsFromBytes(row.Bytes(8)));
    policies.push_back({.id = row.Text(0),
                        .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                        .display_name = row.Text(5),
                        .kind = static_cast<ApprovalSubjectKind>(row.Int(6)),
                        .currency = row.Text(7),
                        .bands = std::move(bands),
                        .due_hours = static_cast<int>(row.Int(9))});
  }
  return policies;
}

absl::StatusOr<ApprovalPolicy> OnePolicy(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kPolicyColumns, " FROM approval_policy WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("approvalPolicies/", id));
  ASSIGN_OR_RETURN(std::vector<ApprovalPolicy> policies, PoliciesFrom(rows));
  return std::move(policies.front());
}

constexpr std::string_view kTaskColumns =
    "id, uid, version, create_time, update_time, state, subject_kind, subject, subject_version, partner_id, "
    "requesters, "
    "currency, amount, policy_id, approver_roles, approver_subjects, delegations, due_time, overdue, decided_by, "
    "decide_time, comment";

// Roles as their numbers, a line each.
std::string RolesToText(const std::vector<ApproverRole>& roles) {
  std::vector<std::string> numbers;
  numbers.reserve(roles.size());
  for (const ApproverRole role : roles) numbers.push_back(StrCat(static_cast<int>(role)));
  return JoinLines(numbers);
}

std::vector<ApproverRole> RolesFromText(std::string_view text) {
  std::vector<ApproverRole> roles;
  for (const std::string& number : SplitLines(text)) roles.push_back(static_cast<ApproverRole>(std::stoi(number)));
  return roles;
}

absl::StatusOr<std::vector<ApprovalTask>> TasksFrom(const mysql::Rows& rows) {
  std::vector<ApprovalTask> tasks;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(std::vector<ApprovalDelegation> delegations, DelegationsFromBytes(row.Bytes(16)));
    ApprovalTask task{.id = row.Text(0),
                      .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                      .state = static_cast<ApprovalTaskState>(row.Int(5)),
                      .ask = {.kind = static_cast<ApprovalSubjectKind>(row.Int(6)),
                              .subject = row.Text(7),
                              .partner_id = row.Text(9),
                              .subject_version = row.Int(8),
                              .requesters = SplitLines(row.Bytes(10))},
                      .authority = {.policy_id = row.Text(13),
                                    .roles = RolesFromText(row.Bytes(14)),
                                    .subjects = SplitLines(row.Bytes(15))},
                      .delegations = std::move(delegations),
                      .overdue = row.Bool(18),
                      .decided_by = row.Text(19),
                      .comment = row.Text(21)};
    if (!row.IsNull(11)) task.ask.amount = Money{row.Text(11), row.Dec(12)};
    if (!row.IsNull(17)) task.due_time = row.Instant(17);
    if (!row.IsNull(20)) task.decide_time = row.Instant(20);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

absl::StatusOr<ApprovalTask> OneTask(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kTaskColumns, " FROM approval_task WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("approvalTasks/", id));
  ASSIGN_OR_RETURN(std::vector<ApprovalTask> tasks, TasksFrom(rows));
  return std::move(tasks.front());
}

}  // namespace

absl::StatusOr<ApprovalPolicy> ApprovalPolicyStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return OnePolicy(sql, id, "");
}

absl::StatusOr<ApprovalPolicy> ApprovalPolicyStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return OnePolicy(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::optional<ApprovalPolicy>> ApprovalPolicyStore::Of(mysql::Transaction& sql, ApprovalSubjectKind kind,
                                                                      std::string_view currency) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kPolicyColumns, " FROM approval_policy WHERE subject_kind = ? AND currency = ?"),
                {static_cast<int>(kind), currency}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<ApprovalPolicy> policies, PoliciesFrom(rows));
  return std::move(policies.front());
}

absl::StatusOr<std::vector<ApprovalPolicy>> ApprovalPolicyStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kPolicyColumns, " FROM approval_policy ", rows_of.sql()), rows_of.values()));
  return PoliciesFrom(rows);
}

absl::Status ApprovalPolicyStore::Create(mysql::Transaction& sql, const ApprovalPolicy& p) const {
  const std::string bands = ApprovalBandsToBytes(p.bands);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO approval_policy (", kPolicyColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {p.id, p.revision.uid, p.revision.version, p.revision.create_time, p.revision.update_time,
                     p.display_name, static_cast<int>(p.kind), p.currency, bands, p.due_hours}));
  if (inserted) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<ApprovalPolicy> other, Of(sql, p.kind, p.currency));
  if (!other.has_value() || other->id == p.id) return AlreadyExists(p.name());
  return Error(Reason::kStateConflict,
               StrCat("subject_kind: got ", NameOf(p.kind), p.currency.empty() ? "" : " in ", p.currency,
                      ", of which there is ", other->name(), ", want that one changed"),
               {{"resource", other->name()}});
}

absl::Status ApprovalPolicyStore::Update(mysql::Transaction& sql, const ApprovalPolicy& p) const {
  const std::string bands = ApprovalBandsToBytes(p.bands);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE approval_policy SET version = ?, update_time = ?, display_name = ?, bands = ?, "
                               "due_hours = ? WHERE id = ? AND version = ?",
                               {p.revision.version, p.revision.update_time, p.display_name, bands, p.due_hours, p.id,
                                p.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, p.name());
}

absl::Status ApprovalPolicyStore::Delete(mysql::Transaction& sql, const ApprovalPolicy& p) const {
  return sql.Execute("DELETE FROM approval_policy WHERE id = ?", {p.id}).status();
}

const std::vector<FilterField>& ApprovalTaskStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(ApprovalTaskState::kPending, ApprovalTaskState::kWithdrawn)),
      FilterField::Enum("subject_kind", "subject_kind",
                        NumberedNames(ApprovalSubjectKind::kBankAccount, ApprovalSubjectKind::kDeal)),
      FilterField::String("subject", "subject"),
      FilterField::String("partner", "partner_id"),
      FilterField::String("policy", "policy_id"),
      FilterField::Boolean("overdue", "overdue"),
      FilterField::Timestamp("due_time", "due_time"),
      FilterField::String("decided_by", "decided_by"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<ApprovalTask> ApprovalTaskStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return OneTask(sql, id, "");
}

absl::StatusOr<ApprovalTask> ApprovalTaskStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return OneTask(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::optional<ApprovalTask>> ApprovalTaskStore::PendingOf(mysql::Transaction& sql,
                                                                         std::string_view subject) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kTaskColumns, " FROM approval_task WHERE subject = ? AND state = ? FOR UPDATE"),
                {subject, static_cast<int>(ApprovalTaskState::kPending)}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<ApprovalTask> tasks, TasksFrom(rows));
  return std::move(tasks.front());
}

absl::StatusOr<std::optional<ApprovalTask>> ApprovalTaskStore::LastOf(mysql::Transaction& sql,
                                                                      std::string_view subject) const {
  RETURN_IF_ERROR(sql.Execute("INSERT INTO approval_subject (subject, task_id, asked) VALUES (?, '', 1) "
                              "ON DUPLICATE KEY UPDATE asked = asked + 1",
                              {subject})
                      .status());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT task_id FROM approval_subject WHERE subject = ?", {subject}));
  if (rows.empty() || rows.front().Bytes(0).empty()) return std::nullopt;
  ASSIGN_OR_RETURN(ApprovalTask task, GetForUpdate(sql, rows.front().Bytes(0)));
  return task;
}

absl::Status ApprovalTaskStore::SetLast(mysql::Transaction& sql, const ApprovalTask& task) const {
  return sql.Execute("UPDATE approval_subject SET task_id = ? WHERE subject = ?", {task.id, task.ask.subject}).status();
}

absl::StatusOr<std::vector<ApprovalTask>> ApprovalTaskStore::PendingOfPartner(mysql::Transaction& sql,
                                                                              std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kTaskColumns,
                                    " FROM approval_task WHERE partner_id = ? AND state = ? ORDER BY id FOR UPDATE"),
                             {partner_id, static_cast<int>(ApprovalTaskState::kPending)}));
  return TasksFrom(rows);
}

absl::StatusOr<std::vector<ApprovalTask>> ApprovalTaskStore::List(mysql::Transaction& sql, const Page& page) const {
  // Ids are UUIDs of version 7: their order is that of their making.
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kTaskColumns, " FROM approval_task ", rows_of.sql()), rows_of.values()));
  return TasksFrom(rows);
}

absl::Status ApprovalTaskStore::Create(mysql::Transaction& sql, const ApprovalTask& t) const {
  const std::string requesters = JoinLines(t.ask.requesters), roles = RolesToText(t.authority.roles),
                    subjects = JoinLines(t.authority.subjects), delegations = DelegationsToBytes(t.delegations);
  const auto currency = t.ask.amount.has_value() ? mysql::Value(t.ask.amount->currency) : mysql::Value(std::nullopt);
  const auto amount = t.ask.amount.has_value() ? mysql::Value(t.ask.amount->amount) : mysql::Value(std::nullopt);
  return sql
      .Execute(StrCat("INSERT INTO approval_task (", kTaskColumns,
                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
               {t.id,
                t.revision.uid,
                t.revision.version,
                t.revision.create_time,
                t.revision.update_time,
                static_cast<int>(t.state),
                static_cast<int>(t.ask.kind),
                t.ask.subject,
                t.ask.subject_version,
                t.ask.partner_id,
                requesters,
                currency,
                amount,
                t.authority.policy_id,
                roles,
                subjects,
                delegations,
                t.due_time,
                t.overdue,
                t.decided_by,
                t.decide_time,
                t.comment})
      .status();
}

absl::Status ApprovalTaskStore::Update(mysql::Transaction& sql, const ApprovalTask& t) const {
  const std::string requesters = JoinLines(t.ask.requesters), roles = RolesToText(t.authority.roles),
                    subjects = JoinLines(t.authority.subjects), delegations = DelegationsToBytes(t.delegations);
  const auto currency = t.ask.amount.has_value() ? mysql::Value(t.ask.amount->currency) : mysql::Value(std::nullopt);
  const auto amount = t.ask.amount.has_value() ? mysql::Value(t.ask.amount->amount) : mysql::Value(std::nullopt);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE approval_task SET version = ?, update_time = ?, state = ?, subject_version = ?, "
                  "requesters = ?, currency = ?, amount = ?, policy_id = ?, approver_roles = ?, approver_subjects = ?, "
                  "delegations = ?, due_time = ?, overdue = ?, decided_by = ?, decide_time = ?, comment = ? "
                  "WHERE id = ? AND version = ?",
                  {t.revision.version, t.revision.update_time, static_cast<int>(t.state), t.ask.subject_version,
                   requesters, currency, amount, t.authority.policy_id, roles, subjects, delegations, t.due_time,
                   t.overdue, t.decided_by, t.decide_time, t.comment, t.id, t.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, t.name());
}

absl::StatusOr<std::vector<rpc::Expiry::Id>> ApprovalTaskStore::DueBy(mysql::Transaction& sql, absl::Time now,
                                                                      int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id FROM approval_task WHERE state = ? AND overdue = 0 AND due_time <= ? "
                             "ORDER BY due_time LIMIT ?",
                             {static_cast<int>(ApprovalTaskState::kPending), now, limit}));
  std::vector<rpc::Expiry::Id> ids;
  for (const mysql::Row& row : rows) ids.emplace_back("", row.Text(0));
  return ids;
}

}  // namespace tributary::partner
