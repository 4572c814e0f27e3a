#include "incentive-service/deductions/deduction.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

absl::Status CheckOpen(const Deduction& deduction, std::string_view verb) {
  if (deduction.state == DeductionState::kOpen) return absl::OkStatus();
  return WrongState(deduction.name(), verb, NameOf(deduction.state), "OPEN");
}

// Who wrote a deduction down does not also say that it was right.
absl::Status CheckSecond(const Deduction& deduction, std::string_view verb, std::string_view principal) {
  if (principal != deduction.recorder) return absl::OkStatus();
  return SecondPersonRequired(deduction.name(), "who wrote it down", StrCat(verb, " it"));
}

Deduction Resolved(Deduction deduction, DeductionState state, std::string_view principal, std::string_view note,
                   absl::Time now) {
  if (state == DeductionState::kWrittenOff) deduction.written_off = deduction.open();
  deduction.state = state;
  deduction.resolver = principal;
  deduction.resolution_note = note;
  deduction.update_time = now;
  ++deduction.version;
  return deduction;
}

}  // namespace

std::string_view NameOf(DeductionState state) {
  switch (state) {
    case DeductionState::kOpen:
      return "OPEN";
    case DeductionState::kMatched:
      return "MATCHED";
    case DeductionState::kWrittenOff:
      return "WRITTEN_OFF";
    case DeductionState::kChargedBack:
      return "CHARGED_BACK";
  }
  return {};
}

int64_t Deduction::matched() const {
  int64_t sum = 0;
  for (const DeductionMatch& match : matches) sum += match.amount;
  return sum;
}

int64_t Deduction::matched_to(std::string_view item) const {
  int64_t sum = 0;
  for (const DeductionMatch& match : matches) sum += match.item == item ? match.amount : 0;
  return sum;
}

absl::Status CheckDeduction(const Deduction& deduction, Date latest_today) {
  std::vector<FieldViolation> violations;
  if (deduction.amount <= 0) violations.push_back({"deduction.amount", StrCat(deduction.amount), "more than 0"});
  if (latest_today < deduction.taken_on) {
    violations.push_back({"deduction.taken_on", deduction.taken_on.ToString(), "a day that has come"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::Status CheckTaken(const Deduction& deduction, int64_t gross, const std::vector<Deduction>& others) {
  int64_t left = gross;
  for (const Deduction& other : others) {
    if (other.state == DeductionState::kChargedBack) {
      left -= other.matched();  // the partner pays the rest after all
      continue;
    }
    if (other.amount == deduction.amount && other.taken_on == deduction.taken_on) {
      return Error(Reason::kAlreadyExists,
                   StrCat("deduction: got ", FormatMinorUnits(deduction.amount, deduction.currency), " ",
                          deduction.currency, " off ", deduction.invoice_name(), " on ", deduction.taken_on.ToString(),
                          ", want another than ", other.name()),
                   {{"resource", other.name()}});
    }
    left -= other.amount;
  }
  if (deduction.amount <= left) return absl::OkStatus();
  return Error(Reason::kAllocationExceeds,
               StrCat("deduction.amount: got ", FormatMinorUnits(deduction.amount, deduction.currency),
                      ", want at most ", FormatMinorUnits(left, deduction.currency), " ", deduction.currency,
                      ", what is left of ", deduction.invoice_name()),
               {{"resource", deduction.invoice_name()}});
}

absl::StatusOr<Deduction> Match(Deduction deduction, std::string item, int64_t amount, std::string_view principal,
                                absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(deduction, "match"));
  RETURN_IF_ERROR(CheckSecond(deduction, "match", principal));
  if (amount <= 0) return InvalidField("amount", FormatMinorUnits(amount, deduction.currency), "more than 0");
  if (const int64_t open = deduction.open(); amount > open) {
    return Error(Reason::kAllocationExceeds,
                 StrCat("amount: got ", FormatMinorUnits(amount, deduction.currency), ", want at most ",
                        FormatMinorUnits(open, deduction.currency), " ", deduction.currency, ", what is open of ",
                        deduction.name()),
                 {{"resource", deduction.name()}});
  }
  deduction.matches.push_back({std::move(item), amount, std::string(principal), now});
  if (deduction.open() == 0) deduction.state = DeductionState::kMatched;
  deduction.update_time = now;
  ++deduction.version;
  return deduction;
}

absl::StatusOr<Deduction> Unmatch(Deduction deduction, std::string item, std::string_view principal,
                                  std::string_view note, absl::Time now) {
  if (deduction.state != DeductionState::kOpen && deduction.state != DeductionState::kMatched) {
    return WrongState(deduction.name(), "unmatch", NameOf(deduction.state), "OPEN or MATCHED");
  }
  RETURN_IF_ERROR(CheckSecond(deduction, "unmatch", principal));
  const int64_t amount = deduction.matched_to(item);
  if (amount <= 0) {
    return InvalidField("entitlement", StrCat("partners/", deduction.partner, "/", item), "what it is matched to");
  }
  deduction.matches.push_back({std::move(item), -amount, std::string(principal), now, std::string(note)});
  deduction.state = DeductionState::kOpen;
  deduction.update_time = now;
  ++deduction.version;
  return deduction;
}

absl::StatusOr<Deduction> WriteOff(Deduction deduction, std::string_view principal, std::string_view note,
                                   absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(deduction, "write off"));
  RETURN_IF_ERROR(CheckSecond(deduction, "write off", principal));
  return Resolved(std::move(deduction), DeductionState::kWrittenOff, principal, note, now);
}

absl::StatusOr<Deduction> ChargeBack(Deduction deduction, std::string_view principal, std::string_view note,
                                     absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(deduction, "charge back"));
  return Resolved(std::move(deduction), DeductionState::kChargedBack, principal, note, now);
}

std::optional<LedgerEntry> MoveOf(const Deduction& before, const Deduction& after) {
  return Move({.partner = after.partner, .path = after.path(), .currency = after.currency}, LedgerKind::kWriteOff,
              Standing{{LedgerAccount::kDeducted, before.written_off}},
              Standing{{LedgerAccount::kDeducted, after.written_off}});
}

std::vector<AgedDeductions> Age(std::vector<Deduction> open, Date as_of) {
  std::vector<AgedDeductions> aged;
  for (Deduction& deduction : open) {
    if (aged.empty() || aged.back().currency != deduction.currency) aged.push_back({.currency = deduction.currency});
    AgedDeductions& of_currency = aged.back();
    of_currency.by_age.at(AgeOf(as_of.days() - deduction.taken_on.days())) += deduction.open();
    of_currency.total += deduction.open();
    of_currency.deductions.push_back(std::move(deduction));
  }
  return aged;
}

}  // namespace tributary::incentive
