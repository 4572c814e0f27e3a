#include "cli/verify/wallet_book.h"

#include <functional>
#include <map>

#include "absl/time/time.h"
#include "cli/verify/arithmetic.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Wallet;
using incentive::v1::WalletEntry;
using incentive::v1::WalletHold;
using incentive::v1::WalletLot;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kName[] = "partners/p2/wallets/CNY";
constexpr char kHold[] = "partners/p2/wallets/CNY/holds/h1";
constexpr char kToday[] = "2026-10-01";

google::type::Money Yuan(int64_t units) {
  google::type::Money money;
  money.set_currency_code("CNY");
  money.set_units(units);
  return money;
}

google::type::Date DateFrom(const std::string& text) {
  google::type::Date date;
  date.set_year(std::stoi(text.substr(0, 4)));
  date.set_month(std::stoi(text.substr(5, 2)));
  date.set_day(std::stoi(text.substr(8, 2)));
  return date;
}

struct Dates {
  const char* expires_on;
  const char* credit_date;
};
const std::map<std::string, Dates>& LotDates() {
  static const auto& dates = *new std::map<std::string, Dates>{{"w1", {"2026-06-30", "2026-01-01"}},
                                                               {"w2", {"2026-12-31", "2026-01-01"}},
                                                               {"w1~1", {"2026-08-09", "2026-01-01"}},
                                                               {"w3", {"2027-01-31", "2026-09-01"}}};
  return dates;
}

struct LegOf {
  WalletEntry::Account account;
  const char* lot;
  int64_t units;
};

struct SampleWallet {
  Wallet wallet;
  std::vector<WalletEntry> entries;
  WalletHold hold;

  void Enter(WalletEntry::Kind kind, const std::string& day, const std::string& cause, const std::vector<LegOf>& legs) {
    WalletEntry& entry = entries.emplace_back();
    entry.set_number(static_cast<int64_t>(entries.size()));
    absl::Time noon;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%d %H", day + " 12", absl::UTCTimeZone(), &noon, nullptr));
    entry.mutable_entry_time()->set_seconds(absl::ToUnixSeconds(noon));
    entry.set_kind(kind);
    entry.set_cause(cause);
    for (const LegOf& one : legs) {
      WalletEntry::Leg& leg = *entry.add_legs();
      leg.set_account(one.account);
      leg.set_lot(one.lot);
      *leg.mutable_amount() = Yuan(one.units);
      if (leg.lot().empty()) continue;
      *leg.mutable_expires_on() = DateFrom(LotDates().at(one.lot).expires_on);
      *leg.mutable_credit_date() = DateFrom(LotDates().at(one.lot).credit_date);
    }
  }
  void AddLot(const std::string& id, int64_t amount, int64_t remaining, int64_t held) {
    WalletLot& lot = *wallet.add_lots();
    lot.set_lot(id);
    *lot.mutable_amount() = Yuan(amount);
    *lot.mutable_remaining() = Yuan(remaining);
    *lot.mutable_held() = Yuan(held);
    *lot.mutable_expires_on() = DateFrom(LotDates().at(id).expires_on);
    *lot.mutable_credit_date() = DateFrom(LotDates().at(id).credit_date);
  }
  void AddPart(const std::string& lot, int64_t amount, int64_t captured, int64_t released) {
    auto& part = *hold.add_lots();
    part.set_lot(lot);
    *part.mutable_amount() = Yuan(amount);
    *part.mutable_captured() = Yuan(captured);
    *part.mutable_released() = Yuan(released);
  }
  std::vector<std::string> Verify(WalletTotals* totals = nullptr) const {
    return VerifyWallet(wallet, entries, {&hold, 1}, kToday, totals);
  }
};

