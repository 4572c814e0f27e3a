#include "incentive-service/spiffs/spiff_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::incentive {

absl::StatusOr<std::string> SpiffIdOf(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "spiffs/{spiff}"));
  return std::move(ids.front());
}

v1::Spiff ToProto(const Spiff& spiff) {
  v1::Spiff message;
  message.set_name(spiff.name());
  message.set_uid(spiff.uid.ToString());
  message.set_etag(EtagOf(spiff.version));
  *message.mutable_create_time() = wire::ToProto(spiff.create_time);
  *message.mutable_update_time() = wire::ToProto(spiff.update_time);
  message.set_state(static_cast<v1::Spiff::State>(spiff.state));
  message.set_product(spiff.product);
  *message.mutable_sale_from() = wire::ToProto(spiff.window.start);
  *message.mutable_sale_to() = wire::ToProto(spiff.window.end);
  *message.mutable_reward() = wire::ToProto(Money{spiff.currency, spiff.reward});
  *message.mutable_claim_deadline() = wire::ToProto(spiff.claim_deadline);
  message.set_note(spiff.note);
  message.set_creator(spiff.creator);
  message.set_announcer(spiff.announcer);
  return message;
}

absl::StatusOr<Spiff> FromProto(const v1::Spiff& message) {
  FieldReader fields;
  Spiff spiff{.product = message.product(), .note = message.note()};
  fields.Id("spiff.product", message.product(), "products/{product}");
  spiff.window.start = fields.Take("spiff.sale_from", wire::FromProto(message.sale_from()));
  spiff.window.end = fields.Take("spiff.sale_to", wire::FromProto(message.sale_to()));
  Money reward = fields.Take("spiff.reward", wire::FromProto(message.reward()));
  spiff.reward = reward.amount;
  spiff.currency = std::move(reward.currency);
  if (!CurrencyExponent(spiff.currency).has_value()) {
    fields.Refuse("spiff.reward.currency_code", spiff.currency, "an ISO 4217 code");
  }
  spiff.claim_deadline = fields.Take("spiff.claim_deadline", wire::FromProto(message.claim_deadline()));
  RETURN_IF_ERROR(fields.status());
  return spiff;
}

}  // namespace tributary::incentive
