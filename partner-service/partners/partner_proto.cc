#include "partner-service/partners/partner_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

void ToProto(const Partner& partner, v1::Partner* out) {
  out->set_name(partner.name());
  PutRevision(partner.revision, out);
  out->set_state(static_cast<v1::Partner::State>(partner.state));
  out->set_legal_name(partner.legal_name);
  for (const std::string& name : partner.trade_names) out->add_trade_names(name);
  out->set_kind(static_cast<v1::Partner::Kind>(partner.kind));
  for (const TaxId& id : partner.tax_ids) {
    v1::TaxId& one = *out->add_tax_ids();
    one.set_type(static_cast<v1::TaxId::Type>(id.type));
    one.set_value(id.value);
  }
  out->set_home_region(partner.home_region);
  out->set_currency(partner.currency);
  out->set_time_zone(partner.time_zone);
  for (const Address& address : partner.addresses) {
    v1::Address& one = *out->add_addresses();
    one.set_kind(static_cast<v1::Address::Kind>(address.kind));
    one.set_country(address.country);
    one.set_text(address.text);
  }
  out->set_application(partner.application);
  out->set_channel(partner.channel);
  out->set_account_manager(partner.account_manager);
  if (partner.merge.has_value()) {
    out->set_merged_into(partner.merge->survivor);
    *out->mutable_merge_time() = wire::ToProto(partner.merge->time);
    out->set_merge_reason(partner.merge->reason);
  }
}

v1::Partner ToProto(const Partner& partner) {
  v1::Partner out;
  ToProto(partner, &out);
  return out;
}

absl::StatusOr<Partner> FromProto(const v1::Partner& partner) {
  if (!partner.home_region().empty()) {
    RETURN_IF_ERROR(ParseResourceName(partner.home_region(), "regions/{region}", "home_region"));
  }
  if (!partner.channel().empty()) {
    RETURN_IF_ERROR(ParseResourceName(partner.channel(), "channels/{channel}", "channel"));
  }
  Partner out{.legal_name = partner.legal_name(),
              .trade_names = {partner.trade_names().begin(), partner.trade_names().end()},
              .kind = static_cast<PartnerKind>(partner.kind()),
              .home_region = partner.home_region(),
              .currency = partner.currency(),
              .time_zone = partner.time_zone(),
              .channel = partner.channel(),
              .account_manager = partner.account_manager()};
  for (const v1::TaxId& id : partner.tax_ids()) {
    out.tax_ids.push_back({static_cast<TaxIdType>(id.type()), id.value()});
  }
  for (const v1::Address& address : partner.addresses()) {
    out.addresses.push_back({static_cast<AddressKind>(address.kind()), address.country(), address.text()});
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const Partner& partner) {
  return events::Draft(partner.id, verb, partner.name(), ToProto(partner));
}

}  // namespace tributary::partner
