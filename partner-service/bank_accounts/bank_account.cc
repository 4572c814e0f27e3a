#include "partner-service/bank_accounts/bank_account.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status CheckPending(const BankAccount& account, std::string_view verb) {
  if (account.state == BankAccountState::kPending) return absl::OkStatus();
  return WrongState(account.name(), verb, NameOf(account.state), "PENDING");
}

}  // namespace

std::string_view NameOf(BankAccountState state) {
  switch (state) {
    case BankAccountState::kPending:
      return "PENDING";
    case BankAccountState::kVerified:
      return "VERIFIED";
    case BankAccountState::kRejected:
      return "REJECTED";
  }
  return "STATE_UNSPECIFIED";
}

absl::Status CheckTerms(const BankAccountTerms& terms) {
  std::vector<FieldViolation> violations;
  CheckOneLine("holder_name", terms.holder_name, &violations);
  CheckOneLine("bank_name", terms.bank_name, &violations);
  if (!terms.bic.empty() && !IsBic(terms.bic)) {
    violations.push_back({"bic", Printable(terms.bic), "a BIC, 8 or 11 capitals and digits such as DEUTDEFF500"});
  }
  const absl::Status number = AtField(CheckAccountNumber(terms.number_type, terms.number), "account_number");
  for (const FieldViolation& violation : DetailOf(number).violations) violations.push_back(violation);
  return AllOf(std::move(violations));
}

std::vector<std::string> FieldsThatDiffer(const BankAccountTerms& a, const BankAccountTerms& b) {
  std::vector<std::string> fields;
  if (a.holder_name != b.holder_name) fields.emplace_back("holder_name");
  if (a.bank_name != b.bank_name) fields.emplace_back("bank_name");
  if (a.bic != b.bic) fields.emplace_back("bic");
  if (a.currency != b.currency) fields.emplace_back("currency");
  if (a.number_type != b.number_type) fields.emplace_back("number_type");
  if (a.number != b.number) fields.emplace_back("account_number");
  return fields;
}

std::string BankAccount::name() const { return StrCat("partners/", partner_id, "/bankAccounts/", id); }

absl::StatusOr<BankAccount> Ask(const BankAccount& account, const BankAccountTerms& terms, std::string_view subject,
                                absl::Time now) {
  RETURN_IF_ERROR(CheckTerms(terms));
  BankAccount next = account;
  // Who changes what another asked for takes a part in it; the other's part stays.
  if (!account.asked.has_value()) next.asked_by.clear();
  if (std::find(next.asked_by.begin(), next.asked_by.end(), subject) == next.asked_by.end()) {
    next.asked_by.emplace_back(subject);
  }
  next.asked = terms;
  next.state = BankAccountState::kPending;
  next.revision = account.revision.Next(now);
  return next;
}

absl::StatusOr<BankAccount> Verify(const BankAccount& account, std::string_view subject, absl::Time now) {
  RETURN_IF_ERROR(CheckPending(account, "verify"));
  if (std::find(account.asked_by.begin(), account.asked_by.end(), subject) != account.asked_by.end()) {
    return SecondPersonRequired(account.name(), "who asked for it", "verify it");
  }
  BankAccount next = account;
  next.verified = std::move(next.asked);
  next.asked.reset();
  next.asked_by.clear();
  next.verify_time = now;
  next.state = BankAccountState::kVerified;
  next.revision = account.revision.Next(now);
  return next;
}

absl::StatusOr<BankAccount> Reject(const BankAccount& account, absl::Time now) {
  RETURN_IF_ERROR(CheckPending(account, "reject"));
  BankAccount next = account;
  if (account.verified.has_value()) {
    next.asked.reset();
    next.asked_by.clear();
    next.state = BankAccountState::kVerified;
  } else {
    next.state = BankAccountState::kRejected;
  }
  next.revision = account.revision.Next(now);
  return next;
}

}  // namespace tributary::partner
