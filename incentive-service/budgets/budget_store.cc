#include "incentive-service/budgets/budget_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "budget, uid, version, create_time, update_time, display_name, currency, amount, effective_from, effective_to, "
    "claim_days, allocated";
constexpr std::string_view kAllocationColumns =
    "partner, fund_allocation, uid, version, create_time, update_time, budget, currency, amount, requested";
constexpr std::string_view kClaimed =
    "(SELECT COALESCE(SUM(r.claimed), 0) FROM fund_request r WHERE r.partner = fund_allocation.partner "
    "AND r.fund_allocation = fund_allocation.fund_allocation)";

absl::StatusOr<std::vector<Budget>> Read(mysql::Transaction& sql, std::string_view condition,
                                         const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM budget WHERE ", condition), values));
  std::vector<Budget> budgets;
  budgets.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    budgets.push_back({.id = row.Text(0),
                       .uid = row.Id(1),
                       .version = row.Int(2),
                       .create_time = row.Instant(3),
                       .update_time = row.Instant(4),
                       .display_name = row.Text(5),
                       .currency = row.Text(6),
                       .amount = row.Int(7),
                       .effective = {row.Day(8), row.Day(9)},
                       .claim_days = static_cast<int>(row.Int(10)),
                       .allocated = row.Int(11)});
  }
  return budgets;
}

absl::StatusOr<std::vector<FundAllocation>> ReadAllocations(mysql::Transaction& sql, std::string_view condition,
                                                            const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kAllocationColumns, ", ", kClaimed,
                                                            " FROM fund_allocation WHERE ", condition),
                                                     values));
  std::vector<FundAllocation> allocations;
  allocations.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    allocations.push_back({.partner = row.Text(0),
                           .id = row.Text(1),
                           .uid = row.Id(2),
                           .version = row.Int(3),
                           .create_time = row.Instant(4),
                           .update_time = row.Instant(5),
                           .budget = row.Text(6),
                           .currency = row.Text(7),
                           .amount = row.Int(8),
                           .requested = row.Int(9),
                           .claimed = row.Int(10)});
  }
  return allocations;
}

absl::StatusOr<Budget> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Budget> budgets, Read(sql, StrCat("budget = ?", lock), {id}));
  if (budgets.empty()) return NotFound(StrCat("budgets/", id));
  return std::move(budgets.front());
}

absl::StatusOr<int64_t> CountRows(mysql::Transaction& sql, std::string_view rows) {
  ASSIGN_OR_RETURN(const mysql::Rows counted, sql.Query(StrCat("SELECT COUNT(*) FROM (", rows, ") differing")));
  return counted.front().Int(0);
}

}  // namespace

absl::StatusOr<Budget> BudgetStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Budget> BudgetStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

const std::vector<FilterField>& BudgetStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("currency", "currency"),
      FilterField::Day("effective_from", "effective_from"),
      FilterField::Day("effective_to", "effective_to"),
  };
  return fields;
}

absl::StatusOr<std::vector<Budget>> BudgetStore::List(mysql::Transaction& sql, std::string_view after,
                                                      const SqlPredicate& where, int limit) const {
  return ListRows({"budget"}, {after}, where).Read(sql, Read, limit);
}

absl::Status BudgetStore::Insert(mysql::Transaction& sql, const Budget& budget) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO budget (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {budget.id, budget.uid, budget.version, budget.create_time, budget.update_time, budget.display_name,
                     budget.currency, budget.amount, budget.effective.start, budget.effective.end, budget.claim_days,
                     budget.allocated}));
  if (!inserted) return AlreadyExists(budget.name());
  return absl::OkStatus();
}

absl::Status BudgetStore::Update(mysql::Transaction& sql, const Budget& budget) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE budget SET version = ?, update_time = ?, display_name = ?, amount = ?, effective_from = ?, "
                  "effective_to = ?, claim_days = ?, allocated = ? WHERE budget = ? AND version = ?",
                  {budget.version, budget.update_time, budget.display_name, budget.amount, budget.effective.start,
                   budget.effective.end, budget.claim_days, budget.allocated, budget.id, budget.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(budget.name(), " changed while it was being changed"));
  return absl::OkStatus();
}

