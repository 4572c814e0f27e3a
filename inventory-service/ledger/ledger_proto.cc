#include "inventory-service/ledger/ledger_proto.h"

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

v1::Position ToProto(const Position& position) {
  const PositionKey& key = position.key;
  v1::Position out;
  out.set_name(StrCat("partners/", key.partner, "/positions/", PositionSegment(key)));
  out.set_site(StrCat("partners/", key.partner, "/sites/", key.site));
  out.set_product(ProductName(key.product));
  out.set_lot(key.lot);
  *out.mutable_on_hand() = wire::ToProto(position.In(Bucket::kOnHand));
  *out.mutable_reserved() = wire::ToProto(position.In(Bucket::kReserved));
  *out.mutable_quarantine() = wire::ToProto(position.In(Bucket::kQuarantine));
  *out.mutable_demo() = wire::ToProto(position.In(Bucket::kDemo));
  *out.mutable_in_transit() = wire::ToProto(position.In(Bucket::kInTransit));
  *out.mutable_update_time() = wire::ToProto(position.update_time);
  if (position.stale_since.has_value()) *out.mutable_stale_since() = wire::ToProto(*position.stale_since);
  return out;
}

v1::StockPosting ToProto(const RecordedPosting& recorded) {
  const Posting& posting = recorded.posting;
  v1::StockPosting out;
  out.set_name(StrCat("partners/", posting.partner.empty() ? "-" : posting.partner, "/stockPostings/",
                      recorded.cursor.shard, ".", recorded.cursor.seq,
                      posting.n == 0 ? std::string() : StrCat(".", posting.n)));
  out.set_from_location(LocationName(posting.partner, posting.from));
  out.set_to_location(LocationName(posting.partner, posting.to));
  out.set_product(ProductName(posting.product));
  out.set_lot(posting.lot);
  *out.mutable_quantity() = wire::ToProto(posting.quantity);
  *out.mutable_effective_date() = wire::ToProto(posting.effective_date);
  out.set_cause(posting.cause);
  out.set_because(posting.because);
  *out.mutable_record_time() = wire::ToProto(recorded.recorded_at);
  return out;
}

v1::LedgerBalance ToProto(const Balance& balance) {
  v1::LedgerBalance out;
  out.set_balanced(balance.balanced());
  out.set_postings(balance.postings);
  out.set_positions(balance.positions);
  out.set_differing_positions(balance.differing_positions);
  *out.mutable_partner_units() = wire::ToProto(balance.partner_units);
  return out;
}

}  // namespace tributary::inventory
