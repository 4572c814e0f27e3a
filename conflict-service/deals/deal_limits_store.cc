#include "conflict-service/deals/deal_limits_store.h"

#include <limits>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

// As Add writes them.
std::vector<int> DaysOf(std::string_view lines) {
  std::vector<int> days;
  for (const std::string& line : SplitLines(lines)) {
    if (!absl::SimpleAtoi(line, &days.emplace_back())) days.pop_back();
  }
  return days;
}

}  // namespace

absl::StatusOr<DealLimits> DealLimitsStore::Current(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const std::vector<DealLimits> last, Versions(sql, std::numeric_limits<int64_t>::max(), 1));
  return last.front();
}

absl::StatusOr<std::vector<DealLimits>> DealLimitsStore::Versions(mysql::Transaction& sql, int64_t before,
                                                                  int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT version, update_time, submissions_per_deal, submissions_per_day, trials_per_day, window_days, "
                "open_limit, lower_open_limit, most_registrations_per_win, most_expiry_rate, least_ended, "
                "expiry_notice_days FROM "
                "deal_limits WHERE version < ? ORDER BY version DESC LIMIT ?",
                {before, limit}));
  std::vector<DealLimits> versions;
  for (const mysql::Row& row : rows) {
    DealLimits limits{.submissions_per_deal = static_cast<int>(row.Int(2)),
                      .submissions_per_day = static_cast<int>(row.Int(3)),
                      .trials_per_day = static_cast<int>(row.Int(4)),
                      .version = row.Int(0),
                      .update_time = row.Instant(1),
                      .window_days = static_cast<int>(row.Int(5)),
                      .open_limit = static_cast<int>(row.Int(6)),
                      .lower_open_limit = static_cast<int>(row.Int(7)),
                      .most_registrations_per_win = static_cast<int>(row.Int(8)),
                      .least_ended = static_cast<int>(row.Int(10))};
    limits.expiry_notice_days = DaysOf(row.Bytes(11));
    if (!row.IsNull(9)) limits.most_expiry_rate = row.Dec(9);
    versions.push_back(limits);
  }
  if (before > 0 && versions.size() < static_cast<size_t>(limit)) versions.push_back(built_in_);
  return versions;
}

absl::Status DealLimitsStore::Add(mysql::Transaction& sql, const DealLimits& limits) const {
  const std::string notice_days = StrJoin(limits.expiry_notice_days, "\n");
  return sql
      .Execute(
          "INSERT INTO deal_limits (version, update_time, submissions_per_deal, submissions_per_day, trials_per_day, "
          "window_days, open_limit, lower_open_limit, most_registrations_per_win, most_expiry_rate, least_ended, "
          "expiry_notice_days) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {limits.version, limits.update_time, limits.submissions_per_deal, limits.submissions_per_day,
           limits.trials_per_day, limits.window_days, limits.open_limit, limits.lower_open_limit,
           limits.most_registrations_per_win, limits.most_expiry_rate, limits.least_ended, notice_days})
      .status();
}

}  // namespace tributary::conflict
