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
  out->set_tax_id(partner.tax_id);
  out->set_home_region(partner.home_region);
  out->set_currency(partner.currency);
  out->set_time_zone(partner.time_zone);
  out->set_address(partner.address);
  out->set_application(partner.application);
  out->set_channel(partner.channel);
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
  return Partner{.legal_name = partner.legal_name(),
                 .trade_names = {partner.trade_names().begin(), partner.trade_names().end()},
                 .kind = static_cast<PartnerKind>(partner.kind()),
                 .tax_id = partner.tax_id(),
                 .home_region = partner.home_region(),
                 .currency = partner.currency(),
                 .time_zone = partner.time_zone(),
                 .address = partner.address(),
                 .channel = partner.channel()};
}

events::EventDraft Told(std::string_view verb, const Partner& partner) {
  return events::Draft(partner.id, verb, partner.name(), ToProto(partner));
}

}  // namespace tributary::partner
