#include "cli/verify/ledger_book.h"

#include <functional>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::Deduction;
using incentive::v1::LedgerEntry;
using incentive::v1::Payout;
using incentive::v1::Statement;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename Message>
Message LedgerMessage(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

google::type::Money Dollars(int64_t units) {
  google::type::Money money;
  money.set_currency_code("USD");
  money.set_units(units);
  return money;
}

struct Moved {
  LedgerEntry::Account account;
  int64_t units;
};
google::type::Money MoneyOf(int64_t units, const std::string& currency) {
  google::type::Money money = Dollars(units);
  money.set_currency_code(currency);
  return money;
}

// Entries of p1, numbered as they come.
class Books {
 public:
  LedgerEntry& Enter(const std::string& item, const std::vector<Moved>& legs, const std::string& currency = "USD") {
    LedgerEntry& entry = entries_.emplace_back();
    entry.set_name("partners/p1/ledgerEntries/" + std::to_string(entries_.size()));
    entry.set_item("partners/p1/" + item);
    entry.set_currency(currency);
    for (const Moved& one : legs) {
      LedgerEntry::Leg& leg = *entry.add_legs();
      auto& [seq, balance] = accounts_[{currency, one.account}];
      leg.set_account(one.account);
      *leg.mutable_amount() = MoneyOf(one.units, currency);
      leg.set_account_seq(++seq);
      *leg.mutable_balance_after() = MoneyOf(balance += one.units, currency);
    }
    return entry;
  }
  LedgerEntry& at(size_t i) { return entries_.at(i); }
  std::vector<std::string> AddTo(LedgerBook* book) const {
    std::vector<std::string> differences;
    for (const LedgerEntry& entry : entries_) {
      for (std::string& what : book->Add(entry)) differences.push_back(std::move(what));
    }
    return differences;
  }

 private:
  std::vector<LedgerEntry> entries_;
  std::map<std::pair<std::string, LedgerEntry::Account>, std::pair<int64_t, int64_t>> accounts_;
};

// A statement of 400 with 100 withheld and the rest settled; a claim of 50, approved, 20 of it deducted; 30 of the
// wallet paid out and 10 expired; 7 clawed back.
Books GoodBooks() {
  Books books;
  books.Enter("statements/1/entries/1", {{LedgerEntry::COST, -400}, {LedgerEntry::STATED, 400}});
  books.Enter("statements/1/entries/1", {{LedgerEntry::STATED, -100}, {LedgerEntry::WITHHELD, 100}});
  books.Enter("statements/1/entries/1", {{LedgerEntry::STATED, -300}, {LedgerEntry::PAID, 300}});
  books.Enter("claims/c", {{LedgerEntry::COST, -50}, {LedgerEntry::CLAIMED, 50}});
  books.Enter("claims/c", {{LedgerEntry::CLAIMED, -50}, {LedgerEntry::APPROVED, 50}});
  books.Enter("claims/c", {{LedgerEntry::APPROVED, -20}, {LedgerEntry::DEDUCTED, 20}});
  books.Enter("payouts/p", {{LedgerEntry::PAID, -30}, {LedgerEntry::PAID_OUT, 30}});
  books.Enter("wallets/USD", {{LedgerEntry::PAID, -10}, {LedgerEntry::EXPIRED, 10}});
  books.Enter("statements/2/entries/1", {{LedgerEntry::COST, 7}, {LedgerEntry::CLAWED_BACK, -7}});
  return books;
}

Statement GoodBookStatement() {
  return LedgerMessage<Statement>(R"pb(
    name: "partners/p1/statements/1"
    state: PART_DISPUTED
    entries {
      ordinal: 1
      amount { currency_code: "USD" units: 400 }
    }
    settled { currency_code: "USD" units: 300 }
    withheld { currency_code: "USD" units: 100 }
  )pb");
}
Claim GoodBookClaim() {
  return LedgerMessage<Claim>(R"pb(
    name: "partners/p1/claims/c"
    state: APPROVED
    amount { currency_code: "USD" units: 50 }
    approved { currency_code: "USD" units: 50 }
    deducted { currency_code: "USD" units: 20 }
  )pb");
}
Payout GoodBookPayout() {
  return LedgerMessage<Payout>(R"pb(
    name: "partners/p1/payouts/p"
    state: PAID
    amount { currency_code: "USD" units: 30 }
  )pb");
}
Deduction GoodBookDeduction() {
  return LedgerMessage<Deduction>(R"pb(
    name: "partners/p1/deductions/d"
    state: OPEN
    amount { currency_code: "USD" units: 25 }
    matches {
      entitlement: "partners/p1/claims/c"
      amount { currency_code: "USD" units: 20 }
    }
  )pb");
}
WalletTotals TotalsOf(int64_t credited, int64_t expired, int64_t clawed_back) {
  return {credited * verify::Unit(), expired * verify::Unit(), 0, clawed_back * verify::Unit()};
}

TEST(LedgerBookTest, GoodBooksHaveNoDifferences) {
  LedgerBook book;
  EXPECT_THAT(GoodBooks().AddTo(&book), IsEmpty());
  EXPECT_THAT(book.Verify(GoodBookStatement()), IsEmpty());
  EXPECT_THAT(book.Verify(GoodBookClaim()), IsEmpty());
  EXPECT_THAT(book.Verify(GoodBookPayout()), IsEmpty());
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/USD", TotalsOf(300, 10, 7)), IsEmpty());
  const std::vector<Deduction> deductions = {GoodBookDeduction()};
  EXPECT_THAT(book.VerifyDeductions("partners/p1", deductions), IsEmpty());
  EXPECT_THAT(book.VerifyPassedOn(), IsEmpty());
}

TEST(LedgerBookTest, EntriesAreFoundThatDoNotBalanceOrFollow) {
  const struct {
    std::function<void(Books*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](Books* b) { b->at(2).mutable_legs(1)->mutable_amount()->set_units(301); }, "sum of its legs: stated 1"},
      {[](Books* b) { b->at(2).mutable_legs(1)->mutable_balance_after()->set_units(301); },
       "PAID: balance_after: stated 301, worked out 300"},
      {[](Books* b) { b->at(2).mutable_legs(1)->set_account_seq(2); }, "PAID: account_seq: stated 2, worked out 1"},
      {[](Books* b) { b->at(2).set_name("partners/p1/ledgerEntries/4"); }, "name: stated partners/p1/ledgerEntries/4"},
      {[](Books* b) { b->at(2).set_item("partners/p2/statements/1/entries/1"); }, "of another partner"},
      {[](Books* b) { b->at(2).mutable_legs(1)->mutable_amount()->set_currency_code("EUR"); }, "of another currency"},
      {[](Books* b) { b->at(2).mutable_legs()->SwapElements(0, 1); }, "STATED: out of order"},
      {[](Books* b) { b->at(2).mutable_legs()->RemoveLast(); }, "legs: stated 1, want two or more"},
  };
  for (const auto& c : kCases) {
    Books bad = GoodBooks();
    c.spoil(&bad);
    LedgerBook book;
    EXPECT_THAT(bad.AddTo(&book), Contains(HasSubstr(c.difference)));
  }
}

