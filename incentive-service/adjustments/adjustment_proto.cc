#include "incentive-service/adjustments/adjustment_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

absl::StatusOr<std::pair<std::string, std::string>> ParseAdjustmentName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/adjustments/{adjustment}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

absl::StatusOr<std::string> ParseAdjustmentLimitName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "adjustmentLimits/{adjustment_limit}", field));
  return std::move(ids[0]);
}

v1::Adjustment ToProto(const Adjustment& adjustment) {
  const auto own = [&](std::string_view path) { return StrCat("partners/", adjustment.partner, "/", path); };
  v1::Adjustment message;
  message.set_name(adjustment.name());
  message.set_uid(adjustment.uid.ToString());
  message.set_etag(EtagOf(adjustment.version));
  *message.mutable_create_time() = wire::ToProto(adjustment.create_time);
  *message.mutable_update_time() = wire::ToProto(adjustment.update_time);
  message.set_state(static_cast<v1::Adjustment::State>(adjustment.state));
  *message.mutable_amount() = MoneyToProto(adjustment.amount, adjustment.currency);
  if (!adjustment.program.empty()) message.set_program(StrCat("programs/", adjustment.program));
  message.set_reason(adjustment.reason);
  message.set_document(adjustment.document);
  if (!adjustment.dispute.empty()) message.set_dispute(own(adjustment.dispute));
  message.set_requester(adjustment.requester);
  message.set_decider(adjustment.decider);
  message.set_decision_note(adjustment.decision_note);
  if (adjustment.statement > 0) message.set_statement(own(StrCat("statements/", adjustment.statement)));
  message.set_remedy(adjustment.remedy);
  if (!adjustment.compensates.empty()) message.set_compensates(own(StrCat("adjustments/", adjustment.compensates)));
  if (!adjustment.price_change.empty()) message.set_price_change(StrCat("priceChanges/", adjustment.price_change));
  return message;
}

v1::AdjustmentLimit ToProto(const AdjustmentLimit& limit) {
  v1::AdjustmentLimit message;
  message.set_name(limit.name());
  message.set_etag(EtagOf(limit.version));
  *message.mutable_update_time() = wire::ToProto(limit.update_time);
  *message.mutable_limit() = MoneyToProto(limit.most, limit.currency);
  return message;
}

absl::StatusOr<Adjustment> FromProto(const v1::Adjustment& message, std::string_view partner) {
  FieldReader fields;
  Adjustment adjustment{.partner = std::string(partner),
                        .currency = message.amount().currency_code(),
                        .reason = message.reason(),
                        .document = message.document()};
  if (!CurrencyExponent(adjustment.currency).has_value()) {
    fields.Refuse("adjustment.amount.currency_code", adjustment.currency, "a currency of ISO 4217");
  } else {
    adjustment.amount = fields.Take("adjustment", MinorFromProto(message.amount(), adjustment.currency, "amount"));
  }
  if (!message.program().empty()) {
    adjustment.program = fields.Id("adjustment.program", message.program(), "programs/{program}");
  }
  if (!message.document().empty()) fields.Id("adjustment.document", message.document(), "documents/{document}");
  RETURN_IF_ERROR(fields.status());
  return adjustment;
}

}  // namespace tributary::incentive