// Everything that happens to a wallet, worked out by hand.
SampleWallet GoodWallet() {
  constexpr auto kAvailable = WalletEntry::AVAILABLE, kHeld = WalletEntry::HELD;
  SampleWallet good;
  good.Enter(WalletEntry::CREDIT, "2026-01-05", "partners/p2/openingBalances/o",
             {{WalletEntry::CREDITED, "", -5000}, {kAvailable, "w2", 5000}});
  good.Enter(WalletEntry::CREDIT, "2026-01-05", "partners/p2/openingBalances/o",
             {{WalletEntry::CREDITED, "", -3000}, {kAvailable, "w1", 3000}});
  // What expires first is taken first.
  good.Enter(WalletEntry::HOLD, "2026-02-01", kHold,
             {{kAvailable, "w1", -3000}, {kAvailable, "w2", -1000}, {kHeld, "w1", 3000}, {kHeld, "w2", 1000}});
  good.Enter(WalletEntry::CAPTURE, "2026-02-02", kHold,
             {{WalletEntry::CAPTURED, "", 3500}, {kHeld, "w1", -3000}, {kHeld, "w2", -500}});
  good.Enter(WalletEntry::RESTORE, "2026-02-03", kHold,
             {{WalletEntry::CAPTURED, "", -700}, {kHeld, "w2", 500}, {kHeld, "w1", 200}});
  // W1 has expired by then: what comes back of it lives for 30 days.
  good.Enter(WalletEntry::RELEASE, "2026-07-10", kHold,
             {{kHeld, "w2", -1000}, {kAvailable, "w2", 1000}, {kHeld, "w1", -100}, {kAvailable, "w1~1", 100}});
  good.Enter(WalletEntry::EXPIRE, "2026-08-20", kName, {{kAvailable, "w1~1", -100}, {WalletEntry::EXPIRED, "", 100}});
  good.Enter(WalletEntry::CLAWBACK, "2026-08-20", "partners/p2/statements/2",
             {{kAvailable, "w2", -5000}, {kAvailable, "", -1000}, {WalletEntry::CLAWED_BACK, "", 6000}});
  good.Enter(WalletEntry::CREDIT, "2026-09-01", "partners/p2/statements/3",
             {{WalletEntry::CREDITED, "", -1500}, {kAvailable, "w3", 1500}});
  good.Enter(WalletEntry::OFFSET, "2026-09-01", "partners/p2/statements/3",
             {{kAvailable, "w3", -1000}, {kAvailable, "", 1000}});
  good.wallet.set_name(kName);
  *good.wallet.mutable_available() = Yuan(500);
  *good.wallet.mutable_held() = Yuan(100);
  *good.wallet.mutable_balance() = Yuan(600);
  good.AddLot("w1", 3000, 0, 100);
  good.AddLot("w3", 1500, 500, 0);
  good.hold.set_name(kHold);
  good.hold.set_state(WalletHold::HELD);
  *good.hold.mutable_amount() = Yuan(4000);
  *good.hold.mutable_captured() = Yuan(2800);
  *good.hold.mutable_released() = Yuan(1100);
  good.AddPart("w1", 3000, 2800, 100);
  good.AddPart("w2", 1000, 0, 1000);
  return good;
}

TEST(WalletBookTest, AGoodWalletHasNoDifferences) {
  WalletTotals totals;
  EXPECT_THAT(GoodWallet().Verify(&totals), IsEmpty());
  EXPECT_EQ(verify::Text(totals.credited), "9500");
  EXPECT_EQ(verify::Text(totals.expired), "100");
  EXPECT_EQ(verify::Text(totals.captured), "2800");
  EXPECT_EQ(verify::Text(totals.clawed_back), "6000");
}

