#include "inventory-service/ledger/ledger_proto.h"

#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

v1::Site ToProto(const Site& site) {
  v1::Site out;
  out.set_name(StrCat("partners/", site.partner, "/sites/", site.id));
  out.set_uid(site.uid.ToString());
  out.set_etag(EtagOf(site.version));
  *out.mutable_create_time() = wire::ToProto(site.create_time);
  *out.mutable_update_time() = wire::ToProto(site.update_time);
  out.set_display_name(site.display_name);
  if (!site.region.empty()) out.set_region(StrCat("regions/", site.region));
  return out;
}

v1::Position ToProto(const Position& position) {
  const auto& [partner, site, product] = position.key;
  v1::Position out;
  out.set_name(StrCat("partners/", partner, "/positions/", site, ".", product));
  out.set_site(StrCat("partners/", partner, "/sites/", site));
  out.set_product(ProductName(product));
  *out.mutable_on_hand() = wire::ToProto(position.on_hand);
  *out.mutable_update_time() = wire::ToProto(position.update_time);
  return out;
}

v1::StockPosting ToProto(const RecordedPosting& recorded) {
  const Posting& posting = recorded.posting;
  v1::StockPosting out;
  out.set_name(StrCat("partners/", posting.partner.empty() ? "-" : posting.partner, "/stockPostings/",
                      recorded.cursor.shard, ".", recorded.cursor.seq,
                      recorded.n == 0 ? std::string() : StrCat(".", recorded.n)));
  out.set_from_location(LocationName(posting.partner, posting.from));
  out.set_to_location(LocationName(posting.partner, posting.to));
  out.set_product(ProductName(posting.product));
  *out.mutable_quantity() = wire::ToProto(posting.quantity);
  *out.mutable_effective_date() = wire::ToProto(posting.effective_date);
  out.set_cause(posting.cause);
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
