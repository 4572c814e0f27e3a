#include "common/approvals/approval_asks.h"

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::approvals {
namespace {

constexpr std::string_view kColumns = "subject, revision, requesters, currency, amount, state, task";

Ask ReadAsk(const mysql::Row& row) {
  Ask ask{.subject = row.Text(0),
          .revision = row.Int(1),
          .requesters = absl::StrSplit(Abseil(row.Bytes(2)), '\n'),
          .state = static_cast<AskState>(row.Int(5)),
          .task = row.Text(6)};
  if (!row.IsNull(4)) ask.amount = Money{row.Text(3), row.Dec(4)};
  return ask;
}

absl::StatusOr<std::optional<Ask>> Read(mysql::Transaction& sql, std::string_view subject, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM approval_ask WHERE subject = ?", lock), {subject}));
  if (rows.empty()) return std::nullopt;
  return ReadAsk(rows.front());
}

}  // namespace

absl::StatusOr<bool> ApprovalAsks::Covers(mysql::Transaction& sql, partner::v1::ApprovalPolicy::SubjectKind kind,
                                          std::string_view currency) const {
  ASSIGN_OR_RETURN(const mysql::Rows covering,
                   sql.Query("SELECT id FROM known_approval_policy WHERE subject_kind = ? AND currency = ? LIMIT 1",
                             {static_cast<int>(kind), currency}));
  return !covering.empty();
}

absl::StatusOr<bool> ApprovalAsks::AskWhereCovered(mysql::Transaction& sql,
                                                   partner::v1::ApprovalPolicy::SubjectKind kind, const Ask& ask,
                                                   absl::Time from) const {
  const std::string currency = ask.amount.has_value() ? ask.amount->currency : "";
  ASSIGN_OR_RETURN(const bool covered, Covers(sql, kind, currency));
  if (!covered) return false;
  const std::string requesters = StrJoin(ask.requesters, "\n");
  std::optional<Decimal> amount;
  if (ask.amount.has_value()) amount = ask.amount->amount;
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO approval_ask (subject, revision, requesters, currency, amount, state, task, "
                  "ask_time) VALUES (?, ?, ?, ?, ?, ?, '', ?) ON DUPLICATE KEY UPDATE "
                  "revision = VALUES(revision), requesters = VALUES(requesters), "
                  "currency = VALUES(currency), amount = VALUES(amount), state = VALUES(state), "
                  "task = VALUES(task), ask_time = VALUES(ask_time)",
                  {ask.subject, ask.revision, requesters, currency, amount, static_cast<int>(AskState::kToAsk), from}));
  return true;
}

// What was not to be asked for yet needs no withdrawing.
absl::Status ApprovalAsks::Withdraw(mysql::Transaction& sql, std::string_view subject, absl::Time now) const {
  constexpr int kToAsk = static_cast<int>(AskState::kToAsk);
  return sql
      .Execute(
          "UPDATE approval_ask SET state = CASE WHEN state = ? AND ask_time > ? THEN ? ELSE ? END "
          "WHERE subject = ? AND state IN (?, ?)",
          {kToAsk, now, static_cast<int>(AskState::kDone), static_cast<int>(AskState::kToWithdraw), subject, kToAsk,
           static_cast<int>(AskState::kAsked)})
      .status();
}

absl::Status ApprovalAsks::CheckNotAsked(mysql::Transaction& sql, std::string_view subject,
                                         std::string_view verb) const {
  ASSIGN_OR_RETURN(const std::optional<Ask> ask, Get(sql, subject));
  if (!ask.has_value() || (ask->state != AskState::kToAsk && ask->state != AskState::kAsked)) return absl::OkStatus();
  return Error(Reason::kStateConflict,
               StrCat(subject, ": got a call to ", verb, " it, want the decision of its approval task",
                      ask->task.empty() ? ", which is about to be made" : StrCat(", ", ask->task)));
}

absl::StatusOr<std::string> ApprovalAsks::TaskOf(mysql::Transaction& sql, std::string_view subject) const {
  ASSIGN_OR_RETURN(const std::optional<Ask> ask, Get(sql, subject));
  return ask.has_value() ? ask->task : "";
}

absl::StatusOr<std::optional<Ask>> ApprovalAsks::Get(mysql::Transaction& sql, std::string_view subject) const {
  return Read(sql, subject, "");
}

absl::StatusOr<std::optional<Ask>> ApprovalAsks::GetForUpdate(mysql::Transaction& sql, std::string_view subject) const {
  return Read(sql, subject, " FOR UPDATE");
}

absl::StatusOr<std::vector<Ask>> ApprovalAsks::ToSend(mysql::Transaction& sql, absl::Time now, int skip,
                                                      int limit) const {
  constexpr int kToWithdraw = static_cast<int>(AskState::kToWithdraw);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns,
                                    " FROM approval_ask WHERE state IN (?, ?) AND (state = ? OR ask_time <= ?) "
                                    "ORDER BY ask_time, subject LIMIT ? OFFSET ?"),
                             {static_cast<int>(AskState::kToAsk), kToWithdraw, kToWithdraw, now, limit, skip}));
  std::vector<Ask> asks;
  for (const mysql::Row& row : rows) asks.push_back(ReadAsk(row));
  return asks;
}

absl::Status ApprovalAsks::SetAsked(mysql::Transaction& sql, const Ask& ask, std::string_view task) const {
  return sql
      .Execute(
          "UPDATE approval_ask SET state = ?, task = ? WHERE subject = ? AND revision = ? AND state = ?",
          {static_cast<int>(AskState::kAsked), task, ask.subject, ask.revision, static_cast<int>(AskState::kToAsk)})
      .status();
}

absl::StatusOr<bool> ApprovalAsks::SetDone(mysql::Transaction& sql, std::string_view subject, int64_t revision,
                                           std::string_view task) const {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      sql.Execute("UPDATE approval_ask SET state = ?, task = ? WHERE subject = ? AND revision = ? AND "
                  "state <> ?",
                  {static_cast<int>(AskState::kDone), task, subject, revision, static_cast<int>(AskState::kDone)}));
  return changed > 0;
}

absl::Status ApprovalAsks::PutPolicy(mysql::Transaction& sql, const partner::v1::ApprovalPolicy& policy) const {
  return sql
      .Execute(
          "INSERT INTO known_approval_policy (id, subject_kind, currency) VALUES (?, ?, ?) ON DUPLICATE KEY "
          "UPDATE subject_kind = VALUES(subject_kind), currency = VALUES(currency)",
          {policy.name(), static_cast<int>(policy.subject_kind()), policy.currency()})
      .status();
}

absl::Status ApprovalAsks::DeletePolicy(mysql::Transaction& sql, const partner::v1::ApprovalPolicy& policy) const {
  return sql.Execute("DELETE FROM known_approval_policy WHERE id = ?", {policy.name()}).status();
}

}  // namespace tributary::approvals
