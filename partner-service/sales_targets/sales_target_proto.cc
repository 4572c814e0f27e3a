#include "partner-service/sales_targets/sales_target_proto.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

// A figure of the target as its amount or its quantity.
template <typename Message>
void PutFigure(const SalesTarget& target, Decimal figure, Message* out) {
  if (target.currency.empty()) {
    *out->mutable_quantity() = wire::ToProto(figure);
  } else {
    *out->mutable_amount() = wire::ToProto(Money{target.currency, figure});
  }
}

}  // namespace

v1::SalesTarget ToProto(const SalesTarget& target) {
  v1::SalesTarget out;
  out.set_name(target.name());
  PutRevision(target.revision, &out);
  out.set_display_name(target.display_name);
  out.set_basis(static_cast<v1::SalesTarget::Basis>(target.basis));
  out.set_fiscal_calendar(StrCat("fiscalCalendars/", target.calendar_id));
  out.set_period(target.period);
  *out.mutable_start() = wire::ToProto(target.days.start);
  *out.mutable_end() = wire::ToProto(target.days.end);
  for (const std::string& line : target.product_lines) out.add_product_lines(line);
  for (const std::string& product : target.products) out.add_products(product);
  PutFigure(target, target.figure, &out);
  if (!target.parent.empty()) {
    out.set_parent(target.parent);
    *out.mutable_weight() = wire::ToProto(target.weight);
  }
  out.set_consequence(static_cast<v1::SalesTarget::Consequence>(target.consequence));
  out.set_consequence_note(target.consequence_note);
  out.set_grace_days(target.grace_days);
  if (target.decide_time.has_value()) *out.mutable_decide_time() = wire::ToProto(*target.decide_time);
  out.set_missed(target.missed);
  for (const TargetRevision& revision : target.revisions) {
    v1::SalesTarget::Revision* one = out.add_revisions();
    one->set_revision(revision.number);
    PutFigure(target, revision.figure, one);
    one->set_reason(revision.reason);
    one->set_principal(revision.principal);
    *one->mutable_time() = wire::ToProto(revision.time);
  }
  return out;
}

absl::StatusOr<SalesTarget> FromProto(const v1::SalesTarget& target) {
  SalesTarget out{.display_name = target.display_name(),
                  .basis = static_cast<TargetBasis>(target.basis()),
                  .period = target.period(),
                  .product_lines = {target.product_lines().begin(), target.product_lines().end()},
                  .products = {target.products().begin(), target.products().end()},
                  .consequence = static_cast<MissConsequence>(target.consequence()),
                  .consequence_note = target.consequence_note(),
                  .grace_days = target.grace_days()};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(target.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}", "fiscal_calendar"));
  out.calendar_id = ids.front();
  if (target.has_amount() == target.has_quantity()) {
    return InvalidField("amount", target.has_amount() ? "an amount and a quantity" : "neither amount nor quantity",
                        "one of amount and quantity");
  }
  if (target.has_amount()) {
    const auto amount = wire::FromProto(target.amount());
    if (!amount.ok()) return AtField(amount.status(), "amount");
    out.currency = amount->currency;
    out.figure = amount->amount;
  } else {
    const auto quantity = wire::FromProto(target.quantity());
    if (!quantity.ok()) return AtField(quantity.status(), "quantity");
    out.figure = *quantity;
  }
  return out;
}

v1::Attainment ToProto(const SalesTarget& target, const Attainment& attainment) {
  v1::Attainment out;
  out.set_target(target.name());
  PutFigure(target, attainment.reached, &out);
  if (target.currency.empty()) {
    *out.mutable_remaining_quantity() = wire::ToProto(attainment.remaining);
  } else {
    *out.mutable_remaining_amount() = wire::ToProto(Money{target.currency, attainment.remaining});
  }
  if (attainment.percent.has_value()) *out.mutable_percent() = wire::ToProto(*attainment.percent);
  out.set_outcome(static_cast<v1::Attainment::Outcome>(attainment.outcome));
  out.set_consequence(static_cast<v1::SalesTarget::Consequence>(target.consequence));
  out.set_consequence_note(target.consequence_note);
  out.set_facts(attainment.facts);
  for (const SalesTotal& total : attainment.unpriced) {
    v1::Attainment::Unpriced* unpriced = out.add_unpriced();
    unpriced->set_currency(total.currency);
    if (!total.currency.empty()) *unpriced->mutable_amount() = wire::ToProto(total.amount);
    unpriced->set_facts(total.facts);
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const SalesTarget& target) {
  return events::Draft(target.partner_id, verb, target.name(), ToProto(target));
}

}  // namespace tributary::partner
