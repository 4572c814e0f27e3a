#include "incentive-service/payouts/payout.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

absl::Status CheckPayoutIs(const Payout& payout, std::string_view verb, PayoutState want) {
  if (payout.state == want) return absl::OkStatus();
  return WrongState(payout.name(), verb, NameOf(payout.state), NameOf(want));
}

absl::Status CheckOther(const Payout& payout, std::string_view verb, std::string_view principal) {
  const bool requester = principal == payout.requester;
  if (!requester && (principal != payout.decider || verb != "pay")) return absl::OkStatus();
  return SecondPersonRequired(payout.name(), requester ? "who asks for it" : "who approved it", StrCat(verb, " it"));
}

Payout Moved(Payout payout, PayoutState state, absl::Time now) {
  payout.state = state;
  payout.update_time = now;
  ++payout.version;
  return payout;
}

absl::StatusOr<Payout> DecidedPayout(Payout payout, PayoutState state, std::string_view verb,
                                     std::string_view principal, std::string_view note, absl::Time now) {
  RETURN_IF_ERROR(CheckPayoutIs(payout, verb, PayoutState::kRequested));
  RETURN_IF_ERROR(CheckOther(payout, verb, principal));
  payout.decider = principal;
  payout.decision_note = note;
  return Moved(std::move(payout), state, now);
}

// In the wallet's currency.
Standing StandingOf(const Payout& payout) {
  if (payout.state != PayoutState::kPaid) return {};
  const LedgerAccount out = payout.exchange.has_value() ? LedgerAccount::kExchanged : LedgerAccount::kPaidOut;
  return {{LedgerAccount::kPaid, -payout.amount}, {out, payout.amount}};
}

// In the other one.
Standing ExchangedStandingOf(const Payout& payout) {
  if (payout.state != PayoutState::kPaid || !payout.exchange.has_value()) return {};
  return {{LedgerAccount::kExchanged, -payout.exchange->amount}, {LedgerAccount::kPaidOut, payout.exchange->amount}};
}

}  // namespace

std::string_view NameOf(PayoutState state) {
  switch (state) {
    case PayoutState::kRequested:
      return "REQUESTED";
    case PayoutState::kApproved:
      return "APPROVED";
    case PayoutState::kRejected:
      return "REJECTED";
    case PayoutState::kPaid:
      return "PAID";
    case PayoutState::kFailed:
      return "FAILED";
    case PayoutState::kWithdrawn:
      return "WITHDRAWN";
  }
  return {};
}

absl::StatusOr<Payout> Exchange(Payout payout, const std::optional<Rational>& rate) {
  PayoutExchange& exchange = *payout.exchange;
  if (!rate.has_value()) {
    return Error(Reason::kRateNotFound,
                 StrCat("payout.rate_type: got ", exchange.rate_type, ", want a type with a rate of ", payout.currency,
                        " in ", exchange.currency, " on ", exchange.date.ToString()),
                 {{"rate_type", exchange.rate_type}});
  }
  exchange.rate = *rate;
  ASSIGN_OR_RETURN(const Decimal amount, FromMinorUnits(payout.amount, payout.currency));
  ASSIGN_OR_RETURN(exchange.amount, ToMinorUnits(Rational(amount) * *rate, exchange.currency, Rounding::kHalfEven));
  if (exchange.amount <= 0) {
    return InvalidField("payout.amount", FormatMinorUnits(payout.amount, payout.currency),
                        StrCat("an amount of which something is left in ", exchange.currency));
  }
  return payout;
}

absl::Status CheckBankAccount(const Payout& payout, std::string_view payee, const std::optional<BankAccount>& account) {
  if (payee == payout.payee && account.has_value() && account->payable && account->currency == payout.paid_in()) {
    return absl::OkStatus();
  }
  return Error(Reason::kReferenceNotFound,
               StrCat("payout.bank_account: got ", payout.bank_account_name(), ", want a bank account in ",
                      payout.paid_in(), " of partners/", payee, " that is payable"));
}

WalletHold HoldFor(const Payout& payout) {
  return {.partner = payout.partner,
          .currency = payout.currency,
          .id = payout.hold,
          .uid = payout.uid,
          .create_time = payout.create_time,
          .update_time = payout.update_time,
          .use = WalletUse::kCash,
          .note = payout.note,
          .amount = payout.amount};
}

absl::StatusOr<Payout> Approve(Payout payout, std::string_view principal, std::string_view note, absl::Time now) {
  return DecidedPayout(std::move(payout), PayoutState::kApproved, "approve", principal, note, now);
}

absl::StatusOr<Payout> Reject(Payout payout, std::string_view principal, std::string_view note, absl::Time now) {
  return DecidedPayout(std::move(payout), PayoutState::kRejected, "reject", principal, note, now);
}

absl::StatusOr<Payout> Withdraw(Payout payout, absl::Time now) {
  RETURN_IF_ERROR(CheckPayoutIs(payout, "withdraw", PayoutState::kRequested));
  return Moved(std::move(payout), PayoutState::kWithdrawn, now);
}

absl::StatusOr<Payout> Pay(Payout payout, std::string_view principal, std::string_view bank_reference, absl::Time now) {
  RETURN_IF_ERROR(CheckPayoutIs(payout, "pay", PayoutState::kApproved));
  RETURN_IF_ERROR(CheckOther(payout, "pay", principal));
  payout.payer = principal;
  payout.bank_reference = bank_reference;
  payout.pay_time = now;
  return Moved(std::move(payout), PayoutState::kPaid, now);
}

absl::StatusOr<Payout> Fail(Payout payout, std::string_view principal, std::string_view reason, absl::Time now) {
  if (payout.state != PayoutState::kApproved && payout.state != PayoutState::kPaid) {
    return WrongState(payout.name(), "fail", NameOf(payout.state), "APPROVED or PAID");
  }
  RETURN_IF_ERROR(CheckOther(payout, "fail", principal));
  if (payout.state == PayoutState::kPaid && principal == payout.payer) {
    return SecondPersonRequired(payout.name(), "who paid it", "say that the money came back");
  }
  payout.failure = reason;
  return Moved(std::move(payout), PayoutState::kFailed, now);
}

std::vector<LedgerEntry> MovesOf(const Payout& before, const Payout& after) {
  const LedgerKind kind = after.state == PayoutState::kPaid ? LedgerKind::kPayout : LedgerKind::kReturn;
  std::vector<LedgerEntry> moves;
  const auto add = [&](const std::string& currency, const Standing& was, const Standing& is) {
    std::optional<LedgerEntry> move =
        Move({.partner = after.partner, .path = after.path(), .currency = currency}, kind, was, is);
    if (move.has_value()) moves.push_back(*std::move(move));
  };
  add(after.currency, StandingOf(before), StandingOf(after));
  add(after.paid_in(), ExchangedStandingOf(before), ExchangedStandingOf(after));
  return moves;
}

}  // namespace tributary::incentive
