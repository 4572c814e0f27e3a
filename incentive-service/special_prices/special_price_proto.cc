#include "incentive-service/special_prices/special_price_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::incentive {

absl::StatusOr<std::pair<std::string, std::string>> ParseSpecialPriceName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/specialPrices/{special_price}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::SpecialPriceAuthorization ToProto(const SpecialPriceAuthorization& authorization) {
  v1::SpecialPriceAuthorization message;
  message.set_name(authorization.name());
  message.set_uid(authorization.uid.ToString());
  message.set_etag(EtagOf(authorization.version));
  *message.mutable_create_time() = wire::ToProto(authorization.create_time);
  *message.mutable_update_time() = wire::ToProto(authorization.update_time);
  message.set_state(static_cast<v1::SpecialPriceAuthorization::State>(authorization.state));
  message.set_product(authorization.product);
  message.set_end_customer(authorization.end_customer);
  *message.mutable_sale_from() = wire::ToProto(authorization.window.start);
  *message.mutable_sale_to() = wire::ToProto(authorization.window.end);
  *message.mutable_approved_cost() = wire::ToProto(Money{authorization.currency, authorization.approved_cost});
  *message.mutable_quantity() = wire::ToProto(authorization.quantity);
  *message.mutable_claim_deadline() = wire::ToProto(authorization.claim_deadline);
  message.set_note(authorization.note);
  message.set_requester(authorization.requester);
  message.set_decider(authorization.decider);
  message.set_decision_note(authorization.decision_note);
  *message.mutable_debited_quantity() = wire::ToProto(authorization.debited);
  return message;
}

absl::StatusOr<SpecialPriceAuthorization> FromProto(const v1::SpecialPriceAuthorization& message,
                                                    std::string_view partner) {
  FieldReader fields;
  SpecialPriceAuthorization authorization{.partner = std::string(partner),
                                          .product = message.product(),
                                          .end_customer = message.end_customer(),
                                          .note = message.note()};
  fields.Id("special_price.product", message.product(), "products/{product}");
  authorization.window.start = fields.Take("special_price.sale_from", wire::FromProto(message.sale_from()));
  authorization.window.end = fields.Take("special_price.sale_to", wire::FromProto(message.sale_to()));
  Money cost = fields.Take("special_price.approved_cost", wire::FromProto(message.approved_cost()));
  authorization.approved_cost = cost.amount;
  authorization.currency = std::move(cost.currency);
  if (!CurrencyExponent(authorization.currency).has_value()) {
    fields.Refuse("special_price.approved_cost.currency_code", authorization.currency, "an ISO 4217 code");
  }
  authorization.quantity = fields.Take("special_price.quantity", wire::FromProto(message.quantity()));
  authorization.claim_deadline = fields.Take("special_price.claim_deadline", wire::FromProto(message.claim_deadline()));
  RETURN_IF_ERROR(fields.status());
  return authorization;
}

}  // namespace tributary::incentive
