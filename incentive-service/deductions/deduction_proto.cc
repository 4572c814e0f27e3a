#include "incentive-service/deductions/deduction_proto.h"

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

absl::StatusOr<std::pair<std::string, std::string>> ParseDeductionName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/deductions/{deduction}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::Deduction ToProto(const Deduction& deduction) {
  v1::Deduction message;
  message.set_name(deduction.name());
  message.set_uid(deduction.uid.ToString());
  message.set_etag(EtagOf(deduction.version));
  *message.mutable_create_time() = wire::ToProto(deduction.create_time);
  *message.mutable_update_time() = wire::ToProto(deduction.update_time);
  message.set_state(static_cast<v1::Deduction::State>(deduction.state));
  message.set_invoice(deduction.invoice_name());
  *message.mutable_amount() = MoneyToProto(deduction.amount, deduction.currency);
  *message.mutable_taken_on() = wire::ToProto(deduction.taken_on);
  message.set_reason(deduction.reason);
  message.set_recorder(deduction.recorder);
  for (const DeductionMatch& match : deduction.matches) {
    v1::Deduction::Match& next = *message.add_matches();
    next.set_entitlement(StrCat("partners/", deduction.partner, "/", match.item));
    *next.mutable_amount() = MoneyToProto(match.amount, deduction.currency);
    next.set_principal(match.principal);
    *next.mutable_match_time() = wire::ToProto(match.match_time);
    next.set_note(match.note);
  }
  *message.mutable_open() = MoneyToProto(deduction.open(), deduction.currency);
  message.set_resolver(deduction.resolver);
  message.set_resolution_note(deduction.resolution_note);
  return message;
}

v1::AgedDeductions ToProto(std::string_view partner, const std::vector<AgedDeductions>& aged, Date as_of) {
  v1::AgedDeductions message;
  message.set_name(StrCat("partners/", partner, "/agedDeductions"));
  *message.mutable_as_of() = wire::ToProto(as_of);
  for (const AgedDeductions& of_currency : aged) {
    v1::AgedDeductions::Balance& next = *message.add_balances();
    const auto money = [&](int64_t amount) { return MoneyToProto(amount, of_currency.currency); };
    *next.mutable_days_0_to_30() = money(of_currency.by_age[0]);
    *next.mutable_days_31_to_60() = money(of_currency.by_age[1]);
    *next.mutable_days_61_to_90() = money(of_currency.by_age[2]);
    *next.mutable_days_over_90() = money(of_currency.by_age[3]);
    *next.mutable_total() = money(of_currency.total);
    for (const Deduction& deduction : of_currency.deductions) {
      v1::AgedDeductions::OpenDeduction& open = *next.add_deductions();
      open.set_deduction(deduction.name());
      *open.mutable_taken_on() = wire::ToProto(deduction.taken_on);
      open.set_age_days(as_of.days() - deduction.taken_on.days());
      *open.mutable_open() = money(deduction.open());
    }
  }
  return message;
}

absl::StatusOr<Deduction> FromProto(const v1::Deduction& message, std::string_view partner) {
  FieldReader fields;
  Deduction deduction{
      .partner = std::string(partner), .currency = message.amount().currency_code(), .reason = message.reason()};
  if (!CurrencyExponent(deduction.currency).has_value()) {
    fields.Refuse("deduction.amount.currency_code", deduction.currency, "a currency of ISO 4217");
  } else {
    deduction.amount = fields.Take("deduction", MinorFromProto(message.amount(), deduction.currency, "amount"));
  }
  deduction.invoice = fields.OwnId("deduction.invoice", message.invoice(), partner, "invoices");
  deduction.taken_on = fields.Take("deduction.taken_on", wire::FromProto(message.taken_on()));
  RETURN_IF_ERROR(fields.status());
  return deduction;
}

}  // namespace tributary::incentive
