#include "incentive-service/opening_balances/opening_balance_proto.h"

#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

v1::OpeningBalance ToProto(const OpeningBalance& balance) {
  v1::OpeningBalance message;
  message.set_name(balance.name());
  message.set_uid(balance.uid.ToString());
  message.set_etag(EtagOf(balance.version));
  *message.mutable_create_time() = wire::ToProto(balance.create_time);
  *message.mutable_update_time() = wire::ToProto(balance.update_time);
  message.set_state(static_cast<v1::OpeningBalance::State>(balance.state));
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
  for (const ProgramVolume& volume : balance.volumes) {
    v1::OpeningBalance::Volume& next = *message.add_volumes();
    next.set_program(StrCat("programs/", volume.program));
    next.set_period(volume.period);
    *next.mutable_amount() = wire::ToProto(volume.amount);
    *next.mutable_quantity() = wire::ToProto(volume.quantity);
    *next.mutable_paid() = MoneyToProto(volume.paid, balance.currency);
  }
  message.set_requester(balance.requester);
  message.set_decider(balance.decider);
  message.set_decision_note(balance.decision_note);
  return message;
}

absl::StatusOr<std::pair<std::string, std::string>> ParseOpeningBalanceName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/openingBalances/{opening_balance}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
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
  for (int i = 0; i < message.volumes_size(); ++i) {
    const v1::OpeningBalance::Volume& told = message.volumes(i);
    const std::string path = StrCat("opening_balance.volumes[", i, "]");
    ProgramVolume volume;
    take(ProgramIdOf(told.program(), "program"), path, &volume.program);
    if (told.has_amount()) take(wire::FromProto(told.amount()), path + ".amount", &volume.amount);
    if (told.has_quantity()) take(wire::FromProto(told.quantity()), path + ".quantity", &volume.quantity);
    if (told.has_paid()) take(MinorFromProto(told.paid(), balance.currency, "paid"), path, &volume.paid);
    balance.volumes.push_back(std::move(volume));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return balance;
}

}  // namespace tributary::incentive