TEST(LedgerBookTest, PayoutsInAnotherCurrencyStandInBoth) {
  const auto payout = [] {
    return LedgerMessage<Payout>(R"pb(
      name: "partners/p1/payouts/x"
      state: PAID
      amount { currency_code: "USD" units: 40 }
      paid_in: "CNY"
      rate { value: "7.25" }
      paid_amount { currency_code: "CNY" units: 290 }
    )pb");
  };
  Books books = GoodBooks();
  books.Enter("payouts/x", {{LedgerEntry::PAID, -40}, {LedgerEntry::EXCHANGED, 40}});
  books.Enter("payouts/x", {{LedgerEntry::PAID_OUT, 290}, {LedgerEntry::EXCHANGED, -290}}, "CNY");
  LedgerBook book;
  EXPECT_THAT(books.AddTo(&book), IsEmpty());
  EXPECT_THAT(book.Verify(payout()), IsEmpty());
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/USD", TotalsOf(300, 10, 7)), IsEmpty());
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/CNY", TotalsOf(0, 0, 0)), IsEmpty());

  Payout other = payout();
  other.mutable_rate()->set_value("7.24");
  EXPECT_THAT(book.Verify(other), Contains(HasSubstr("paid_amount: stated 290, worked out 289.6")));
  other = payout();
  other.mutable_paid_amount()->set_units(291);
  EXPECT_THAT(book.Verify(other), Contains(HasSubstr("PAID_OUT: stated 291, worked out 290")));
  other = payout();
  other.clear_paid_amount();
  EXPECT_THAT(book.Verify(other), Contains(HasSubstr("EXCHANGED: stated 0, worked out 40")));
}

