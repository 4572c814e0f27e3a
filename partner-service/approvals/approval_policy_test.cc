#include "partner-service/approvals/approval_policy.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

ApprovalBand Band(int64_t from, std::vector<ApproverRole> roles, std::vector<std::string> subjects = {}) {
  return {.from = Decimal::FromInt(from), .roles = std::move(roles), .subjects = std::move(subjects)};
}

ApprovalPolicy Limits() {
  return {.id = "limits",
          .revision = Revision::First(kNow),
          .kind = ApprovalSubjectKind::kCreditLine,
          .currency = "CNY",
          .bands = {Band(100000, {ApproverRole::kFinance}), Band(1000000, {}, {"cfo", "ceo"})},
          .due_hours = 24};
}
ApprovalPolicy BankAccounts() {
  return {.id = "accounts", .revision = Revision::First(kNow), .bands = {Band(0, {ApproverRole::kFinance})}};
}

TEST(ApprovalPolicyTest, SaysWhatIsWrong) {
  EXPECT_OK(CheckTerms(Limits()));
  EXPECT_OK(CheckTerms(BankAccounts()));
  const struct {
    ApprovalPolicy policy;
    std::function<void(ApprovalPolicy&)> spoil;
    const char* field;
  } kCases[] = {
      {Limits(), [](ApprovalPolicy& p) { p.display_name = "a\nb"; }, "display_name"},
      {Limits(), [](ApprovalPolicy& p) { p.currency = ""; }, "currency"},
      {Limits(), [](ApprovalPolicy& p) { p.currency = "XXZ"; }, "currency"},
      {Limits(), [](ApprovalPolicy& p) { p.bands[1].from = p.bands[0].from; }, "bands[1].from"},
      {Limits(), [](ApprovalPolicy& p) { p.bands[1].subjects.clear(); }, "bands[1].approver_roles"},
      {Limits(), [](ApprovalPolicy& p) { p.bands[1].subjects[1] = "a\tb"; }, "bands[1].approver_subjects[1]"},
      {BankAccounts(), [](ApprovalPolicy& p) { p.currency = "CNY"; }, "currency"},
      {BankAccounts(), [](ApprovalPolicy& p) { p.bands.push_back(Band(1, {ApproverRole::kFinance})); }, "bands"},
      {BankAccounts(), [](ApprovalPolicy& p) { p.bands[0].from = Decimal::FromInt(1); }, "bands[0].from"},
  };
  for (const auto& c : kCases) {
    ApprovalPolicy policy = c.policy;
    c.spoil(policy);
    EXPECT_THAT(CheckTerms(policy), Blames(c.field)) << c.field;
  }
}

// What other services have may have an amount or none, which are two policies.
TEST(ApprovalPolicyTest, OfWhatOtherServicesHave) {
  EXPECT_EQ(KindOfOthers("partners/p-1/counts/2026.1"), ApprovalSubjectKind::kStockCount);
  EXPECT_EQ(KindOfOthers("partners/p-1/claims/c"), ApprovalSubjectKind::kClaim);
  EXPECT_EQ(KindOfOthers("partners/p-1/statements/3"), ApprovalSubjectKind::kStatement);
  EXPECT_EQ(KindOfOthers("programs/p"), ApprovalSubjectKind::kProgram);
  EXPECT_EQ(KindOfOthers("partners/p-1/deals/d"), ApprovalSubjectKind::kDeal);
  EXPECT_EQ(KindOfOthers("partners/p-1/quotes/q"), ApprovalSubjectKind::kOther);
  EXPECT_EQ(KindOfOthers("partners/p-1/bankAccounts/a"), std::nullopt);
  EXPECT_EQ(KindOfOthers("partners/p-1/creditLines/a"), std::nullopt);
  ApprovalPolicy claims = Limits();
  claims.kind = ApprovalSubjectKind::kClaim;
  EXPECT_OK(CheckTerms(claims));
  claims.currency = "XXZ";
  EXPECT_THAT(CheckTerms(claims), Blames("currency"));
  claims.currency = "";
  EXPECT_THAT(CheckTerms(claims), Blames("bands"));
  claims.bands.pop_back();
  EXPECT_THAT(CheckTerms(claims), Blames("bands[0].from"));
  claims.bands[0].from = Decimal();
  EXPECT_OK(CheckTerms(claims));
  EXPECT_EQ(AuthorityOver(ApprovalSubjectKind::kClaim, claims, std::nullopt)->policy_id, "limits");
  // Without a policy it is not approved by nobody.
  for (const ApprovalSubjectKind kind : {ApprovalSubjectKind::kStockCount, ApprovalSubjectKind::kDeal}) {
    EXPECT_THAT(AuthorityOver(kind, std::nullopt, Money{"CNY", Decimal::FromInt(1)})->roles,
                ElementsAre(ApproverRole::kFinance, ApproverRole::kAdministrator));
  }
}

TEST(ApprovalPolicyTest, KindAndCurrencyStay) {
  ApprovalPolicy other = Limits();
  other.display_name = "Limits";
  other.due_hours = 48;
  const auto changed = Change(Limits(), other, kNow + absl::Hours(1));
  ASSERT_OK(changed);
  EXPECT_EQ(changed->due_hours, 48);
  EXPECT_EQ(changed->revision.version, 2);
  other.currency = "USD";
  EXPECT_THAT(Change(Limits(), other, kNow), Blames("currency"));
  EXPECT_THAT(Change(Limits(), BankAccounts(), kNow), Blames("subject_kind"));
}

// Bands are [from, next): an amount of exactly `from` is in the band.
TEST(ApprovalPolicyTest, GivesAuthorityByAmount) {
  const struct {
    const char* amount;
    const char* approvers;  // null: nobody need
  } kCases[] = {{"0", nullptr},           {"99999.999999", nullptr}, {"100000", "FINANCE"},
                {"999999.99", "FINANCE"}, {"1000000", "cfo,ceo"},    {"1000000000", "cfo,ceo"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.amount);
    const auto authority =
        AuthorityOver(ApprovalSubjectKind::kCreditLine, Limits(), Money{"CNY", *Decimal::Parse(c.amount)});
    EXPECT_EQ(authority.has_value(), c.approvers != nullptr);
    if (!authority.has_value()) continue;
    EXPECT_EQ(authority->policy_id, "limits");
    EXPECT_EQ(authority->due, absl::Hours(24));
    EXPECT_EQ(authority->roles.empty() ? StrJoin(authority->subjects, ",") : "FINANCE", c.approvers);
  }
}

TEST(ApprovalPolicyTest, WithoutAPolicyFinanceAndAdministratorsVerifyBankAccountsAndLimitsAreFree) {
  const auto accounts = AuthorityOver(ApprovalSubjectKind::kBankAccount, std::nullopt, std::nullopt);
  ASSERT_TRUE(accounts.has_value());
  EXPECT_THAT(accounts->roles, ElementsAre(ApproverRole::kFinance, ApproverRole::kAdministrator));
  EXPECT_EQ(accounts->due, std::nullopt);
  EXPECT_EQ(AuthorityOver(ApprovalSubjectKind::kCreditLine, std::nullopt, Money{"CNY", Decimal::FromInt(1)}),
            std::nullopt);
  const auto by_policy = AuthorityOver(ApprovalSubjectKind::kBankAccount, BankAccounts(), std::nullopt);
  ASSERT_TRUE(by_policy.has_value());
  EXPECT_THAT(by_policy->roles, ElementsAre(ApproverRole::kFinance));
}

}  // namespace
}  // namespace tributary::partner
