#include "inventory-service/replenishment/proposal.h"

#include <algorithm>
#include <cmath>

#include "common/text/text.h"
#include "inventory-service/forecasting/estimate.h"

namespace tributary::inventory {
namespace {

ReplenishmentTerms TermsOf(const ReplenishmentPolicy& policy, const DemandRead& demand, const Forecast& forecast,
                           const LeadTime& lead_time) {
  ReplenishmentTerms terms;
  const double period = demand.period_days;
  terms.demand_per_day = Rounded(ToDouble(forecast.mean) / period, 6);
  terms.deviation_per_day = Rounded(ToDouble(forecast.deviation) / std::sqrt(period), 6);
  terms.protection_days = lead_time.mean_days + Decimal::FromInt(policy.review_period_days);
  terms.safety_factor = NormalQuantile(policy.service_level);

  const double mean = ToDouble(terms.demand_per_day);
  const double deviation = ToDouble(terms.deviation_per_day);
  const double days = ToDouble(terms.protection_days);
  const double spread = mean * ToDouble(lead_time.deviation_days);
  terms.demand_over_protection = Rounded(mean * days, 3);
  terms.safety_stock =
      Rounded(ToDouble(terms.safety_factor) * std::sqrt(days * deviation * deviation + spread * spread), 3);

  terms.level = terms.demand_over_protection + terms.safety_stock;
  if (policy.min_level.has_value()) terms.level = std::max(terms.level, *policy.min_level);
  if (policy.kind == PolicyKind::kPeriodic && policy.max_level.has_value()) {
    terms.level = std::min(terms.level, *policy.max_level);
  }
  return terms;
}

// Multiples of `unit`; neither is negative.
Decimal Down(Decimal quantity, Decimal unit) {
  return Decimal::FromMicros(quantity.micros() / unit.micros() * unit.micros());
}
Decimal Up(Decimal quantity, Decimal unit) {
  return Decimal::FromMicros((quantity.micros() + unit.micros() - 1) / unit.micros() * unit.micros());
}

// The smallest multiple of order_quantity that lifts the position above the reorder point, or what is missing to S.
Decimal Wanted(const ReplenishmentPolicy& policy, Decimal position, Decimal level) {
  switch (policy.kind) {
    case PolicyKind::kReorderPoint:
      return Down(level - position, *policy.order_quantity) + *policy.order_quantity;
    case PolicyKind::kMinMax:
      return *policy.max_level - position;
    case PolicyKind::kPeriodic:
      return level - position;
  }
  return {};
}

std::string PositionText(const StockPosition& position) {
  return StrCat("inventory position ", position.sum().ToString(), " (", position.on_hand.ToString(), " on hand, ",
                position.in_transit.ToString(), " in transit, ", position.open_orders.ToString(), " in open orders, ",
                position.on_order.ToString(), " accepted)");
}

}  // namespace

DemandKnownBy KnownBy(const ToldDays& told) {
  if (told.by_reports) return DemandKnownBy::kReportCoverage;
  return told.days.empty() ? DemandKnownBy::kNothing : DemandKnownBy::kRecordedSales;
}

std::optional<LeadTime> LeadTimeOf(const ReplenishmentPolicy& policy, const LeadTimeSums& product,
                                   const LeadTimeSums& partner) {
  if (policy.lead_time_days.has_value()) {
    return LeadTime{.source = LeadTimeSource::kPolicy,
                    .mean_days = *policy.lead_time_days,
                    .deviation_days = *policy.lead_time_deviation_days};
  }
  const bool of_product = product.lines >= kFewestShipments;
  const LeadTimeSums& sums = of_product ? product : partner;
  if (sums.lines < kFewestShipments) return std::nullopt;
  const double lines = static_cast<double>(sums.lines);
  const double days = static_cast<double>(sums.days);
  // n * sum of squares - square of the sum: integers, so nothing is lost before the root.
  const double variance = (lines * static_cast<double>(sums.squares) - days * days) / (lines * (lines - 1));
  return LeadTime{.source = of_product ? LeadTimeSource::kProductShipments : LeadTimeSource::kPartnerShipments,
                  .lines = sums.lines,
                  .mean_days = Rounded(days / lines, 6),
                  .deviation_days = Rounded(std::sqrt(std::max(variance, 0.0)), 6)};
}

Decimal OnOrder(absl::Span<const AcceptedQuantity> accepted, const ByDay& sent) {
  Decimal open;
  auto next = sent.begin();
  const auto send_until = [&](std::optional<Date> date) {
    for (; next != sent.end() && (!date.has_value() || next->first <= *date); ++next) {
      if (Decimal() < next->second) open -= std::min(open, next->second);
    }
  };
  for (const AcceptedQuantity& one : accepted) {
    // What was sent by the end of that day was counted when the suggestion was made.
    send_until(one.date);
    open += one.quantity;
  }
  send_until(std::nullopt);
  return open;
}

namespace {

Proposal Decide(const ReplenishmentPolicy& policy, const ProposalInputs& inputs) {
  Proposal proposal;
  if (inputs.forecast.has_value() && inputs.lead_time.has_value()) {
    proposal.terms = TermsOf(policy, inputs.demand, *inputs.forecast, *inputs.lead_time);
  }
  const auto silent = [&](WhyNot why_not, std::string explanation) {
    proposal.why_not = why_not;
    proposal.explanation = std::move(explanation);
    return proposal;
  };
  if (policy.state == PolicyState::kPaused) {
    return silent(WhyNot::kPolicyPaused, StrCat(policy.name(), " is paused"));
  }
  if (!inputs.product_in_use) {
    return silent(WhyNot::kProductNotInUse, StrCat("products/", policy.product, " is not in use"));
  }
  if (inputs.is_kit) {
    return silent(WhyNot::kProductIsKit, StrCat("products/", policy.product,
                                                " is a kit, which has no stock of its own: its parts are ordered"));
  }
  if (!inputs.pack_known) {
    return silent(WhyNot::kPackUnknown, StrCat("products/", policy.product, "/units/", policy.pack_unit,
                                               " is no unit in which the product can be ordered"));
  }
  if (!inputs.stock_known) {
    return silent(WhyNot::kStockUnknown,
                  StrCat("partners/", policy.partner,
                         " never reported a sale, and its stock was never counted: what lies there is not known"));
  }
  if (!inputs.forecast.has_value()) {
    const int unknown = inputs.demand.periods - inputs.demand.known_periods;
    return silent(WhyNot::kHistoryTooShort,
                  StrCat(inputs.demand.known_periods, " periods of ", inputs.demand.period_days, " days are known, ",
                         kFewestPeriods, " are needed for a forecast",
                         unknown == 0 ? "" : StrCat("; ", unknown, " more hold days that no report covers")));
  }
  if (!inputs.lead_time.has_value()) {
    return silent(WhyNot::kLeadTimeUnknown, StrCat("the policy states no lead time, and there are fewer than ",
                                                   kFewestShipments, " shipment lines to measure it by"));
  }
  const ReplenishmentTerms& terms = *proposal.terms;
  const Decimal position = inputs.position.sum();
  const bool periodic = policy.kind == PolicyKind::kPeriodic;
  if (periodic && !IsReviewDay(policy, inputs.date)) {
    return silent(WhyNot::kNotAReviewDay, StrCat(inputs.date.ToString(), " is no review day; the next one is ",
                                                 NextReviewDay(policy, inputs.date).ToString()));
  }
  if (!periodic && terms.level < position) {
    return silent(WhyNot::kAboveReorderPoint,
                  StrCat(PositionText(inputs.position), " is above the reorder point ", terms.level.ToString()));
  }
  const Decimal up_to = policy.kind == PolicyKind::kMinMax ? *policy.max_level : terms.level;
  if (policy.kind != PolicyKind::kReorderPoint && up_to <= position) {
    return silent(WhyNot::kAtOrderUpToLevel, StrCat(PositionText(inputs.position), " has reached the level ",
                                                    up_to.ToString(), " to order up to"));
  }
  proposal.wanted = Wanted(policy, position, terms.level);
  Decimal quantity = Up(proposal.wanted, policy.pack_size);
  if (policy.max_level.has_value() && *policy.max_level < position + quantity) {
    quantity = Down(std::max(*policy.max_level - position, Decimal()), policy.pack_size);
    if (quantity.zero()) {
      return silent(WhyNot::kNoWholePack,
                    StrCat("no whole pack of ", policy.pack_size.ToString(), " fits between the ",
                           PositionText(inputs.position), " and max_level ", policy.max_level->ToString()));
    }
  }
  proposal.quantity = quantity;
  proposal.explanation =
      StrCat(PositionText(inputs.position), periodic ? " is below the level " : " is not above the reorder point ",
             terms.level.ToString(), ": ", proposal.wanted.ToString(), " wanted, ", quantity.ToString(),
             " in whole packs of ", policy.pack_size.ToString());
  return proposal;
}

}  // namespace

Proposal Propose(const ReplenishmentPolicy& policy, const ProposalInputs& inputs) {
  Proposal proposal = Decide(policy, inputs);
  if (proposal.terms.has_value() && inputs.demand.StaleOn(inputs.date)) {
    StrAppend(&proposal.explanation, "; stale: what was asked for after ",
              inputs.demand.span.end.AddDays(-1).ToString(), " is not known");
  }
  return proposal;
}

std::string_view NameOf(WhyNot why_not) {
  switch (why_not) {
    case WhyNot::kNone:
      return "WHY_NOT_UNSPECIFIED";
    case WhyNot::kPolicyPaused:
      return "POLICY_PAUSED";
    case WhyNot::kProductNotInUse:
      return "PRODUCT_NOT_IN_USE";
    case WhyNot::kPackUnknown:
      return "PACK_UNKNOWN";
    case WhyNot::kStockUnknown:
      return "STOCK_UNKNOWN";
    case WhyNot::kHistoryTooShort:
      return "HISTORY_TOO_SHORT";
    case WhyNot::kLeadTimeUnknown:
      return "LEAD_TIME_UNKNOWN";
    case WhyNot::kNotAReviewDay:
      return "NOT_A_REVIEW_DAY";
    case WhyNot::kAboveReorderPoint:
      return "ABOVE_REORDER_POINT";
    case WhyNot::kAtOrderUpToLevel:
      return "AT_ORDER_UP_TO_LEVEL";
    case WhyNot::kNoWholePack:
      return "NO_WHOLE_PACK";
    case WhyNot::kProductIsKit:
      return "PRODUCT_IS_KIT";
  }
  return "WHY_NOT_UNSPECIFIED";
}

}  // namespace tributary::inventory
