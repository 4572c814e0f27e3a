#include "inventory-service/reconciliation/reconciliation_proto.h"

#include <string>

#include "common/paging/etag.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

static_assert(static_cast<int>(ReconciliationState::kMatched) == v1::Reconciliation::MATCHED &&
              static_cast<int>(ReconciliationState::kUnknown) == v1::Reconciliation::UNKNOWN);
static_assert(static_cast<int>(CandidateKind::kUnreceivedShipment) == v1::ExplainingFact::UNRECEIVED_SHIPMENT &&
              static_cast<int>(CandidateKind::kTransferInTransit) == v1::ExplainingFact::TRANSFER_IN_TRANSIT);

}  // namespace

v1::Reconciliation ToProto(const Reconciliation& reconciliation) {
  const ReconciliationFigures& figures = reconciliation.figures;
  v1::Reconciliation out;
  out.set_name(reconciliation.name());
  out.set_uid(reconciliation.uid.ToString());
  out.set_etag(EtagOf(reconciliation.version));
  *out.mutable_create_time() = wire::ToProto(reconciliation.create_time);
  *out.mutable_update_time() = wire::ToProto(reconciliation.update_time);
  out.set_state(static_cast<v1::Reconciliation::State>(figures.state()));
  out.set_product(ProductName(reconciliation.key.product));
  out.set_lot(reconciliation.key.lot.value_or(""));
  out.set_all_lots(!reconciliation.key.lot.has_value());
  *out.mutable_from_date() = wire::ToProto(reconciliation.key.from);
  *out.mutable_to_date() = wire::ToProto(reconciliation.key.to);
  out.set_revision(reconciliation.revision);
  *out.mutable_run_time() = wire::ToProto(reconciliation.run_time);
  if (figures.opening_reported.has_value()) *out.mutable_opening_reported() = wire::ToProto(*figures.opening_reported);
  if (figures.reported.has_value()) *out.mutable_reported() = wire::ToProto(*figures.reported);
  *out.mutable_opening_book() = wire::ToProto(figures.opening_book);
  *out.mutable_opening_in_transit() = wire::ToProto(figures.opening_in_transit);
  *out.mutable_sell_in() = wire::ToProto(figures.sell_in);
  *out.mutable_sell_through() = wire::ToProto(figures.sell_through);
  *out.mutable_transferred_in() = wire::ToProto(figures.transferred_in);
  *out.mutable_transferred_out() = wire::ToProto(figures.transferred_out);
  *out.mutable_adjusted() = wire::ToProto(figures.adjusted);
  *out.mutable_in_transit() = wire::ToProto(figures.in_transit);
  *out.mutable_book() = wire::ToProto(figures.book);
  if (const auto gap = figures.gap()) {
    *out.mutable_gap() = wire::ToProto(*gap);
    *out.mutable_unexplained() = wire::ToProto(figures.explanation.unexplained);
  }
  for (const Candidate& fact : figures.explanation.facts) {
    v1::ExplainingFact& one = *out.add_explanation();
    one.set_kind(static_cast<v1::ExplainingFact::Kind>(fact.kind));
    one.set_fact(fact.fact);
    *one.mutable_date() = wire::ToProto(fact.date);
    *one.mutable_units() = wire::ToProto(fact.units);
  }
  out.set_too_many_candidates(figures.explanation.too_many_candidates);
  for (const std::string& site : figures.unreported_sites) {
    out.add_unreported_sites(SiteName(reconciliation.key.partner, site));
  }
  if (reconciliation.acceptance.has_value()) {
    out.set_acceptor(reconciliation.acceptance->acceptor);
    *out.mutable_accept_time() = wire::ToProto(reconciliation.acceptance->time);
    out.set_note(reconciliation.acceptance->note);
  }
  return out;
}

}  // namespace tributary::inventory
