#include "partner-service/approvals/approval_policy.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {

std::string_view NameOf(ApprovalSubjectKind kind) {
  switch (kind) {
    case ApprovalSubjectKind::kBankAccount:
      return "BANK_ACCOUNT";
    case ApprovalSubjectKind::kCreditLine:
      return "CREDIT_LINE";
    case ApprovalSubjectKind::kStockCount:
      return "STOCK_COUNT";
    case ApprovalSubjectKind::kClaim:
      return "CLAIM";
    case ApprovalSubjectKind::kStatement:
      return "STATEMENT";
    case ApprovalSubjectKind::kProgram:
      return "PROGRAM";
    case ApprovalSubjectKind::kOther:
      return "OTHER";
    case ApprovalSubjectKind::kDeal:
      return "DEAL";
  }
  return "SUBJECT_KIND_UNSPECIFIED";
}

std::optional<ApprovalSubjectKind> KindOfOthers(std::string_view subject) {
  const auto is = [&](std::string_view pattern) { return ParseResourceName(subject, pattern).ok(); };
  if (is("partners/{partner}/bankAccounts/{bank_account}")) return std::nullopt;
  if (is("partners/{partner}/creditLines/{credit_line}")) return std::nullopt;
  if (is("partners/{partner}/counts/{count}")) return ApprovalSubjectKind::kStockCount;
  if (is("partners/{partner}/claims/{claim}")) return ApprovalSubjectKind::kClaim;
  if (is("partners/{partner}/statements/{statement}")) return ApprovalSubjectKind::kStatement;
  if (is("partners/{partner}/deals/{deal}")) return ApprovalSubjectKind::kDeal;
  if (is("programs/{program}")) return ApprovalSubjectKind::kProgram;
  return ApprovalSubjectKind::kOther;
}

bool IsOfAnotherService(ApprovalSubjectKind kind) { return kind >= ApprovalSubjectKind::kStockCount; }
bool MayHaveAmount(ApprovalSubjectKind kind) { return kind != ApprovalSubjectKind::kBankAccount; }
bool MayHaveNoAmount(ApprovalSubjectKind kind) { return kind != ApprovalSubjectKind::kCreditLine; }

std::string ApprovalPolicy::name() const { return StrCat("approvalPolicies/", id); }

absl::Status CheckTerms(const ApprovalPolicy& policy) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", policy.display_name, &violations);
  const std::string_view kind = NameOf(policy.kind);
  if (!MayHaveNoAmount(policy.kind) || (MayHaveAmount(policy.kind) && !policy.currency.empty())) {
    if (!CurrencyExponent(policy.currency).has_value()) {
      violations.push_back(
          {"currency", Printable(policy.currency), StrCat("the ISO 4217 code that the amounts of ", kind, " are in")});
    }
  } else {
    const std::string none =
        StrCat("for ", kind, MayHaveAmount(policy.kind) ? " without a currency" : "", " has no amount");
    if (!policy.currency.empty()) {
      violations.push_back({"currency", Printable(policy.currency), StrCat("none, ", none)});
    }
    if (policy.bands.size() > 1) {
      violations.push_back({"bands", StrCat(policy.bands.size(), " bands"), StrCat("one, ", none)});
    }
    if (!policy.bands.empty() && !policy.bands.front().from.zero()) {
      violations.push_back({"bands[0].from", policy.bands.front().from.ToString(), StrCat("0 or none, ", none)});
    }
  }
  for (size_t i = 0; i < policy.bands.size(); ++i) {
    const ApprovalBand& band = policy.bands[i];
    const std::string at = StrCat("bands[", i, "]");
    if (i > 0 && band.from <= policy.bands[i - 1].from) {
      violations.push_back({StrCat(at, ".from"), band.from.ToString(),
                            StrCat("more than the band's before, ", policy.bands[i - 1].from.ToString())});
    }
    if (band.roles.empty() && band.subjects.empty()) {
      violations.push_back({StrCat(at, ".approver_roles"), "nobody", "somebody, by role or in approver_subjects"});
    }
    for (size_t j = 0; j < band.subjects.size(); ++j) {
      CheckOneLine(StrCat(at, ".approver_subjects[", j, "]"), band.subjects[j], &violations);
    }
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<ApprovalPolicy> Change(const ApprovalPolicy& policy, const ApprovalPolicy& changed, absl::Time now) {
  std::vector<FieldViolation> violations;
  if (changed.kind != policy.kind) {
    violations.push_back(
        {"subject_kind", std::string(NameOf(changed.kind)), StrCat(NameOf(policy.kind), ", which does not change")});
  }
  if (changed.currency != policy.currency) {
    violations.push_back({"currency", Printable(changed.currency), StrCat(policy.currency, ", which does not change")});
  }
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  ApprovalPolicy next = changed;
  next.id = policy.id;
  next.revision = policy.revision.Next(now);
  RETURN_IF_ERROR(CheckTerms(next));
  return next;
}

std::optional<ApprovalAuthority> AuthorityOver(ApprovalSubjectKind kind, const std::optional<ApprovalPolicy>& policy,
                                               const std::optional<Money>& amount) {
  if (!policy.has_value()) {
    if (kind == ApprovalSubjectKind::kCreditLine) return std::nullopt;
    return ApprovalAuthority{.roles = {ApproverRole::kFinance, ApproverRole::kAdministrator}};
  }
  const ApprovalBand* band = nullptr;
  for (const ApprovalBand& one : policy->bands) {
    if (!amount.has_value() || one.from <= amount->amount) band = &one;
  }
  if (band == nullptr) return std::nullopt;
  return ApprovalAuthority{
      .policy_id = policy->id,
      .roles = band->roles,
      .subjects = band->subjects,
      .due = policy->due_hours == 0 ? std::nullopt : std::optional(absl::Hours(policy->due_hours))};
}

}  // namespace tributary::partner
