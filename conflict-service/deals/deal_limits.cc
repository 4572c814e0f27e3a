#include "conflict-service/deals/deal_limits.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::conflict {

Date DealLimits::From(absl::Time now) const { return UtcToday(now).AddDays(1 - window_days); }

std::optional<int> DealLimits::NoticeDue(Date over_on, Date today) const {
  if (over_on <= today) return std::nullopt;
  std::optional<int> due;
  for (const int days : expiry_notice_days) {
    if (over_on <= today.AddDays(days)) due = days;
  }
  return due;
}

absl::Status CheckDealLimits(const DealLimits& limits) {
  std::vector<FieldViolation> violations;
  const auto at_least = [&violations](const char* field, int value, int least) {
    if (value < least) violations.push_back({field, StrCat(value), StrCat("at least ", least)});
  };
  at_least("submissions_per_deal", limits.submissions_per_deal, 1);
  at_least("submissions_per_day", limits.submissions_per_day, 1);
  at_least("trials_per_day", limits.trials_per_day, 1);
  at_least("window_days", limits.window_days, 1);
  at_least("open_limit", limits.open_limit, 0);
  at_least("lower_open_limit", limits.lower_open_limit, 0);
  at_least("most_registrations_per_win", limits.most_registrations_per_win, 0);
  at_least("least_ended", limits.least_ended, 1);
  const std::optional<Decimal>& rate = limits.most_expiry_rate;
  if (rate && (rate->negative() || *rate > Decimal::FromInt(1))) {
    violations.push_back({"most_expiry_rate", rate->ToString(), "from 0 to 1"});
  }
  const bool hoarding = limits.most_registrations_per_win > 0 || rate.has_value();
  if (limits.open_limit > 0 && limits.lower_open_limit > limits.open_limit) {
    violations.push_back(
        {"lower_open_limit", StrCat(limits.lower_open_limit), StrCat("at most open_limit, ", limits.open_limit)});
  } else if (limits.lower_open_limit > 0 && !hoarding) {
    violations.push_back({"lower_open_limit", StrCat(limits.lower_open_limit),
                          "0 where neither most_registrations_per_win nor most_expiry_rate says what hoarding is"});
  } else if (limits.lower_open_limit == 0 && hoarding) {
    violations.push_back({"lower_open_limit", "0",
                          "at least 1 where most_registrations_per_win or most_expiry_rate says what hoarding is"});
  }
  for (size_t i = 0; i < limits.expiry_notice_days.size(); ++i) {
    const int days = limits.expiry_notice_days[i];
    const std::string field = StrCat("expiry_notice_days[", i, "]");
    if (days < 1) {
      violations.push_back({field, StrCat(days), "at least 1"});
    } else if (i > 0 && days >= limits.expiry_notice_days[i - 1]) {
      violations.push_back(
          {field, StrCat(days), StrCat("less than the one before, ", limits.expiry_notice_days[i - 1])});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
