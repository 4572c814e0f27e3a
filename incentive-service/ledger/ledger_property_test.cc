// Random histories of statements and claims: whatever comes, each entry balances, each item's entries sum to where it
// stands, and the accounts sum to what statements, claims and wallets say.

#include <cstdlib>
#include <random>

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/claims/claim_ledger.h"
#include "incentive-service/disputes/dispute.h"
#include "incentive-service/ledger/testing_ledger.h"

namespace tributary::incentive {
namespace {

constexpr absl::Time kNow = absl::UnixEpoch();

class History {
 public:
  explicit History(uint32_t seed) : random_(seed) {}

  void Step() {
    switch (Below(6)) {
      case 0:
        return NewStatement();
      case 1:
        return OpenDispute();
      case 2:
        return ResolveDispute();
      case 3:
        return SettleOne();
      case 4:
        return NewClaim();
      default:
        return MoveClaim();
    }
  }

  void Check() {
    Standing want;
    for (const Book& book : books_) {
      std::vector<LedgerEntry> entries;
      for (const LedgerEntry& entry : ledger_) {
        if (entry.item.statement == book.statement.number) entries.push_back(entry);
      }
      int64_t stated = 0, withheld = 0, settled = 0;
      for (const StatementItem& item : book.items) {
        stated += item.open();
        withheld += item.withheld;
        settled += item.settled;
        // What is held back or settled never has another sign than the item, nor is it more.
        EXPECT_LE(std::abs(item.settled + item.withheld), std::abs(item.amount));
      }
      Standing sums = SumOf(entries);
      EXPECT_EQ(sums[LedgerAccount::kStated], stated);
      EXPECT_EQ(sums[LedgerAccount::kWithheld], withheld);
      EXPECT_EQ(sums[LedgerAccount::kPaid] + sums[LedgerAccount::kClawedBack], settled);
      EXPECT_EQ(stated + withheld + settled, book.statement.total);
      EXPECT_EQ(-sums[LedgerAccount::kCost], book.statement.total);
      if (book.statement.state == StatementState::kSettled) {
        EXPECT_EQ(settled, book.statement.total);
      }
      EXPECT_EQ(book.statement.state == StatementState::kPartDisputed, book.Open() > 0);
    }
    Standing all = SumOf(ledger_);
    EXPECT_EQ(all[LedgerAccount::kPaid], credited_ + claims_paid_);
    EXPECT_EQ(all[LedgerAccount::kClawedBack], -clawed_back_);
    int64_t sum = 0;
    for (const auto& [account, amount] : all) sum += amount;
    EXPECT_EQ(sum, 0);
    for (const Claim& claim : claims_) {
      std::vector<LedgerEntry> entries;
      for (const LedgerEntry& entry : ledger_) {
        if (entry.item.path == claim.path()) entries.push_back(entry);
      }
      Standing sums = SumOf(entries);
      sums.erase(LedgerAccount::kCost);
      Standing stands = StandingOf(claim);
      std::erase_if(stands, [](const auto& one) { return one.second == 0; });
      EXPECT_EQ(sums, stands);
    }
  }

  size_t entries() const { return ledger_.size(); }

 private:
  struct Book {
    Statement statement;
    std::vector<StatementItem> items;
    std::vector<StatementLine> lines;
    std::vector<Dispute> disputes;

    int Open() const {
      int open = 0;
      for (const Dispute& dispute : disputes) open += dispute.state == DisputeState::kOpen;
      return open;
    }
  };

  int64_t Below(int64_t end) { return std::uniform_int_distribution<int64_t>(0, end - 1)(random_); }
  void Post(std::vector<LedgerEntry> entries) {
    for (LedgerEntry& entry : entries) {
      int64_t sum = 0;
      for (const LedgerLeg& leg : entry.legs) sum += leg.amount;
      EXPECT_EQ(sum, 0);
      EXPECT_GE(entry.legs.size(), 2u);
      ledger_.push_back(std::move(entry));
    }
  }

  void NewStatement() {
    Book book;
    std::vector<int64_t> amounts;
    for (int64_t i = Below(3) + 1; i > 0; --i) amounts.push_back(Below(2000) - 700);
    book.statement = StatementOf(amounts);
    book.statement.number = static_cast<int64_t>(books_.size()) + 1;
    std::vector<StatementAdjustment> adjustments;
    if (Below(3) == 0) adjustments.push_back({.adjustment = "a", .amount = Below(200) - 100});
    book.statement = TakeUp(std::move(book.statement), std::move(adjustments));
    for (const StatementEntry& entry : book.statement.entries) {
      // Shares that sum to more or less than the amount, as those of true-ups do.
      for (int64_t line = Below(4); line > 0; --line) {
        book.lines.push_back({.ordinal = line, .share = Below(1500) - 500, .entry = entry.ordinal});
      }
    }
    book.items = ItemsOf(book.statement);
    Post(IssueOf(book.statement));
    books_.push_back(std::move(book));
  }

