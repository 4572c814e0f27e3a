#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::conflict {

// How often a partner may hand in and try, and how many registrations it may have open: what is answered tells of
// others, and what is open keeps others away, so neither is for free. In versions; the defaults are the built-in one.
struct DealLimits {
  int submissions_per_deal = 3;   // submissions and appeals
  int submissions_per_day = 200;  // of a partner within 24 hours; appeals and renewals too
  int trials_per_day = 1000;      // of a partner and day (UTC): the same with validate_only
  int64_t version = 0;
  absl::Time update_time = absl::UnixEpoch();  // of a version above 0

  int window_days = 365;                      // figures are of so many days, today the last
  int open_limit = 0;                         // open at a time; 0: any number
  int lower_open_limit = 0;                   // of one that hoards; 0: as all
  int most_registrations_per_win = 0;         // more is hoarding, no win counting as one; 0: never is
  std::optional<Decimal> most_expiry_rate{};  // more is hoarding; unset: never is
  int least_ended = 10;                       // so many must have ended for the expiry rate to count
  // So many days before the end of a registration's protection its partner is told of it; falling, each once.
  std::vector<int> expiry_notice_days = {14, 3};

  // Whether the number of open ones matters at all.
  bool LimitOpen() const { return open_limit > 0 || lower_open_limit > 0; }
  // The first day of the window.
  Date From(absl::Time now) const;
  // The last of expiry_notice_days that has come for a protection that is over on `over_on`; nullopt where none has
  // yet, or it is over. Those before it are not made up for.
  std::optional<int> NoticeDue(Date over_on, Date today) const;
};

inline constexpr std::string_view kDealLimits = "dealLimits/default";

// Refuses, all at once: limits, window_days and days of notices below 1 (of open ones: below 0); a rate outside [0, 1];
// a lower limit above the limit, or without anything that is hoarding, or what is hoarding without a lower limit; days
// of notices that do not fall.
absl::Status CheckDealLimits(const DealLimits& limits);

}  // namespace tributary::conflict
