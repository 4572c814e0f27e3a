#include "incentive-service/period_budgets/budget_use_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kSelect =
    "SELECT program, period, currency, budget, asked, used, factor, used_up_on FROM budget_use WHERE program = ? ";

BudgetUse UseFromRow(const mysql::Row& row) {
  BudgetUse use{.program = row.Text(0),
                .period = row.Text(1),
                .currency = row.Text(2),
                .budget = row.Int(3),
                .asked = row.Int(4),
                .used = row.Int(5)};
  use.term.factor = ParseFactorText(row.Text(6));
  if (!row.IsNull(7)) use.term.used_up_on = row.Day(7);
  return use;
}

}  // namespace

absl::Status BudgetUseStore::Save(mysql::Transaction& sql, const BudgetUse& use) const {
  const std::string factor = FactorText(use.term.factor);
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO budget_use (program, period, currency, budget, asked, used, factor, "
                  "used_up_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE asked = "
                  "VALUES(asked), used = VALUES(used), factor = VALUES(factor), used_up_on = "
                  "VALUES(used_up_on)",
                  {use.program, use.period, use.currency, use.budget, use.asked, use.used, factor, use.term.used_up_on})
          .status());
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM budget_share WHERE program = ? AND period = ?", {use.program, use.period}).status());
  mysql::Values values;
  for (const BudgetGrant& grant : use.grants) {
    values.insert(values.end(), {use.program, use.period, grant.partner, grant.asked, grant.share, grant.funded});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO budget_share (program, period, partner, asked, share, funded) VALUES", 6, values);
}

absl::StatusOr<std::map<std::string, int64_t>> BudgetUseStore::Overruns(mysql::Transaction& sql,
                                                                        std::string_view program,
                                                                        std::string_view period) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT partner, funded - share FROM budget_share WHERE program = "
                                                     "? AND period = ? AND funded <> share",
                                                     {program, period}));
  std::map<std::string, int64_t> overruns;
  for (const mysql::Row& row : rows) overruns.emplace(row.Text(0), row.Int(1));
  return overruns;
}

absl::StatusOr<std::optional<BudgetUse>> BudgetUseStore::Find(mysql::Transaction& sql, std::string_view program,
                                                              std::string_view period) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "AND period = ?"), {program, period}));
  if (rows.empty()) return std::nullopt;
  return std::optional<BudgetUse>(UseFromRow(rows.front()));
}

absl::StatusOr<std::vector<BudgetUse>> BudgetUseStore::List(mysql::Transaction& sql, std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "ORDER BY period"), {program}));
  std::vector<BudgetUse> uses;
  uses.reserve(rows.size());
  for (const mysql::Row& row : rows) uses.push_back(UseFromRow(row));
  return uses;
}

absl::StatusOr<std::vector<BudgetGrant>> BudgetUseStore::Grants(mysql::Transaction& sql, std::string_view program,
                                                                std::string_view period) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT partner, asked, share, funded FROM budget_share WHERE "
                                                     "program = ? AND period = ? ORDER BY partner",
                                                     {program, period}));
  std::vector<BudgetGrant> grants;
  grants.reserve(rows.size());
  for (const mysql::Row& row : rows) grants.push_back({row.Text(0), row.Int(1), row.Int(2), row.Int(3)});
  return grants;
}

absl::StatusOr<std::vector<BudgetTotal>> BudgetUseStore::Totals(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT p.currency, COALESCE(SUM(b.budget), 0), COALESCE(SUM(b.used), 0), "
                             "COALESCE(SUM(CASE WHEN b.used > b.budget THEN b.used - b.budget ELSE 0 END), 0) FROM "
                             "program p LEFT JOIN budget_use b ON b.program = p.program GROUP BY p.currency ORDER BY "
                             "p.currency"));
  std::vector<BudgetTotal> totals;
  totals.reserve(rows.size());
  for (const mysql::Row& row : rows) totals.push_back({row.Text(0), row.Int(1), row.Int(2), row.Int(3)});
  return totals;
}

}  // namespace tributary::incentive
