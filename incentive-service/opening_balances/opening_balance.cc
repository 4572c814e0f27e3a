#include "incentive-service/opening_balances/opening_balance.h"

#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

void CheckVolumes(const OpeningBalance& balance, std::string_view field, std::vector<FieldViolation>* violations) {
  std::set<std::string_view> programs;
  for (size_t i = 0; i < balance.volumes.size(); ++i) {
    const ProgramVolume& volume = balance.volumes[i];
    const std::string path = StrCat(field, ".volumes[", i, "]");
    if (!programs.insert(volume.program).second) {
      violations->push_back({path + ".program", StrCat("programs/", volume.program), "each program once"});
    }
    if (volume.amount.negative()) {
      violations->push_back({path + ".amount", volume.amount.ToString(), "0 or more"});
    }
    if (volume.quantity.negative()) {
      violations->push_back({path + ".quantity", volume.quantity.ToString(), "0 or more"});
    }
    if (volume.paid < 0) violations->push_back({path + ".paid", StrCat(volume.paid), "0 or more"});
    if (volume.amount.zero() && volume.quantity.zero() && volume.paid == 0) {
      violations->push_back({path, "nothing", "an amount, a quantity or what was paid"});
    }
  }
}

absl::StatusOr<OpeningBalance> Decided(OpeningBalance balance, OpeningBalanceState state, std::string_view verb,
                                       std::string_view principal, std::string_view note, absl::Time now) {
  if (balance.state != OpeningBalanceState::kRequested) {
    return WrongState(balance.name(), verb, NameOf(balance.state), "REQUESTED");
  }
  if (principal == balance.requester) {
    return SecondPersonRequired(balance.name(), "who asks for it", StrCat(verb, " it"));
  }
  balance.state = state;
  balance.decider = principal;
  balance.decision_note = note;
  balance.update_time = now;
  ++balance.version;
  return balance;
}

}  // namespace

std::string_view NameOf(OpeningBalanceState state) {
  switch (state) {
    case OpeningBalanceState::kRequested:
      return "REQUESTED";
    case OpeningBalanceState::kRecorded:
      return "RECORDED";
    case OpeningBalanceState::kRejected:
      return "REJECTED";
  }
  return {};
}

absl::StatusOr<OpeningBalance> Approve(OpeningBalance balance, std::string_view principal, std::string_view note,
                                       absl::Time now) {
  return Decided(std::move(balance), OpeningBalanceState::kRecorded, "approve", principal, note, now);
}

absl::StatusOr<OpeningBalance> Reject(OpeningBalance balance, std::string_view principal, std::string_view note,
                                      absl::Time now) {
  return Decided(std::move(balance), OpeningBalanceState::kRejected, "reject", principal, note, now);
}

std::vector<FieldViolation> CheckOpeningBalance(const OpeningBalance& balance, Date latest_today,
                                                std::string_view field) {
  std::vector<FieldViolation> violations;
  if (balance.date > latest_today) {
    violations.push_back({StrCat(field, ".date"), balance.date.ToString(), "a day that has begun"});
  }
  if (balance.lots.empty() && balance.volumes.empty()) {
    violations.push_back({StrCat(field, ".wallet_lots"), "nothing", "a lot, or volumes of programs"});
  }
  if (!balance.volumes.empty() && balance.document.empty()) {
    violations.push_back({StrCat(field, ".document"), "nothing", "what the volumes rest on"});
  }
  std::set<std::string_view> ids;
  for (size_t i = 0; i < balance.lots.size(); ++i) {
    const Lot& lot = balance.lots[i];
    const std::string path = StrCat(field, ".wallet_lots[", i, "]");
    if (!ids.insert(lot.id).second) violations.push_back({path + ".lot", lot.id, "each lot once"});
    if (lot.amount <= 0) violations.push_back({path + ".amount", StrCat(lot.amount), "more than 0"});
    if (lot.credit_date > balance.date) {
      violations.push_back({path + ".credit_date", lot.credit_date.ToString(),
                            StrCat("at latest ", balance.date.ToString(), ", the day of the balance")});
    }
  }
  CheckVolumes(balance, field, &violations);
  return violations;
}

std::optional<LedgerEntry> MoveOf(const OpeningBalance& balance) {
  int64_t credited = 0;
  for (const Lot& lot : balance.lots) credited += lot.amount;
  return Move({.partner = balance.partner, .path = balance.path(), .currency = balance.currency}, LedgerKind::kOpening,
              {}, {{LedgerAccount::kPaid, credited}});
}

}  // namespace tributary::incentive
