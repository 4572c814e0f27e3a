#include "incentive-service/payouts/payout_proto.h"

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

absl::StatusOr<std::pair<std::string, std::string>> ParsePayoutName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/payouts/{payout}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::Payout ToProto(const Payout& payout) {
  v1::Payout message;
  message.set_name(payout.name());
  message.set_uid(payout.uid.ToString());
  message.set_etag(EtagOf(payout.version));
  *message.mutable_create_time() = wire::ToProto(payout.create_time);
  *message.mutable_update_time() = wire::ToProto(payout.update_time);
  message.set_state(static_cast<v1::Payout::State>(payout.state));
  *message.mutable_amount() = MoneyToProto(payout.amount, payout.currency);
  message.set_bank_account(payout.bank_account_name());
  message.set_note(payout.note);
  message.set_hold(HoldFor(payout).name());
  message.set_requester(payout.requester);
  message.set_decider(payout.decider);
  message.set_decision_note(payout.decision_note);
  message.set_payer(payout.payer);
  message.set_bank_reference(payout.bank_reference);
  if (payout.pay_time.has_value()) *message.mutable_pay_time() = wire::ToProto(*payout.pay_time);
  message.set_failure(payout.failure);
  if (const auto& exchange = payout.exchange; exchange.has_value()) {
    message.set_paid_in(exchange->currency);
    message.set_rate_type(exchange->rate_type);
    *message.mutable_rate_date() = wire::ToProto(exchange->date);
    message.mutable_rate()->set_value(exchange->rate.ToDecimalString());
    *message.mutable_paid_amount() = MoneyToProto(exchange->amount, exchange->currency);
  }
  return message;
}

absl::StatusOr<Payout> FromProto(const v1::Payout& message, std::string_view partner) {
  FieldReader fields;
  Payout payout{.partner = std::string(partner), .currency = message.amount().currency_code(), .note = message.note()};
  if (!CurrencyExponent(payout.currency).has_value()) {
    fields.Refuse("payout.amount.currency_code", payout.currency, "a currency of ISO 4217");
  } else {
    payout.amount = fields.Take("payout", MinorFromProto(message.amount(), payout.currency, "amount"));
  }
  std::vector<std::string> ids =
      fields.Take("payout.bank_account",
                  ParseResourceName(message.bank_account(), "partners/{partner}/bankAccounts/{bank_account}", ""));
  if (payout.currency == kPoints && message.paid_in().empty()) {
    fields.Refuse("payout.paid_in", "", "a currency: points are redeemed for money");
  }
  if (!message.paid_in().empty() && message.paid_in() != payout.currency) {
    payout.exchange = PayoutExchange{.currency = message.paid_in(), .rate_type = message.rate_type()};
    if (!CurrencyExponent(message.paid_in()).has_value()) {
      fields.Refuse("payout.paid_in", message.paid_in(), "a currency of ISO 4217");
    }
    if (message.rate_type().empty()) {
      fields.Refuse("payout.rate_type", "", "the type of the rate by which it is exchanged");
    }
  } else if (!message.rate_type().empty()) {
    fields.Refuse("payout.rate_type", message.rate_type(), "nothing: it is paid in the wallet's currency");
  }
  RETURN_IF_ERROR(fields.status());
  payout.payee = std::move(ids[0]);
  payout.bank_account = std::move(ids[1]);
  return payout;
}

}  // namespace tributary::incentive
