#include "partner-service/support_requests/support_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"
#include "partner-service/support_requests/support_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPolicy =
    "SELECT id, uid, version, create_time, update_time, display_name, calendar_id, opening_minute, closing_minute, "
    "terms FROM support_policy ";
constexpr std::string_view kRequest =
    "SELECT partner_id, id, uid, version, create_time, update_time, policy_id, severity, subject, request_text, state, "
    "assignee, due_time, answer_time, steps FROM support_request ";

absl::StatusOr<SupportPolicy> PolicyOf(const mysql::Row& row) {
  SupportPolicy policy{.id = row.Text(0),
                       .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                       .display_name = row.Text(5),
                       .calendar_id = row.Text(6),
                       .opening_minute = static_cast<int>(row.Int(7)),
                       .closing_minute = static_cast<int>(row.Int(8))};
  ASSIGN_OR_RETURN(policy.terms, SupportTermsFromBytes(row.Bytes(9)));
  return policy;
}

absl::StatusOr<SupportRequest> RequestOf(const mysql::Row& row) {
  SupportRequest request{.partner_id = row.Text(0),
                         .id = row.Text(1),
                         .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                         .policy_id = row.Text(6),
                         .severity = static_cast<SupportSeverity>(row.Int(7)),
                         .subject = row.Text(8),
                         .text = row.Text(9),
                         .state = static_cast<SupportState>(row.Int(10)),
                         .assignee = row.Text(11),
                         .due_time = row.Instant(12)};
  if (!row.IsNull(13)) request.answer_time = row.Instant(13);
  ASSIGN_OR_RETURN(request.steps, SupportStepsFromBytes(row.Bytes(14)));
  return request;
}

absl::StatusOr<SupportRequest> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                      std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kRequest, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/supportRequests/", id));
  return RequestOf(rows.front());
}

}  // namespace

absl::StatusOr<SupportPolicy> SupportPolicyStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicy, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("supportPolicies/", id));
  return PolicyOf(rows.front());
}

absl::StatusOr<std::vector<SupportPolicy>> SupportPolicyStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicy, rows_of.sql()), rows_of.values()));
  std::vector<SupportPolicy> policies;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(SupportPolicy policy, PolicyOf(row));
    policies.push_back(std::move(policy));
  }
  return policies;
}

absl::Status SupportPolicyStore::Create(mysql::Transaction& sql, const SupportPolicy& policy) const {
  const std::string terms = SupportTermsToBytes(policy.terms);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          "INSERT INTO support_policy (id, uid, version, create_time, update_time, display_name, calendar_id, "
          "opening_minute, closing_minute, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {policy.id, policy.revision.uid, policy.revision.version, policy.revision.create_time,
           policy.revision.update_time, policy.display_name, policy.calendar_id, policy.opening_minute,
           policy.closing_minute, terms}));
  return inserted ? absl::OkStatus() : AlreadyExists(policy.name());
}

const std::vector<FilterField>& SupportRequestStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(SupportState::kOpen, SupportState::kConfirmed)),
      FilterField::Enum("severity", "severity", NumberedNames(SupportSeverity::kCritical, SupportSeverity::kLow)),
      FilterField::String("policy", "CONCAT('supportPolicies/', policy_id)"),
      FilterField::String("assignee", "assignee"),
      FilterField::Timestamp("due_time", "due_time"),
      FilterField::Timestamp("answer_time", "answer_time"),
  };
  return fields;
}

absl::StatusOr<SupportRequest> SupportRequestStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                        std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<SupportRequest> SupportRequestStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                                 std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<SupportRequest>> SupportRequestStore::List(mysql::Transaction& sql,
                                                                      std::string_view partner_id,
                                                                      const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kRequest, rows_of.sql()), rows_of.values()));
  std::vector<SupportRequest> requests;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(SupportRequest request, RequestOf(row));
    requests.push_back(std::move(request));
  }
  return requests;
}

absl::StatusOr<std::vector<SupportRequest>> SupportRequestStore::AskedWithin(mysql::Transaction& sql,
                                                                             std::string_view partner_id,
                                                                             absl::Time from, absl::Time to) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kRequest, "WHERE partner_id = ? AND create_time >= ? AND create_time < ? ORDER BY id"),
                {partner_id, from, to}));
  std::vector<SupportRequest> requests;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(SupportRequest request, RequestOf(row));
    requests.push_back(std::move(request));
  }
  return requests;
}

absl::Status SupportRequestStore::Create(mysql::Transaction& sql, const SupportRequest& r) const {
  const std::string steps = SupportStepsToBytes(r.steps);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO support_request (partner_id, id, uid, version, create_time, update_time, policy_id, "
                    "severity, subject, request_text, state, assignee, due_time, answer_time, steps) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {r.partner_id, r.id, r.revision.uid, r.revision.version, r.revision.create_time,
                     r.revision.update_time, r.policy_id, static_cast<int>(r.severity), r.subject, r.text,
                     static_cast<int>(r.state), r.assignee, r.due_time, r.answer_time, steps}));
  return inserted ? absl::OkStatus() : AlreadyExists(r.name());
}

absl::Status SupportRequestStore::Update(mysql::Transaction& sql, const SupportRequest& r) const {
  const std::string steps = SupportStepsToBytes(r.steps);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE support_request SET version = ?, update_time = ?, state = ?, assignee = ?, due_time = ?, "
                  "answer_time = ?, steps = ? WHERE partner_id = ? AND id = ? AND version = ?",
                  {r.revision.version, r.revision.update_time, static_cast<int>(r.state), r.assignee, r.due_time,
                   r.answer_time, steps, r.partner_id, r.id, r.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, r.name());
}

}  // namespace tributary::partner
