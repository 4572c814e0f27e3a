#include "inventory-service/replenishment/policy.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/forecasting/forecast.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<ReplenishmentPolicy> Moved(ReplenishmentPolicy policy, std::string_view verb, PolicyState from,
                                          PolicyState to, absl::Time now) {
  if (policy.state != from) return WrongState(policy.name(), verb, NameOf(policy.state), NameOf(from));
  policy.state = to;
  policy.update_time = now;
  ++policy.version;
  return policy;
}

std::string TextOf(const std::optional<Decimal>& value) { return value.has_value() ? value->ToString() : ""; }

}  // namespace

absl::Status CheckTerms(const ReplenishmentPolicy& policy) {
  std::vector<FieldViolation> violations;
  const auto refuse = [&](std::string field, std::string got, std::string want) {
    violations.push_back({.field = std::move(field), .got = std::move(got), .want = std::move(want)});
  };
  const bool fixed = policy.kind == PolicyKind::kReorderPoint;
  const bool periodic = policy.kind == PolicyKind::kPeriodic;
  const bool orders = policy.order_quantity.has_value() && !policy.order_quantity->zero();
  if (fixed && !orders) refuse("order_quantity", TextOf(policy.order_quantity), "more than 0, with kind REORDER_POINT");
  if (!fixed && policy.order_quantity.has_value()) {
    refuse("order_quantity", TextOf(policy.order_quantity), StrCat("nothing, with kind ", NameOf(policy.kind)));
  }
  if (fixed && orders && policy.order_quantity->micros() % policy.pack_size.micros() != 0) {
    refuse("order_quantity", TextOf(policy.order_quantity),
           StrCat("a multiple of pack_size ", policy.pack_size.ToString()));
  }
  if (policy.kind == PolicyKind::kMinMax && !policy.max_level.has_value()) {
    refuse("max_level", "", "the level to order up to, with kind MIN_MAX");
  }
  if (periodic != (policy.review_period_days > 0)) {
    refuse("review_period_days", StrCat(policy.review_period_days),
           periodic ? "1 to 365, with kind PERIODIC" : StrCat("nothing, with kind ", NameOf(policy.kind)));
  }
  if (periodic != policy.first_review_date.has_value()) {
    refuse("first_review_date", policy.first_review_date.has_value() ? policy.first_review_date->ToString() : "",
           periodic ? "a date, with kind PERIODIC" : StrCat("nothing, with kind ", NameOf(policy.kind)));
  }
  if (policy.lead_time_days.has_value() != policy.lead_time_deviation_days.has_value()) {
    const bool mean = policy.lead_time_days.has_value();
    refuse(mean ? "lead_time_deviation_days" : "lead_time_days", "",
           StrCat("a number of days, as ", mean ? "lead_time_days" : "lead_time_deviation_days", " is stated"));
  }
  if (policy.min_level.has_value() && policy.max_level.has_value() && *policy.max_level <= *policy.min_level) {
    refuse("max_level", TextOf(policy.max_level), StrCat("more than min_level ", TextOf(policy.min_level)));
  }
  if (const int fewest = kFewestPeriods * policy.demand_period_days; policy.history_days < fewest) {
    refuse("history_days", StrCat(policy.history_days),
           StrCat(fewest, " or more, ", kFewestPeriods, " periods of ", policy.demand_period_days, " days"));
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<ReplenishmentPolicy> Pause(ReplenishmentPolicy policy, absl::Time now) {
  return Moved(std::move(policy), "pause", PolicyState::kActive, PolicyState::kPaused, now);
}

absl::StatusOr<ReplenishmentPolicy> Resume(ReplenishmentPolicy policy, absl::Time now) {
  return Moved(std::move(policy), "resume", PolicyState::kPaused, PolicyState::kActive, now);
}

bool IsReviewDay(const ReplenishmentPolicy& policy, Date date) {
  return *policy.first_review_date <= date &&
         (date.days() - policy.first_review_date->days()) % policy.review_period_days == 0;
}

Date NextReviewDay(const ReplenishmentPolicy& policy, Date date) {
  if (date < *policy.first_review_date) return *policy.first_review_date;
  const int passed = (date.days() - policy.first_review_date->days()) / policy.review_period_days;
  return policy.first_review_date->AddDays((passed + 1) * policy.review_period_days);
}

std::string_view NameOf(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::kReorderPoint:
      return "REORDER_POINT";
    case PolicyKind::kMinMax:
      return "MIN_MAX";
    case PolicyKind::kPeriodic:
      return "PERIODIC";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(PolicyState state) {
  switch (state) {
    case PolicyState::kActive:
      return "ACTIVE";
    case PolicyState::kPaused:
      return "PAUSED";
  }
  return "STATE_UNSPECIFIED";
}

}  // namespace tributary::inventory