absl::StatusOr<FundAllocation> BudgetStore::GetAllocation(mysql::Transaction& sql, std::string_view partner,
                                                          std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<FundAllocation> allocations,
                   ReadAllocations(sql, "partner = ? AND fund_allocation = ?", {partner, id}));
  if (allocations.empty()) return NotFound(StrCat("partners/", partner, "/fundAllocations/", id));
  return std::move(allocations.front());
}

absl::StatusOr<FundAllocation> BudgetStore::GetAllocationForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                                   std::string_view id) const {
  // The row alone is locked, not the requests that the sum is made of.
  RETURN_IF_ERROR(sql.Query("SELECT version FROM fund_allocation WHERE partner = ? AND fund_allocation = ? FOR UPDATE",
                            {partner, id})
                      .status());
  return GetAllocation(sql, partner, id);
}

const std::vector<FilterField>& BudgetStore::AllocationFilterFields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("budget", "CONCAT('budgets/', budget)")};
  return fields;
}

absl::StatusOr<std::vector<FundAllocation>> BudgetStore::ListAllocations(mysql::Transaction& sql,
                                                                         const std::optional<std::string>& partner,
                                                                         std::string_view after_partner,
                                                                         std::string_view after_id,
                                                                         const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "fund_allocation"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, ReadAllocations, limit);
}

absl::Status BudgetStore::InsertAllocation(mysql::Transaction& sql, const FundAllocation& allocation) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          StrCat("INSERT INTO fund_allocation (", kAllocationColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {allocation.partner, allocation.id, allocation.uid, allocation.version, allocation.create_time,
           allocation.update_time, allocation.budget, allocation.currency, allocation.amount, allocation.requested}));
  if (!inserted) return AlreadyExists(allocation.name());
  return absl::OkStatus();
}

absl::Status BudgetStore::UpdateAllocation(mysql::Transaction& sql, const FundAllocation& allocation) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE fund_allocation SET version = ?, update_time = ?, amount = ?, requested = ? "
                               "WHERE partner = ? AND fund_allocation = ? AND version = ?",
                               {allocation.version, allocation.update_time, allocation.amount, allocation.requested,
                                allocation.partner, allocation.id, allocation.version - 1}));
  if (matched != 1) {
    return Error(Reason::kConflictRetry, StrCat(allocation.name(), " changed while it was being changed"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> BudgetStore::Mismatches(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const int64_t budgets,
                   CountRows(sql,
                             "SELECT b.budget FROM budget b LEFT JOIN fund_allocation a ON a.budget = b.budget "
                             "GROUP BY b.budget, b.allocated, b.amount "
                             "HAVING COALESCE(SUM(a.amount), 0) <> b.allocated OR b.allocated > b.amount"));
  ASSIGN_OR_RETURN(
      const int64_t allocations,
      CountRows(sql,
                "SELECT a.partner, a.fund_allocation FROM fund_allocation a LEFT JOIN fund_request r "
                "ON r.partner = a.partner AND r.fund_allocation = a.fund_allocation "
                "GROUP BY a.partner, a.fund_allocation, a.requested, a.amount "
                "HAVING COALESCE(SUM(r.approved - r.returned), 0) <> a.requested OR a.requested > a.amount"));
  ASSIGN_OR_RETURN(
      const int64_t requests,
      CountRows(sql,
                "SELECT r.partner, r.fund_request FROM fund_request r LEFT JOIN claim c "
                "ON c.partner = r.partner AND c.fund_request = r.fund_request "
                "GROUP BY r.partner, r.fund_request, r.pending, r.claimed, r.approved, r.returned "
                "HAVING COALESCE(SUM(CASE c.state WHEN 1 THEN c.amount ELSE 0 END), 0) <> r.pending "
                "OR COALESCE(SUM(c.approved), 0) <> r.claimed OR r.pending + r.claimed + r.returned > r.approved"));
  return budgets + allocations + requests;
}

}  // namespace tributary::incentive
