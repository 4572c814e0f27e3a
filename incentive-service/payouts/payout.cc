#include "incentive-service/payouts/payout.h"

#include <utility>

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
  return Error(Reason::kSecondPersonRequired,
               StrCat(payout.name(), ": got who ", requester ? "asks for it" : "approved it",
                      ", want somebody else to ", verb, " it"),
               {{"resource", payout.name()}});
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

Standing StandingOf(const Payout& payout) {
  if (payout.state != PayoutState::kPaid) return {};
  return {{LedgerAccount::kPaid, -payout.amount}, {LedgerAccount::kPaidOut, payout.amount}};
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

absl::Status CheckBankAccount(const Payout& payout, std::string_view payee, const std::optional<BankAccount>& account) {
  if (payee == payout.payee && account.has_value() && account->payable && account->currency == payout.currency) {
    return absl::OkStatus();
  }
  return Error(Reason::kReferenceNotFound,
               StrCat("payout.bank_account: got ", payout.bank_account_name(), ", want a bank account in ",
                      payout.currency, " of partners/", payee, " that is payable"));
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
    return Error(Reason::kSecondPersonRequired,
                 StrCat(payout.name(), ": got who paid it, want somebody else to say that the money came back"),
                 {{"resource", payout.name()}});
  }
  payout.failure = reason;
  return Moved(std::move(payout), PayoutState::kFailed, now);
}

std::optional<LedgerEntry> MoveOf(const Payout& before, const Payout& after) {
  return Move({.partner = after.partner, .path = after.path(), .currency = after.currency},
              after.state == PayoutState::kPaid ? LedgerKind::kPayout : LedgerKind::kReturn, StandingOf(before),
              StandingOf(after));
}

}  // namespace tributary::incentive
