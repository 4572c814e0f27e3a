#include "conflict-service/deals/deal_figures_store.h"

#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// Deal::Open().
std::string OpenStates() {
  std::vector<int> states;
  for (const Deal::State state : kAllDealStates) {
    Deal deal;
    deal.state = state;
    if (deal.Open()) states.push_back(static_cast<int>(state));
  }
  return StrCat("state IN (", StrJoin(states, ", "), ")");
}

}  // namespace

absl::Status DealFiguresStore::Count(mysql::Transaction& sql, std::string_view partner, Date day, DealStep step) const {
  return sql
      .Execute(
          "INSERT INTO deal_count (partner, day, step, times) VALUES (?, ?, ?, 1) ON DUPLICATE KEY UPDATE times = "
          "times + 1",
          {partner, day, static_cast<int>(step)})
      .status();
}

absl::StatusOr<DealFigures> DealFiguresStore::Of(mysql::Transaction& sql, std::string_view partner, Date from) const {
  DealFigures figures;
  ASSIGN_OR_RETURN(const mysql::Rows steps, sql.Query("SELECT step, CAST(SUM(times) AS SIGNED) FROM deal_count WHERE "
                                                      "partner = ? AND day >= ? GROUP BY step",
                                                      {partner, from}));
  for (const mysql::Row& row : steps) Add(static_cast<DealStep>(row.Int(0)), row.Int(1), &figures);
  ASSIGN_OR_RETURN(const mysql::Rows open,
                   sql.Query(StrCat("SELECT COUNT(*) FROM deal WHERE partner = ? AND ", OpenStates()), {partner}));
  figures.open = open.at(0).Int(0);
  return figures;
}

absl::StatusOr<std::map<std::string, DealFigures>> DealFiguresStore::All(mysql::Transaction& sql, Date from) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT partner, step, CAST(SUM(times) AS SIGNED) FROM deal_count "
                                                     "WHERE day >= ? GROUP BY partner, step",
                                                     {from}));
  std::map<std::string, DealFigures> all;
  for (const mysql::Row& row : rows) Add(static_cast<DealStep>(row.Int(1)), row.Int(2), &all[row.Text(0)]);
  return all;
}

absl::StatusOr<std::map<Deal::State, int64_t>> DealFiguresStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM deal GROUP BY state"));
  std::map<Deal::State, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<Deal::State>(row.Int(0))] = row.Int(1);
  return counts;
}

absl::StatusOr<int64_t> DealFiguresStore::CountTrial(mysql::Transaction& sql, std::string_view partner,
                                                     Date day) const {
  RETURN_IF_ERROR(sql.Execute("INSERT INTO deal_trial (partner, day, times) VALUES (?, ?, 1) ON DUPLICATE KEY UPDATE "
                              "times = times + 1",
                              {partner, day})
                      .status());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT times FROM deal_trial WHERE partner = ? AND day = ?", {partner, day}));
  return rows.at(0).Int(0);
}

}  // namespace tributary::conflict
