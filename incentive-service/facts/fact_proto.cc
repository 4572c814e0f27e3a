#include "incentive-service/facts/fact_proto.h"

#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::incentive {
namespace {

// "partners/p1/shipments/SO1/lines/1" of partner p1 -> "shipments/SO1/lines/1".
absl::StatusOr<std::string> WithoutPartner(std::string_view name, std::string_view partner, std::string_view field) {
  const std::string prefix = StrCat("partners/", partner, "/");
  if (name.substr(0, prefix.size()) != prefix || name.size() == prefix.size()) {
    return InvalidField(field, name, StrCat("a name that begins with ", prefix));
  }
  return std::string(name.substr(prefix.size()));
}

template <typename Message>
auto Read(const Message& message, std::string_view field) -> decltype(wire::FromProto(message)) {
  auto value = wire::FromProto(message);
  if (!value.ok()) return AtField(value.status(), field);
  return value;
}

}  // namespace

absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::ShipmentLine& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  FactLine line;
  line.partner = PartnerOf(message.partner());
  if (line.partner.empty()) return InvalidField("partner", message.partner(), "partners/{partner}");
  ASSIGN_OR_RETURN(line.fact, WithoutPartner(message.name(), line.partner, "name"));
  if (!message.reverses().empty()) {
    line.kind = FactKind::kReversal;
    ASSIGN_OR_RETURN(line.refers, WithoutPartner(message.reverses(), line.partner, "reverses"));
  } else if (!message.original_line().empty()) {
    line.kind = FactKind::kReturn;
    ASSIGN_OR_RETURN(line.refers, WithoutPartner(message.original_line(), line.partner, "original_line"));
  }
  line.shard = cursor.shard;
  line.seq = cursor.seq;
  line.recorded_at = recorded_at;
  line.document = message.document();
  line.line = message.line();
  ASSIGN_OR_RETURN(line.order_date, Read(message.order_date(), "order_date"));
  ASSIGN_OR_RETURN(line.ship_date, Read(message.ship_date(), "ship_date"));
  line.product = message.product();
  line.product_line = message.product_line();
  ASSIGN_OR_RETURN(line.quantity, Read(message.quantity(), "quantity"));
  ASSIGN_OR_RETURN(Money net, Read(message.net_amount(), "net_amount"));
  line.net = net.amount;
  line.currency = std::move(net.currency);
  line.order_basis = line.order_date;
  line.ship_basis = line.ship_date;
  return line;
}

void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* cursors) {
  for (size_t shard = 0; shard < watermark.size(); ++shard) {
    if (watermark[shard] == 0) continue;
    tributary::events::v1::Cursor* cursor = cursors->Add();
    cursor->set_shard(static_cast<int32_t>(shard));
    cursor->set_seq(watermark[shard]);
  }
}

}  // namespace tributary::incentive
