#include "partner-service/bank_accounts/bank_account.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = BankAccountState;

BankAccountTerms Terms(std::string number = "DE89370400440532013000") {
  return {.holder_name = "Acme GmbH",
          .bank_name = "Deutsche Bank",
          .bic = "DEUTDEFF",
          .currency = "EUR",
          .number_type = AccountNumberType::kIban,
          .number = std::move(number)};
}
const char* const kOther = "GB82WEST12345698765432";

BankAccount New() {
  const BankAccount blank{.partner_id = "p-1", .id = "main", .revision = Revision::First(kNow)};
  return *Ask(blank, Terms(), "clerk", kNow);
}
BankAccount Verified() { return *Verify(New(), "second", kNow); }

TEST(BankAccountTest, SaysEverythingThatIsWrong) {
  EXPECT_OK(CheckTerms(Terms()));
  BankAccountTerms terms = Terms("DE00370400440532013000");
  terms.bic = "deut";
  terms.holder_name = "a\nb";
  const absl::Status status = CheckTerms(terms);
  EXPECT_THAT(status, Blames("account_number"));
  EXPECT_THAT(status, Blames("bic"));
  EXPECT_THAT(status, Blames("holder_name"));
}

// Every state, every verb.
TEST(BankAccountTest, MovesByItsVerbs) {
  const BankAccount pending = New();
  const BankAccount verified = Verified();
  const BankAccount changing = *Ask(verified, Terms(kOther), "clerk", kNow);
  const BankAccount rejected = *Reject(pending, kNow);
  const auto ask = [](const BankAccount& account) { return Ask(account, Terms(kOther), "clerk", kNow); };
  const auto verify = [](const BankAccount& account) { return Verify(account, "second", kNow); };
  const auto reject = [](const BankAccount& account) { return Reject(account, kNow); };
  using Verb = std::function<absl::StatusOr<BankAccount>(const BankAccount&)>;
  const struct {
    const char* what;
    const BankAccount& from;
    Verb verb;
    State to;  // where it is allowed
    bool allowed;
    bool holds;  // something holds afterwards
  } kCases[] = {
      {"pending ask", pending, ask, State::kPending, true, false},
      {"pending verify", pending, verify, State::kVerified, true, true},
      {"pending reject", pending, reject, State::kRejected, true, false},
      {"verified ask", verified, ask, State::kPending, true, true},
      {"verified verify", verified, verify, State::kVerified, false, true},
      {"verified reject", verified, reject, State::kVerified, false, true},
      {"changing ask", changing, ask, State::kPending, true, true},
      {"changing verify", changing, verify, State::kVerified, true, true},
      {"changing reject", changing, reject, State::kVerified, true, true},
      {"rejected ask", rejected, ask, State::kPending, true, false},
      {"rejected verify", rejected, verify, State::kRejected, false, false},
      {"rejected reject", rejected, reject, State::kRejected, false, false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const auto to = c.verb(c.from);
    EXPECT_EQ(to.ok(), c.allowed);
    if (!c.allowed) {
      EXPECT_THAT(to, HasReason(Reason::kStateConflict));
      continue;
    }
    EXPECT_EQ(to->state, c.to);
    EXPECT_EQ(to->verified.has_value(), c.holds);
    EXPECT_EQ(to->revision.version, c.from.revision.version + 1);
  }
}

TEST(BankAccountTest, WhatWasVerifiedHoldsUntilTheChangeIs) {
  const BankAccount changing = *Ask(Verified(), Terms(kOther), "clerk", kNow);
  EXPECT_EQ(changing.shown(), Terms());
  EXPECT_EQ(changing.latest(), Terms(kOther));
  EXPECT_EQ(Reject(changing, kNow)->shown(), Terms());
  EXPECT_EQ(Reject(changing, kNow)->latest(), Terms());
  const BankAccount changed = *Verify(changing, "second", kNow + absl::Hours(1));
  EXPECT_EQ(changed.shown(), Terms(kOther));
  EXPECT_EQ(changed.verify_time, kNow + absl::Hours(1));
  EXPECT_THAT(changed.asked_by, IsEmpty());
}

TEST(BankAccountTest, NobodyVerifiesWhatHeHadAPartIn) {
  EXPECT_THAT(Verify(New(), "clerk", kNow), HasReason(Reason::kSecondPersonRequired));
  // Who touches what another asked for makes neither of them a second person.
  BankAccountTerms renamed = Terms();
  renamed.holder_name = "Acme SE";
  const BankAccount both = *Ask(New(), renamed, "second", kNow);
  EXPECT_THAT(both.asked_by, ElementsAre("clerk", "second"));
  EXPECT_THAT(Verify(both, "clerk", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Verify(both, "second", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_OK(Verify(both, "third", kNow));
  // A rejected one that is asked for again keeps its parts.
  const BankAccount again = *Ask(*Reject(New(), kNow), Terms(), "second", kNow);
  EXPECT_THAT(Verify(again, "clerk", kNow), HasReason(Reason::kSecondPersonRequired));
  // After a verification everybody begins anew.
  EXPECT_OK(Verify(*Ask(Verified(), Terms(kOther), "second", kNow), "clerk", kNow));
}

TEST(BankAccountTest, AChangeSaysItsFields) {
  BankAccountTerms terms = Terms(kOther);
  EXPECT_THAT(FieldsThatDiffer(Terms(), terms), ElementsAre("account_number"));
  terms = Terms("4111111111111111");
  terms.number_type = AccountNumberType::kCard;
  terms.holder_name = "x";
  terms.bank_name = "x";
  terms.bic = "";
  terms.currency = "USD";
  EXPECT_THAT(FieldsThatDiffer(Terms(), terms),
              ElementsAre("holder_name", "bank_name", "bic", "currency", "number_type", "account_number"));
}

}  // namespace
}  // namespace tributary::partner
