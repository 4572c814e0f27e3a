#include "inventory-service/traces/trace_proto.h"

#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/lots/lot.h"

namespace tributary::inventory {

v1::TraceStep ToProto(const SerialMove& move) {
  v1::TraceStep out;
  *out.mutable_effective_date() = wire::ToProto(move.date);
  out.set_from_location(LocationName(move.partner, move.from));
  out.set_to_location(LocationName(move.partner, move.to));
  *out.mutable_quantity() = wire::ToProto(Decimal::FromInt(1));
  out.set_lot(move.lot);
  out.set_cause(move.cause);
  *out.mutable_record_time() = wire::ToProto(move.recorded_at);
  return out;
}

v1::TraceStep StepOf(const RecordedPosting& recorded) {
  const Posting& posting = recorded.posting;
  v1::TraceStep out;
  *out.mutable_effective_date() = wire::ToProto(posting.effective_date);
  out.set_from_location(LocationName(posting.partner, posting.from));
  out.set_to_location(LocationName(posting.partner, posting.to));
  *out.mutable_quantity() = wire::ToProto(posting.quantity);
  out.set_lot(posting.lot);
  out.set_cause(posting.cause);
  *out.mutable_record_time() = wire::ToProto(recorded.recorded_at);
  return out;
}

v1::SerialUnit ToProto(const SerialUnit& unit, const SerialPack& pack, bool with_history) {
  v1::SerialUnit out;
  out.set_name(StrCat(ProductName(unit.product), "/serials/", unit.serial));
  out.set_location(LocationName(unit.partner, unit.place));
  *out.mutable_since() = wire::ToProto(unit.since);
  if (!unit.lot.empty()) out.set_lot(LotName(unit.product, unit.lot));
  out.set_etag(EtagOf(pack.version));
  out.set_parent_pack(pack.parent_pack);
  out.set_contradictions(static_cast<int>(unit.contradictions.size()));
  if (with_history) {
    for (const SerialMove& move : unit.history) *out.add_history() = ToProto(move);
  }
  return out;
}

v1::LotHolding ToProto(const LotHolding& holding) {
  v1::LotHolding out;
  if (!holding.partner.empty()) out.set_partner(PartnerName(holding.partner));
  *out.mutable_shipped() = wire::ToProto(holding.shipped);
  *out.mutable_received() = wire::ToProto(holding.received);
  *out.mutable_found() = wire::ToProto(holding.FoundInAll());
  const auto in_transit = holding.found.find(Bucket::kInTransit);
  *out.mutable_in_transit() = wire::ToProto(in_transit == holding.found.end() ? Decimal() : in_transit->second);
  *out.mutable_sold() = wire::ToProto(holding.sold);
  *out.mutable_scrapped() = wire::ToProto(holding.scrapped);
  *out.mutable_adjusted() = wire::ToProto(holding.adjusted);
  *out.mutable_returned() = wire::ToProto(holding.returned);
  *out.mutable_handed_over() = wire::ToProto(holding.handed_over);
  out.set_balanced(holding.balanced());
  return out;
}

v1::LotBuyer BuyerOf(const SellThroughSale& sale, std::string_view product, bool lot_untold) {
  v1::LotBuyer out;
  out.set_sale(NameOf(sale));
  *out.mutable_sale_date() = wire::ToProto(sale.sale_date);
  out.set_end_customer(sale.end_customer);
  if (!sale.region.empty()) out.set_region(StrCat("regions/", sale.region));
  Decimal quantity;
  for (const MovedUnits& moved : MovedBy(sale)) {
    if (moved.product == product) quantity += moved.quantity;
  }
  *out.mutable_quantity() = wire::ToProto(quantity);
  out.set_product(ProductName(sale.product));
  out.set_lot_untold(lot_untold);
  return out;
}

}  // namespace tributary::inventory
