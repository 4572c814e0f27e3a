#include "incentive-service/opening_balances/opening_balance_proto.h"

#include <string>
#include <utility>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

v1::OpeningBalance ToProto(const OpeningBalance& balance) {
  v1::OpeningBalance message;
  message.set_name(balance.name());
  message.set_uid(balance.uid.ToString());
  *message.mutable_create_time() = wire::ToProto(balance.create_time);
  *message.mutable_date() = wire::ToProto(balance.date);
  message.set_currency(balance.currency);
  message.set_document(balance.document);
  for (const Lot& lot : balance.lots) {
    v1::OpeningBalance::Lot& next = *message.add_wallet_lots();
    next.set_lot(lot.id);
    *next.mutable_amount() = MoneyToProto(lot.amount, balance.currency);
    *next.mutable_expires_on() = wire::ToProto(lot.expires_on);
    *next.mutable_credit_date() = wire::ToProto(lot.credit_date);
  }
  return message;
}

absl::StatusOr<OpeningBalance> FromProto(const v1::OpeningBalance& message, std::string_view partner) {
  std::vector<FieldViolation> violations;
  const auto take = [&]<typename Value>(absl::StatusOr<Value> value, std::string_view field, Value* into) {
    if (value.ok()) {
      *into = *value;
      return;
    }
    for (FieldViolation& violation : DetailOf(AtField(value.status(), field)).violations) {
      violations.push_back(std::move(violation));
    }
  };
  OpeningBalance balance{
      .partner = std::string(partner), .currency = message.currency(), .document = message.document()};
  take(wire::FromProto(message.date()), "opening_balance.date", &balance.date);
  for (int i = 0; i < message.wallet_lots_size(); ++i) {
    const v1::OpeningBalance::Lot& told = message.wallet_lots(i);
    const std::string path = StrCat("opening_balance.wallet_lots[", i, "]");
    Lot lot{.id = told.lot(), .credit_date = balance.date};
    take(MinorFromProto(told.amount(), balance.currency, "amount"), path, &lot.amount);
    take(wire::FromProto(told.expires_on()), path + ".expires_on", &lot.expires_on);
    if (told.has_credit_date()) take(wire::FromProto(told.credit_date()), path + ".credit_date", &lot.credit_date);
    balance.lots.push_back(std::move(lot));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return balance;
}

}  // namespace tributary::incentive
