#pragma once

// Approval policies: who may approve what is asked for, by its amount. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ApprovalSubjectKind {
  kBankAccount = 1,
  kCreditLine = 2,
  kStockCount = 3,  // this and the following are other services', which ask and hear
  kClaim = 4,
  kStatement = 5,
  kProgram = 6,
  kOther = 7,
  kDeal = 8,
};
std::string_view NameOf(ApprovalSubjectKind kind);
// The kind of a resource of another service, by its name; nullopt for those of this one that have a kind.
std::optional<ApprovalSubjectKind> KindOfOthers(std::string_view subject);
bool IsOfAnotherService(ApprovalSubjectKind kind);
// Whether what is asked for may have an amount, and may have none.
bool MayHaveAmount(ApprovalSubjectKind kind);
bool MayHaveNoAmount(ApprovalSubjectKind kind);

// The roles that may approve; their numbers are those of tributary.api.v1.Role.
enum class ApproverRole { kChannelManager = 2, kFinance = 3, kAdministrator = 4 };

// Who may approve an amount of at least `from` and less than the next band's.
struct ApprovalBand {
  Decimal from;
  std::vector<ApproverRole> roles;
  std::vector<std::string> subjects;  // principals

  friend bool operator==(const ApprovalBand&, const ApprovalBand&) = default;
};

struct ApprovalPolicy {
  std::string id;
  Revision revision;
  std::string display_name;
  ApprovalSubjectKind kind = ApprovalSubjectKind::kBankAccount;
  std::string currency;             // of the bands; empty for what has no amount
  std::vector<ApprovalBand> bands;  // ascending
  int due_hours = 0;                // 0: never overdue

  std::string name() const;  // approvalPolicies/{id}
};

// Who may approve one thing that is asked for.
struct ApprovalAuthority {
  std::string policy_id;  // empty where no policy says so
  std::vector<ApproverRole> roles;
  std::vector<std::string> subjects;
  std::optional<absl::Duration> due;

  friend bool operator==(const ApprovalAuthority&, const ApprovalAuthority&) = default;
};

// INVALID_FIELD, each that is wrong: a name with control characters; a currency where there can be no amount, none
// where there must be one; bands that do not ascend, or that name nobody; without a currency, more than one band from
// 0.
absl::Status CheckTerms(const ApprovalPolicy& policy);

// The content of `changed` for that of `policy`. Refused: another kind or currency; terms.
absl::StatusOr<ApprovalPolicy> Change(const ApprovalPolicy& policy, const ApprovalPolicy& changed, absl::Time now);

// Who may approve; nullopt where nobody need. Without a policy, nobody need approve a limit, and FINANCE and
// ADMINISTRATOR approve all else. `amount` is of the policy's currency, and nullopt for what has none.
std::optional<ApprovalAuthority> AuthorityOver(ApprovalSubjectKind kind, const std::optional<ApprovalPolicy>& policy,
                                               const std::optional<Money>& amount);

}  // namespace tributary::partner