TEST(WalletBookTest, EveryLegMatters) {
  const SampleWallet good = GoodWallet();
  for (size_t i = 0; i < good.entries.size(); ++i) {
    for (int leg = 0; leg < good.entries[i].legs_size(); ++leg) {
      // By itself it no longer balances; moved between two legs it does.
      SampleWallet bad = good;
      auto* amount = bad.entries[i].mutable_legs(leg)->mutable_amount();
      amount->set_units(amount->units() + 1);
      EXPECT_THAT(bad.Verify(), Contains(HasSubstr("entry " + std::to_string(i + 1) + ": sum of its legs")));
      auto* other = bad.entries[i].mutable_legs(leg == 0 ? 1 : 0)->mutable_amount();
      other->set_units(other->units() - 1);
      EXPECT_THAT(bad.Verify(), Not(IsEmpty())) << i << " " << leg;
    }
    SampleWallet without = good;
    without.entries.erase(without.entries.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(without.Verify(), Not(IsEmpty())) << i;
  }
}

TEST(WalletBookTest, SaysWhatIsWrong) {
  const struct {
    const char* what;
    std::function<void(SampleWallet*)> spoil;
    const char* difference;
  } kCases[] = {
      {"what expires later is taken first",
       [](SampleWallet* w) {
         for (const int leg : {0, 2}) {
           const int64_t sign = leg == 0 ? -1 : 1;
           *w->entries[2].mutable_legs(leg)->mutable_amount() = Yuan(sign * 1000);
           *w->entries[2].mutable_legs(leg + 1)->mutable_amount() = Yuan(sign * 3000);
         }
       },
       "entry 3: HOLD: AVAILABLE of w1: stated -1000, worked out -3000"},
      {"what comes back late lives longer",
       [](SampleWallet* w) { w->entries[5].mutable_legs(3)->mutable_expires_on()->set_day(10); },
       "entry 6: w1~1: expires_on: stated 2026-08-10, worked out 2026-08-09"},
      {"what has expired is taken back",
       [](SampleWallet* w) {
         w->entries.erase(w->entries.begin() + 6);
         w->entries[6].set_number(7);
       },
       "CLAWBACK on 2026-08-20: lot w1~1 has expired with 100 in it"},
      {"what is owed is not taken",
       [](SampleWallet* w) {
         w->entries.pop_back();
         w->Enter(WalletEntry::HOLD, "2026-09-02", "partners/p2/wallets/CNY/holds/h2",
                  {{WalletEntry::AVAILABLE, "w3", -100}, {WalletEntry::HELD, "w3", 100}});
       },
       "entry 10: HOLD: 1000 is owed while 1500 is there"},
      {"more than there is", [](SampleWallet* w) { *w->wallet.mutable_available() = Yuan(501); },
       "available: stated 501 CNY, worked out 500 CNY"},
      {"a lot of more", [](SampleWallet* w) { *w->wallet.mutable_lots(1)->mutable_remaining() = Yuan(501); },
       "w3: remaining: stated 501 CNY, worked out 500 CNY"},
      {"a lot that lives longer",
       [](SampleWallet* w) { w->wallet.mutable_lots(1)->mutable_expires_on()->set_year(2028); },
       "w3: expires_on: stated 2028-01-31, worked out 2027-01-31"},
      {"a hold that used less", [](SampleWallet* w) { *w->hold.mutable_captured() = Yuan(2700); },
       "holds/h1: captured: stated 2700 CNY, worked out 2800 CNY"},
      {"a hold that took of another lot", [](SampleWallet* w) { w->hold.mutable_lots(1)->set_lot("w3"); },
       "holds/h1: lots"},
      {"a hold that is all used", [](SampleWallet* w) { w->hold.set_state(WalletHold::CAPTURED); },
       "holds/h1: state: stated CAPTURED, worked out HELD"},
      {"a hold of which nothing tells", [](SampleWallet* w) { w->hold.set_name("partners/p2/wallets/CNY/holds/h9"); },
       "holds/h9: no entry tells of it"},
  };
  for (const auto& c : kCases) {
    SampleWallet bad = GoodWallet();
    c.spoil(&bad);
    EXPECT_THAT(bad.Verify(), Contains(HasSubstr(c.difference))) << c.what;
  }
}

}  // namespace
}  // namespace tributary::cli
