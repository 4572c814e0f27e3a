#include "conflict-service/deals/deal_limits_proto.h"

#include <optional>
#include <string>

#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {

v1::DealLimits ToProto(const DealLimits& limits) {
  v1::DealLimits message;
  message.set_name(std::string(kDealLimits));
  message.set_etag(EtagOf(limits.version));
  if (limits.version > 0) *message.mutable_update_time() = wire::ToProto(limits.update_time);
  message.set_version(limits.version);
  message.set_submissions_per_deal(limits.submissions_per_deal);
  message.set_submissions_per_day(limits.submissions_per_day);
  message.set_trials_per_day(limits.trials_per_day);
  message.set_window_days(limits.window_days);
  message.set_open_limit(limits.open_limit);
  message.set_lower_open_limit(limits.lower_open_limit);
  message.set_most_registrations_per_win(limits.most_registrations_per_win);
  if (limits.most_expiry_rate) *message.mutable_most_expiry_rate() = wire::ToProto(*limits.most_expiry_rate);
  message.set_least_ended(limits.least_ended);
  message.mutable_expiry_notice_days()->Assign(limits.expiry_notice_days.begin(), limits.expiry_notice_days.end());
  return message;
}

absl::StatusOr<DealLimits> FromProto(const v1::DealLimits& message) {
  DealLimits limits{.submissions_per_deal = message.submissions_per_deal(),
                    .submissions_per_day = message.submissions_per_day(),
                    .trials_per_day = message.trials_per_day(),
                    .window_days = message.window_days(),
                    .open_limit = message.open_limit(),
                    .lower_open_limit = message.lower_open_limit(),
                    .most_registrations_per_win = message.most_registrations_per_win(),
                    .least_ended = message.least_ended(),
                    .expiry_notice_days = {message.expiry_notice_days().begin(), message.expiry_notice_days().end()}};
  if (message.has_most_expiry_rate()) {
    const absl::StatusOr<Decimal> rate = wire::FromProto(message.most_expiry_rate());
    if (!rate.ok()) return AtField(rate.status(), "most_expiry_rate");
    limits.most_expiry_rate = *rate;
  }
  // The frame does not look at a number that a mask clears.
  RETURN_IF_ERROR(CheckDealLimits(limits));
  return limits;
}

v1::DealFigures ToProto(std::string_view partner, Date from, const DealFigures& figures, const DealLimits& limits) {
  v1::DealFigures message;
  message.set_name(StrCat(partner, "/dealFigures"));
  *message.mutable_from_date() = wire::ToProto(from);
  message.set_registered_count(figures.registered);
  message.set_won_count(figures.won);
  message.set_lost_count(figures.lost);
  message.set_withdrawn_count(figures.withdrawn);
  message.set_expired_count(figures.expired);
  message.set_open_count(figures.open);
  if (const std::optional<Decimal> ratio = figures.registrations_per_win()) {
    *message.mutable_registrations_per_win() = wire::ToProto(*ratio);
  }
  if (const std::optional<Decimal> rate = figures.expiry_rate()) {
    *message.mutable_expiry_rate() = wire::ToProto(*rate);
  }
  message.set_hoarding(Hoards(limits, figures));
  message.set_open_limit(OpenLimit(limits, figures));
  message.set_limits_version(limits.version);
  return message;
}

}  // namespace tributary::conflict