  Book* One() { return books_.empty() ? nullptr : &books_[Below(static_cast<int64_t>(books_.size()))]; }

  void OpenDispute() {
    Book* book = One();
    if (book == nullptr) return;
    Dispute dispute{.partner = "p2",
                    .statement = book->statement.number,
                    .id = StrCat("d", book->disputes.size()),
                    .currency = "CNY",
                    .opener = "partner"};
    DisputedItem item{.ordinal = static_cast<int>(Below(static_cast<int64_t>(book->items.size()))) + 1};
    for (const StatementLine& line : book->lines) {
      if (line.entry == item.ordinal && Below(2) == 0) item.lines.push_back(line.ordinal);
    }
    dispute.items = {item};
    std::set<int> disputed;
    for (const Dispute& other : book->disputes) {
      if (other.state == DisputeState::kOpen) disputed.insert(other.items[0].ordinal);
    }
    auto opened = Open(std::move(dispute), book->statement, book->items, book->lines, disputed, kNow);
    if (!opened.ok()) return;
    book->statement = std::move(opened->statement);
    book->items = std::move(opened->items);
    book->disputes.push_back(std::move(opened->dispute));
    Post(std::move(opened->entries));
  }

  void ResolveDispute() {
    Book* book = One();
    if (book == nullptr || book->disputes.empty()) return;
    Dispute& dispute = book->disputes[Below(static_cast<int64_t>(book->disputes.size()))];
    auto resolved = Resolve(dispute, book->statement, book->items, book->Open() <= 1,
                            {.accepted = Below(2) == 0, .note = "so", .principal = "manager"}, kNow);
    if (!resolved.ok()) return;
    dispute = std::move(resolved->dispute);
    book->statement = std::move(resolved->statement);
    book->items = std::move(resolved->items);
    Post(std::move(resolved->entries));
  }

  void SettleOne() {
    Book* book = One();
    if (book == nullptr) return;
    auto settled = SettleItems(book->statement, book->items, book->statement.partner, "treasurer", kNow);
    if (!settled.ok()) return;
    book->statement = std::move(settled->statement);
    book->items = std::move(settled->items);
    (settled->amount < 0 ? clawed_back_ : credited_) += std::abs(settled->amount);
    Post(std::move(settled->entries));
  }

  void PostClaim(const Claim* before, const Claim& after) {
    if (auto entry = MoveOf(before, after); entry.has_value()) Post({*std::move(entry)});
  }

  void NewClaim() {
    claims_.push_back(
        {.partner = "p2", .id = StrCat("c", claims_.size()), .currency = "CNY", .amount = Below(500) + 1});
    PostClaim(nullptr, claims_.back());
  }

  void MoveClaim() {
    if (claims_.empty()) return;
    Claim& claim = claims_[Below(static_cast<int64_t>(claims_.size()))];
    const Claim before = claim;
    if (claim.state == ClaimState::kSubmitted) {
      claim.state = Below(3) == 0 ? ClaimState::kRejected : ClaimState::kApproved;
      if (claim.state == ClaimState::kApproved) claim.approved = Below(claim.amount) + 1;
    } else if (claim.state == ClaimState::kApproved) {
      claim.state = ClaimState::kPaid;
      claims_paid_ += claim.approved;
    }
    PostClaim(&before, claim);
  }

  std::mt19937 random_;
  std::vector<Book> books_;
  std::vector<Claim> claims_;
  std::vector<LedgerEntry> ledger_;
  int64_t credited_ = 0, clawed_back_ = 0, claims_paid_ = 0;
};

TEST(LedgerPropertyTest, SumsEqualWhatIsStatedClaimedAndPaid) {
  constexpr int kHistories = 400;
  size_t entries = 0;
  for (uint32_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    History history(seed);
    for (int step = 0; step < 60; ++step) {
      history.Step();
      if (step % 10 == 9) history.Check();
      if (::testing::Test::HasFailure()) return;
    }
    entries += history.entries();
  }
  EXPECT_GT(entries, 8000u);  // the histories are not empty
}

}  // namespace
}  // namespace tributary::incentive
