#include "conflict-service/deals/deal_notice_store.h"

#include "common/status/status.h"

namespace tributary::conflict {

absl::StatusOr<std::vector<std::string>> DealNoticeStore::Due(mysql::Transaction& sql, const DealLimits& limits,
                                                              Date today, int limit) const {
  std::vector<std::string> deals;
  for (size_t i = 0; i < limits.expiry_notice_days.size(); ++i) {
    const int days = limits.expiry_notice_days[i];
    const bool last = i + 1 == limits.expiry_notice_days.size();
    const Date after = today.AddDays(last ? 0 : limits.expiry_notice_days[i + 1]);
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT deal_end.deal FROM deal_end WHERE over_on > ? AND over_on <= ? AND NOT EXISTS (SELECT 1 FROM "
                  "deal_expiry_notice n WHERE n.deal = deal_end.deal AND n.over_on = deal_end.over_on AND n.days <= ?) "
                  "ORDER BY over_on, deal_end.deal LIMIT ?",
                  {after, today.AddDays(days), days, limit}));
    for (const mysql::Row& row : rows) deals.push_back(row.Text(0));
  }
  return deals;
}

absl::StatusOr<bool> DealNoticeStore::Add(mysql::Transaction& sql, const Deal& deal, int days, absl::Time now) const {
  return sql.TryInsert("INSERT INTO deal_expiry_notice (deal, over_on, days, notice_time) VALUES (?, ?, ?, ?)",
                       {deal.name, deal.scope.time.end, days, now});
}

}  // namespace tributary::conflict
