#pragma once

// Bank accounts and the decisions about them: what is asked for holds once a second person has verified it. Pure values
// and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/bank_accounts/account_number.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class BankAccountState { kPending = 1, kVerified = 2, kRejected = 3 };
std::string_view NameOf(BankAccountState state);

// What an account is.
struct BankAccountTerms {
  std::string holder_name;
  std::string bank_name;
  std::string bic;       // may be empty
  std::string currency;  // ISO 4217
  AccountNumberType number_type = AccountNumberType::kLocal;
  std::string number;  // whole, normalized

  friend bool operator==(const BankAccountTerms&, const BankAccountTerms&) = default;
};

// INVALID_FIELD, each that is wrong, the number without itself: texts that are no single line, the BIC, the number.
absl::Status CheckTerms(const BankAccountTerms& terms);

// The fields in which they differ, in the proto's names.
std::vector<std::string> FieldsThatDiffer(const BankAccountTerms& a, const BankAccountTerms& b);

struct BankAccount {
  std::string partner_id;
  std::string id;
  Revision revision;
  BankAccountState state = BankAccountState::kPending;
  std::optional<BankAccountTerms> verified;  // what holds; none before the first verification
  std::optional<BankAccountTerms> asked;     // what waits, or was rejected without anything that holds
  std::vector<std::string> asked_by;         // everybody who had a part in `asked`
  std::optional<absl::Time> verify_time;

  std::string name() const;  // partners/{partner_id}/bankAccounts/{id}
  // What its fields show: what holds, else what was asked for.
  const BankAccountTerms& shown() const { return verified.has_value() ? *verified : *asked; }
  // What the next change is a change of: what waits, else what holds.
  const BankAccountTerms& latest() const { return asked.has_value() ? *asked : *verified; }
};

// The decisions. Each answers the account as it is afterwards, or why not.
// PENDING with these terms. Refused: terms.
absl::StatusOr<BankAccount> Ask(const BankAccount& account, const BankAccountTerms& terms, std::string_view subject,
                                absl::Time now);
// VERIFIED. Refused: not PENDING; SECOND_PERSON_REQUIRED for those who had a part in what was asked for.
absl::StatusOr<BankAccount> Verify(const BankAccount& account, std::string_view subject, absl::Time now);
// VERIFIED by what held before, or REJECTED. Refused: not PENDING.
absl::StatusOr<BankAccount> Reject(const BankAccount& account, absl::Time now);

}  // namespace tributary::partner