TEST(LedgerBookTest, DocumentsAreFoundThatStandElsewhere) {
  LedgerBook book;
  ASSERT_THAT(GoodBooks().AddTo(&book), IsEmpty());
  Statement statement = GoodBookStatement();
  statement.mutable_entries(0)->mutable_amount()->set_units(410);
  EXPECT_THAT(book.Verify(statement), Contains(HasSubstr("amount of entries/1: stated 410, worked out 400")));
  statement = GoodBookStatement();
  statement.mutable_settled()->set_units(301);
  EXPECT_THAT(book.Verify(statement), Contains(HasSubstr("settled: stated 301, worked out 300")));
  statement = GoodBookStatement();
  statement.mutable_withheld()->set_units(0);
  EXPECT_THAT(book.Verify(statement), Contains(HasSubstr("withheld: stated 0, worked out 100")));
  statement = GoodBookStatement();
  *statement.mutable_entries(0)->mutable_clawback()->mutable_waived() = Dollars(5);
  EXPECT_THAT(book.Verify(statement), Contains(HasSubstr("CLAWBACK_WAIVED of entries/1: stated 5, worked out 0")));

  Claim claim = GoodBookClaim();
  claim.set_state(Claim::PAID);
  EXPECT_THAT(book.Verify(claim), Contains(HasSubstr("PAID: stated 30, worked out 0")));
  claim = GoodBookClaim();
  claim.mutable_deducted()->set_units(21);
  EXPECT_THAT(book.Verify(claim), Contains(HasSubstr("DEDUCTED: stated 21, worked out 20")));
  Payout payout = GoodBookPayout();
  payout.set_state(Payout::FAILED);
  EXPECT_THAT(book.Verify(payout), Contains(HasSubstr("PAID_OUT: stated 0, worked out 30")));
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/USD", TotalsOf(301, 10, 7)),
              Contains(HasSubstr("credited: stated 301, worked out 300")));
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/USD", TotalsOf(300, 11, 7)), Contains(HasSubstr("expired")));
  EXPECT_THAT(book.VerifyWallet("partners/p1/wallets/USD", TotalsOf(300, 10, 8)), Contains(HasSubstr("clawed back")));
  std::vector<Deduction> deductions = {GoodBookDeduction()};
  deductions[0].set_state(Deduction::WRITTEN_OFF);
  EXPECT_THAT(book.VerifyDeductions("partners/p1", deductions),
              Contains(HasSubstr("DEDUCTED in USD: stated 25, worked out 20")));
  EXPECT_THAT(book.VerifyDeductions("partners/p1", {}), Contains(HasSubstr("stated 0, worked out 20")));

  Books passed = GoodBooks();
  passed.Enter("statements/3/entries/1", {{LedgerEntry::STATED, -5}, {LedgerEntry::PASSED_ON, 5}});
  LedgerBook other;
  EXPECT_THAT(passed.AddTo(&other), IsEmpty());
  EXPECT_THAT(other.VerifyPassedOn(), Contains(HasSubstr("PASSED_ON in USD over all partners: stated 5")));
}

}  // namespace
}  // namespace tributary::cli
