#include "incentive-service/wallets/wallet_proto.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {
namespace {

// Of what is named without "partners/{partner}/" where it is the wallet's.
std::string FullName(std::string_view partner, std::string_view name) {
  return name.starts_with("partners/") ? std::string(name) : StrCat("partners/", partner, "/", name);
}

}  // namespace

absl::StatusOr<int64_t> MinorFromProto(const google::type::Money& amount, std::string_view currency,
                                       std::string_view field) {
  absl::StatusOr<Money> money = wire::FromProto(amount);
  if (!money.ok()) return AtField(money.status(), field);
  if (money->currency != currency) return InvalidField(StrCat(field, ".currency_code"), money->currency, currency);
  ASSIGN_OR_RETURN(const int64_t minor, ToMinorUnits(Rational(money->amount), currency, Rounding::kDown));
  ASSIGN_OR_RETURN(const Decimal back, FromMinorUnits(minor, currency));
  if (back != money->amount) {
    return InvalidField(field, money->amount.ToString(),
                        StrCat("at most ", CurrencyExponent(currency).value_or(0), " decimals in ", currency));
  }
  return minor;
}

absl::StatusOr<WalletKey> ParseWalletName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/wallets/{wallet}", field));
  return WalletKey{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<WalletHoldKey> ParseWalletHoldName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/wallets/{wallet}/holds/{hold}"));
  return WalletHoldKey{{std::move(ids[0]), std::move(ids[1])}, std::move(ids[2])};
}

v1::Wallet ToProto(const Wallet& wallet) {
  v1::Wallet message;
  message.set_name(wallet.name());
  message.set_uid(wallet.uid.ToString());
  message.set_etag(EtagOf(wallet.version));
  *message.mutable_create_time() = wire::ToProto(wallet.create_time);
  *message.mutable_update_time() = wire::ToProto(wallet.update_time);
  *message.mutable_balance() = MoneyToProto(wallet.balance(), wallet.currency);
  *message.mutable_held() = MoneyToProto(wallet.held(), wallet.currency);
  *message.mutable_available() = MoneyToProto(wallet.available(), wallet.currency);
  if (wallet.price_share_limit.has_value()) {
    *message.mutable_price_share_limit() = wire::ToProto(*wallet.price_share_limit);
  }
  for (const Lot& lot : wallet.lots) {
    v1::WalletLot& next = *message.add_lots();
    next.set_lot(lot.id);
    *next.mutable_amount() = MoneyToProto(lot.amount, wallet.currency);
    *next.mutable_remaining() = MoneyToProto(lot.remaining, wallet.currency);
    *next.mutable_held() = MoneyToProto(lot.held, wallet.currency);
    *next.mutable_expires_on() = wire::ToProto(lot.expires_on);
    *next.mutable_credit_date() = wire::ToProto(lot.credit_date);
    next.set_source(FullName(wallet.partner, lot.source));
  }
  return message;
}

v1::WalletHold ToProto(const WalletHold& hold) {
  v1::WalletHold message;
  message.set_name(hold.name());
  message.set_uid(hold.uid.ToString());
  message.set_etag(EtagOf(hold.version));
  *message.mutable_create_time() = wire::ToProto(hold.create_time);
  *message.mutable_update_time() = wire::ToProto(hold.update_time);
  message.set_state(static_cast<v1::WalletHold::State>(hold.state));
  *message.mutable_amount() = MoneyToProto(hold.amount, hold.currency);
  message.set_use(static_cast<v1::WalletHold::Use>(hold.use));
  if (!hold.order.empty()) message.set_order(StrCat("partners/", hold.partner, "/orders/", hold.order));
  message.set_note(hold.note);
  *message.mutable_captured() = MoneyToProto(hold.captured(), hold.currency);
  *message.mutable_released() = MoneyToProto(hold.released(), hold.currency);
  for (const HoldPart& part : hold.parts) {
    v1::WalletHoldLot& next = *message.add_lots();
    next.set_lot(part.lot);
    *next.mutable_amount() = MoneyToProto(part.amount, hold.currency);
    *next.mutable_captured() = MoneyToProto(part.captured, hold.currency);
    *next.mutable_released() = MoneyToProto(part.released, hold.currency);
  }
  return message;
}

v1::WalletEntry ToProto(const StoredWalletEntry& entry) {
  v1::WalletEntry message;
  message.set_number(entry.number);
  *message.mutable_entry_time() = wire::ToProto(entry.entry_time);
  message.set_kind(static_cast<v1::WalletEntry::Kind>(entry.kind));
  message.set_cause(FullName(entry.wallet.partner, entry.cause));
  for (const StoredWalletEntry::Leg& leg : entry.legs) {
    v1::WalletEntry::Leg& next = *message.add_legs();
    next.set_account(static_cast<v1::WalletEntry::Account>(leg.leg.account));
    next.set_lot(leg.leg.lot);
    *next.mutable_amount() = MoneyToProto(leg.leg.amount, entry.wallet.currency);
    if (leg.leg.lot.empty()) continue;
    *next.mutable_expires_on() = wire::ToProto(leg.expires_on);
    *next.mutable_credit_date() = wire::ToProto(leg.credit_date);
  }
  return message;
}

absl::StatusOr<WalletHold> FromProto(const v1::WalletHold& message, const WalletKey& wallet) {
  std::vector<FieldViolation> violations;
  WalletHold hold{.partner = wallet.partner,
                  .currency = wallet.currency,
                  .use = static_cast<WalletUse>(message.use()),
                  .note = message.note()};
  const absl::StatusOr<int64_t> amount = MinorFromProto(message.amount(), wallet.currency, "wallet_hold.amount");
  if (amount.ok()) {
    hold.amount = *amount;
  } else {
    violations = DetailOf(amount.status()).violations;
  }
  if (message.use() == v1::WalletHold::CASH) {
    violations.push_back({"wallet_hold.use", "CASH", "PRICE, PAYMENT or GOODS: a payout makes its own"});
  }
  if (!message.order().empty()) {
    absl::StatusOr<std::vector<std::string>> ids =
        ParseResourceName(message.order(), "partners/{partner}/orders/{order}");
    if (ids.ok() && (*ids)[0] == wallet.partner) {
      hold.order = std::move((*ids)[1]);
    } else {
      violations.push_back(
          {"wallet_hold.order", message.order(), StrCat("partners/", wallet.partner, "/orders/{order}")});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return hold;
}

}  // namespace tributary::incentive
