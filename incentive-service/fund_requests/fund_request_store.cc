#include "incentive-service/fund_requests/fund_request_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, fund_request, uid, version, create_time, update_time, state, fund_allocation, activity, description, "
    "activity_from, activity_to, currency, amount, requester, decider, decision_note, approved, pending, claimed, "
    "returned, claim_deadline";

absl::StatusOr<std::vector<FundRequest>> Read(mysql::Transaction& sql, std::string_view condition,
                                              const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM fund_request WHERE ", condition), values));
  std::vector<FundRequest> requests;
  requests.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    FundRequest request{.partner = row.Text(0),
                        .id = row.Text(1),
                        .uid = row.Id(2),
                        .version = row.Int(3),
                        .create_time = row.Instant(4),
                        .update_time = row.Instant(5),
                        .state = static_cast<FundRequestState>(row.Int(6)),
                        .allocation = row.Text(7),
                        .activity = static_cast<FundActivity>(row.Int(8)),
                        .description = row.Text(9),
                        .days = {row.Day(10), row.Day(11)},
                        .currency = row.Text(12),
                        .amount = row.Int(13),
                        .requester = row.Text(14),
                        .decider = row.Text(15),
                        .decision_note = row.Text(16),
                        .approved = row.Int(17),
                        .pending = row.Int(18),
                        .claimed = row.Int(19),
                        .returned = row.Int(20)};
    if (!row.IsNull(21)) request.claim_deadline = row.Day(21);
    requests.push_back(std::move(request));
  }
  return requests;
}

absl::StatusOr<FundRequest> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<FundRequest> requests,
                   Read(sql, StrCat("partner = ? AND fund_request = ?", lock), {partner, id}));
  if (requests.empty()) return NotFound(StrCat("partners/", partner, "/fundRequests/", id));
  return std::move(requests.front());
}

}  // namespace

absl::StatusOr<FundRequest> FundRequestStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<FundRequest> FundRequestStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& FundRequestStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state",
                        {{"SUBMITTED", int64_t{1}},
                         {"APPROVED", int64_t{2}},
                         {"REJECTED", int64_t{3}},
                         {"WITHDRAWN", int64_t{4}},
                         {"CLOSED", int64_t{5}}}),
      FilterField::Enum("activity", "activity",
                        {{"EVENT", int64_t{1}},
                         {"ADVERTISING", int64_t{2}},
                         {"TRAINING", int64_t{3}},
                         {"DEMONSTRATION", int64_t{4}},
                         {"OTHER", int64_t{5}}}),
      FilterField::String("fund_allocation", "CONCAT('partners/', partner, '/fundAllocations/', fund_allocation)"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<FundRequest>> FundRequestStore::List(mysql::Transaction& sql,
                                                                const std::optional<std::string>& partner,
                                                                std::string_view after_partner,
                                                                std::string_view after_id, const SqlPredicate& where,
                                                                int limit) const {
  return ListRows({"partner", "fund_request"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, Read, limit);
}

absl::Status FundRequestStore::Insert(mysql::Transaction& sql, const FundRequest& request) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO fund_request (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 {request.partner,
                                  request.id,
                                  request.uid,
                                  request.version,
                                  request.create_time,
                                  request.update_time,
                                  static_cast<int>(request.state),
                                  request.allocation,
                                  static_cast<int>(request.activity),
                                  request.description,
                                  request.days.start,
                                  request.days.end,
                                  request.currency,
                                  request.amount,
                                  request.requester,
                                  request.decider,
                                  request.decision_note,
                                  request.approved,
                                  request.pending,
                                  request.claimed,
                                  request.returned,
                                  request.claim_deadline}));
  if (!inserted) return AlreadyExists(request.name());
  return absl::OkStatus();
}

absl::Status FundRequestStore::Update(mysql::Transaction& sql, const FundRequest& request) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE fund_request SET version = ?, update_time = ?, state = ?, decider = ?, decision_note = ?, "
                  "approved = ?, pending = ?, claimed = ?, returned = ?, claim_deadline = ? "
                  "WHERE partner = ? AND fund_request = ? AND version = ?",
                  {request.version, request.update_time, static_cast<int>(request.state), request.decider,
                   request.decision_note, request.approved, request.pending, request.claimed, request.returned,
                   request.claim_deadline, request.partner, request.id, request.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(request.name(), " changed while it was being changed"));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
