#include "cli/verify/wallet_book.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/time/time.h"
#include "cli/verify/arithmetic.h"
#include "cli/verify/differences.h"

namespace tributary::cli {
namespace {

using incentive::v1::Wallet;
using incentive::v1::WalletEntry;
using incentive::v1::WalletHold;
using verify::Billionths;
using verify::Integer;
using verify::Text;

constexpr int kDaysOfWhatComesBackLate = 30;

// Comparable as text, some days later.
std::string DayOf(const google::protobuf::Timestamp& time, int days_later = 0) {
  const absl::Time day = absl::FromUnixSeconds(time.seconds()) + absl::Hours(24) * days_later;
  return absl::FormatTime("%Y-%m-%d", day, absl::UTCTimeZone());
}

Integer AmountOf(const google::type::Money& money) { return Billionths(money).value_or(0); }

class WalletReplay {
 public:
  WalletReplay(const Wallet& wallet, std::string today) : wallet_(wallet), today_(std::move(today)) {}

  std::vector<std::string> Run(absl::Span<const WalletEntry> entries, absl::Span<const WalletHold> holds,
                               WalletTotals* totals) && {
    for (size_t i = 0; i < entries.size(); ++i) {
      differences_.SetPrefix("entry " + std::to_string(i + 1) + ": ");
      if (!Take(entries[i], static_cast<int64_t>(i) + 1)) {
        // What follows rests on it.
        return std::move(differences_).Take();
      }
    }
    differences_.SetPrefix("");
    for (const WalletHold& hold : holds) Compare(hold);
    for (const auto& [name, parts] : holds_) differences_.Differ(name + ": entries tell of it, and there is none");
    CompareWallet();
    if (totals != nullptr) *totals = totals_;
    return std::move(differences_).Take();
  }

 private:
  struct LotState {
    Integer amount, remaining, held;
    std::string expires_on, credit_date;
  };
  struct PartState {
    std::string lot;
    Integer amount, captured, released;
    Integer held() const { return Integer(amount - captured - released); }
  };
  // What an entry does, by account and lot.
  using Effects = std::map<std::pair<WalletEntry::Account, std::string>, Integer>;
  using Order = std::tuple<std::string, std::string, std::string>;

  void Differ(std::string what) { differences_.Differ(std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    differences_.Want(holds, what, stated, found);
  }
  void WantAmount(const google::type::Money& stated, const Integer& found, const std::string& what) {
    Want(stated.currency_code() == currency() && AmountOf(stated) == found, what,
         Text(AmountOf(stated)) + " " + stated.currency_code(), Text(found) + " " + currency());
  }
  std::string currency() const { return wallet_.name().substr(wallet_.name().rfind('/') + 1); }

  // Lots with something left for holds, in the order in which it is taken.
  std::vector<std::string> InOrder() const {
    std::vector<Order> order;
    for (const auto& [id, lot] : lots_) {
      if (lot.remaining > 0) order.emplace_back(lot.expires_on, lot.credit_date, id);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::string> ids;
    for (const Order& one : order) ids.push_back(std::get<2>(one));
    return ids;
  }
  Integer Remaining() const {
    Integer sum = 0;
    for (const auto& [id, lot] : lots_) sum += lot.remaining;
    return sum;
  }
  // Takes as much of `amount` as there is; what of which lot, in order.
  std::vector<std::pair<std::string, Integer>> TakeOf(Integer amount) {
    std::vector<std::pair<std::string, Integer>> taken;
    for (const std::string& id : InOrder()) {
      if (amount == 0) break;
      LotState& lot = lots_.at(id);
      const Integer some = std::min(amount, lot.remaining);
      lot.remaining -= some;
      amount -= some;
      taken.emplace_back(id, some);
    }
    return taken;
  }

  static Effects Moved(WalletEntry::Account from, const std::string& from_lot, WalletEntry::Account to,
                       const std::string& to_lot, const Integer& amount) {
    Effects effects;
    effects[{from, from_lot}] = -amount;
    effects[{to, to_lot}] = amount;
    return effects;
  }
  static Integer SumOf(const WalletEntry& entry, WalletEntry::Account account) {
    Integer sum = 0;
    for (const WalletEntry::Leg& leg : entry.legs()) {
      if (leg.account() == account) sum += AmountOf(leg.amount());
    }
    return sum;
  }
  // The leg that makes a lot, which was not there.
  const WalletEntry::Leg* NewLotOf(const WalletEntry& entry) const {
    for (const WalletEntry::Leg& leg : entry.legs()) {
      if (leg.account() == WalletEntry::AVAILABLE && !leg.lot().empty() && !lots_.contains(leg.lot())) return &leg;
    }
    return nullptr;
  }

  // Whether the entry is what it should be.
  bool Take(const WalletEntry& entry, int64_t number) {
    Want(entry.number() == number, "number", std::to_string(entry.number()), std::to_string(number));
    Effects stated;
    Integer sum = 0;
    bool readable = entry.number() == number;
    for (const WalletEntry::Leg& leg : entry.legs()) {
      const std::optional<Integer> amount = Billionths(leg.amount());
      if (!amount.has_value() || leg.amount().currency_code() != currency() ||
          !stated.emplace(std::pair(leg.account(), leg.lot()), *amount).second) {
        Differ("a leg cannot be read, or is there twice");
        readable = false;
        continue;
      }
      sum += *amount;
      const auto lot = lots_.find(leg.lot());
      if (lot == lots_.end()) continue;
      const std::string expires_on = Text(leg.expires_on()), credit_date = Text(leg.credit_date());
      readable = readable && lot->second.expires_on == expires_on && lot->second.credit_date == credit_date;
      Want(lot->second.expires_on == expires_on, leg.lot() + ": expires_on", expires_on, lot->second.expires_on);
      Want(lot->second.credit_date == credit_date, leg.lot() + ": credit_date", credit_date, lot->second.credit_date);
    }
    Want(sum == 0, "sum of its legs", Text(sum), "0");
    if (!readable || sum != 0) return false;
    day_ = DayOf(entry.entry_time());
    if (!InTime(entry)) return false;
    const std::optional<Effects> worked = WorkOut(entry);
    return worked.has_value() && Agree(WalletEntry::Kind_Name(entry.kind()), stated, *worked);
  }

  // What has expired is taken out, and what is owed is taken, before anything else happens.
  bool InTime(const WalletEntry& entry) {
    if (entry.kind() == WalletEntry::EXPIRE) return true;
    for (const auto& [id, lot] : lots_) {
      if (lot.remaining == 0 || lot.expires_on >= day_) continue;
      Differ(WalletEntry::Kind_Name(entry.kind()) + " on " + day_ + ": lot " + id + " has expired with " +
             Text(lot.remaining) + " in it");
      return false;
    }
    if (entry.kind() == WalletEntry::OFFSET || owed_ == 0 || Remaining() == 0) return true;
    Differ(WalletEntry::Kind_Name(entry.kind()) + ": " + Text(owed_) + " is owed while " + Text(Remaining()) +
           " is there");
    return false;
  }

  bool Agree(const std::string& kind, const Effects& stated, const Effects& worked) {
    bool agree = true;
    const auto compare = [&](const Effects::key_type& key, const Integer& said, const Integer& found) {
      if (said == found) return;
      agree = false;
      Want(false, kind + ": " + WalletEntry::Account_Name(key.first) + (key.second.empty() ? "" : " of " + key.second),
           Text(said), Text(found));
    };
    for (const auto& [key, amount] : worked) {
      const auto said = stated.find(key);
      compare(key, said == stated.end() ? Integer(0) : said->second, amount);
    }
    for (const auto& [key, amount] : stated) {
      if (!worked.contains(key)) compare(key, amount, 0);
    }
    return agree;
  }

  // What the entry should do; nullopt, with a difference, where it cannot be at all.
  std::optional<Effects> WorkOut(const WalletEntry& entry) {
    switch (entry.kind()) {
      case WalletEntry::CREDIT:
        return Credit(entry);
      case WalletEntry::OFFSET:
        return Offset();
      case WalletEntry::HOLD:
        return Hold(entry);
      case WalletEntry::CAPTURE:
        return Capture(entry);
      case WalletEntry::RELEASE:
        return Release(entry);
      case WalletEntry::EXPIRE:
        return Expire(entry);
      case WalletEntry::CLAWBACK:
        return ClawBack(entry);
      case WalletEntry::RESTORE:
        return Restore(entry);
      default:
        Differ("kind: of no kind");
        return std::nullopt;
    }
  }

  std::optional<Effects> Credit(const WalletEntry& entry) {
    const Integer amount = -SumOf(entry, WalletEntry::CREDITED);
    const WalletEntry::Leg* const leg = NewLotOf(entry);
    if (leg == nullptr || amount <= 0) {
      Differ("CREDIT: no new lot of more than 0");
      return std::nullopt;
    }
    lots_[leg->lot()] = {amount, amount, 0, Text(leg->expires_on()), Text(leg->credit_date())};
    totals_.credited += amount;
    return Moved(WalletEntry::CREDITED, "", WalletEntry::AVAILABLE, leg->lot(), amount);
  }

  std::optional<Effects> Offset() {
    if (owed_ == 0) {
      Differ("OFFSET: nothing is owed");
      return std::nullopt;
    }
    Effects effects;
    for (const auto& [lot, some] : TakeOf(owed_)) {
      effects[{WalletEntry::AVAILABLE, lot}] -= some;
      effects[{WalletEntry::AVAILABLE, ""}] += some;
      owed_ -= some;
    }
    return effects;
  }

  std::optional<Effects> Hold(const WalletEntry& entry) {
    const Integer amount = SumOf(entry, WalletEntry::HELD);
    const Integer available = Remaining() - owed_;
    if (amount <= 0 || amount > available || holds_.contains(entry.cause())) {
      Differ("HOLD: " + entry.cause() + " takes " + Text(amount) + " of " + Text(available));
      return std::nullopt;
    }
    Effects effects;
    std::vector<PartState>& parts = holds_[entry.cause()];
    for (const auto& [lot, some] : TakeOf(amount)) {
      effects[{WalletEntry::AVAILABLE, lot}] -= some;
      effects[{WalletEntry::HELD, lot}] += some;
      lots_.at(lot).held += some;
      parts.push_back({lot, some, 0, 0});
    }
    return effects;
  }

  // The parts of the hold that the entry is of; nullptr, with a difference, where so much is not in `of` them.
  template <typename Of>
  std::vector<PartState>* PartsOf(const WalletEntry& entry, const Integer& amount, const Of& of) {
    const auto hold = holds_.find(entry.cause());
    Integer there = 0;
    if (hold != holds_.end()) {
      for (const PartState& part : hold->second) there += of(part);
    }
    if (amount > 0 && amount <= there) return &hold->second;
    Differ(WalletEntry::Kind_Name(entry.kind()) + ": " + Text(amount) + " of " + Text(there) + " of " + entry.cause());
    return nullptr;
  }

  std::optional<Effects> Capture(const WalletEntry& entry) {
    Integer amount = SumOf(entry, WalletEntry::CAPTURED);
    std::vector<PartState>* const parts = PartsOf(entry, amount, [](const PartState& part) { return part.held(); });
    if (parts == nullptr) return std::nullopt;
    totals_.captured += amount;
    Effects effects;
    effects[{WalletEntry::CAPTURED, ""}] = amount;
    for (PartState& part : *parts) {
      const Integer used = std::min(amount, part.held());
      if (used == 0) continue;
      part.captured += used;
      lots_.at(part.lot).held -= used;
      amount -= used;
      effects[{WalletEntry::HELD, part.lot}] -= used;
    }
    return effects;
  }

  std::optional<Effects> Restore(const WalletEntry& entry) {
    Integer amount = -SumOf(entry, WalletEntry::CAPTURED);
    std::vector<PartState>* const parts = PartsOf(entry, amount, [](const PartState& part) { return part.captured; });
    if (parts == nullptr) return std::nullopt;
    totals_.captured -= amount;
    Effects effects;
    effects[{WalletEntry::CAPTURED, ""}] = -amount;
    for (auto part = parts->rbegin(); part != parts->rend(); ++part) {
      const Integer again = std::min(amount, part->captured);
      if (again == 0) continue;
      part->captured -= again;
      lots_.at(part->lot).held += again;
      amount -= again;
      effects[{WalletEntry::HELD, part->lot}] += again;
    }
    return effects;
  }

  std::optional<Effects> Release(const WalletEntry& entry) {
    Integer amount = -SumOf(entry, WalletEntry::HELD);
    std::vector<PartState>* const parts = PartsOf(entry, amount, [](const PartState& part) { return part.held(); });
    if (parts == nullptr) return std::nullopt;
    Effects effects;
    const std::string until = DayOf(entry.entry_time(), kDaysOfWhatComesBackLate);
    for (auto part = parts->rbegin(); part != parts->rend(); ++part) {
      const Integer back = std::min(amount, part->held());
      if (back == 0) continue;
      part->released += back;
      amount -= back;
      LotState& lot = lots_.at(part->lot);
      lot.held -= back;
      effects[{WalletEntry::HELD, part->lot}] -= back;
      if (lot.expires_on >= day_) {
        lot.remaining += back;
        effects[{WalletEntry::AVAILABLE, part->lot}] += back;
        continue;
      }
      const std::string late = part->lot.substr(0, part->lot.find('~')) + "~" + std::to_string(++splits_);
      const LotState made{back, back, 0, until, lot.credit_date};
      lots_[late] = made;
      effects[{WalletEntry::AVAILABLE, late}] += back;
      if (!HasDates(entry, late, made)) return std::nullopt;
    }
    return effects;
  }

  // Whether the leg of a lot that the entry makes says what it should of it.
  bool HasDates(const WalletEntry& entry, const std::string& id, const LotState& lot) {
    for (const WalletEntry::Leg& leg : entry.legs()) {
      if (leg.lot() != id) continue;
      const std::string expires_on = Text(leg.expires_on()), credit_date = Text(leg.credit_date());
      Want(expires_on == lot.expires_on, id + ": expires_on", expires_on, lot.expires_on);
      Want(credit_date == lot.credit_date, id + ": credit_date", credit_date, lot.credit_date);
      return expires_on == lot.expires_on && credit_date == lot.credit_date;
    }
    return true;  // that there is none is told by what the entry does
  }

  std::optional<Effects> Expire(const WalletEntry& entry) {
    for (const WalletEntry::Leg& leg : entry.legs()) {
      const auto lot = lots_.find(leg.lot());
      if (lot == lots_.end() || lot->second.remaining == 0 || lot->second.expires_on >= day_) continue;
      const Integer gone = std::exchange(lot->second.remaining, Integer(0));
      totals_.expired += gone;
      return Moved(WalletEntry::AVAILABLE, lot->first, WalletEntry::EXPIRED, "", gone);
    }
    Differ("EXPIRE: of no lot whose last day has passed on " + day_);
    return std::nullopt;
  }

  std::optional<Effects> ClawBack(const WalletEntry& entry) {
    const Integer amount = SumOf(entry, WalletEntry::CLAWED_BACK);
    if (amount <= 0) {
      Differ("CLAWBACK: of " + Text(amount));
      return std::nullopt;
    }
    totals_.clawed_back += amount;
    Effects effects;
    effects[{WalletEntry::CLAWED_BACK, ""}] = amount;
    Integer rest = amount;
    for (const auto& [lot, some] : TakeOf(amount)) {
      effects[{WalletEntry::AVAILABLE, lot}] -= some;
      rest -= some;
    }
    if (rest > 0) effects[{WalletEntry::AVAILABLE, ""}] -= rest;
    owed_ += rest;
    return effects;
  }

  void Compare(const WalletHold& hold) {
    const auto parts = holds_.find(hold.name());
    if (parts == holds_.end()) return Differ(hold.name() + ": no entry tells of it");
    Integer amount = 0, captured = 0, released = 0;
    std::string worked, stated;
    for (const PartState& part : parts->second) {
      amount += part.amount;
      captured += part.captured;
      released += part.released;
      worked += " " + part.lot + " " + Text(part.amount) + "-" + Text(part.captured) + "-" + Text(part.released);
    }
    for (const auto& part : hold.lots()) {
      stated += " " + part.lot() + " " + Text(AmountOf(part.amount())) + "-" + Text(AmountOf(part.captured())) + "-" +
                Text(AmountOf(part.released()));
    }
    Want(stated == worked, hold.name() + ": lots", stated, worked);
    WantAmount(hold.amount(), amount, hold.name() + ": amount");
    WantAmount(hold.captured(), captured, hold.name() + ": captured");
    WantAmount(hold.released(), released, hold.name() + ": released");
    const WalletHold::State state = captured + released < amount ? WalletHold::HELD
                                    : captured > 0               ? WalletHold::CAPTURED
                                                                 : WalletHold::RELEASED;
    Want(hold.state() == state, hold.name() + ": state", WalletHold::State_Name(hold.state()),
         WalletHold::State_Name(state));
    holds_.erase(parts);
  }

  // As of the day on which the wallet was read.
  void CompareWallet() {
    std::vector<std::pair<Order, const LotState*>> there;
    Integer available = -owed_, held = 0;
    for (auto& [id, lot] : lots_) {
      if (lot.expires_on < today_) lot.remaining = 0;
      available += lot.remaining;
      held += lot.held;
      if (lot.remaining != 0 || lot.held != 0) there.push_back({{lot.expires_on, lot.credit_date, id}, &lot});
    }
    std::sort(there.begin(), there.end());
    WantAmount(wallet_.available(), available, "available");
    WantAmount(wallet_.held(), held, "held");
    WantAmount(wallet_.balance(), Integer(available + held), "balance");
    if (static_cast<size_t>(wallet_.lots_size()) != there.size()) {
      return Want(false, "lots", std::to_string(wallet_.lots_size()), std::to_string(there.size()));
    }
    for (size_t i = 0; i < there.size(); ++i) {
      const auto& stated = wallet_.lots(static_cast<int>(i));
      const auto& [order, lot] = there[i];
      const std::string& id = std::get<2>(order);
      Want(stated.lot() == id, "lots[" + std::to_string(i) + "]", stated.lot(), id);
      WantAmount(stated.amount(), lot->amount, id + ": amount");
      WantAmount(stated.remaining(), lot->remaining, id + ": remaining");
      WantAmount(stated.held(), lot->held, id + ": held");
      Want(Text(stated.expires_on()) == lot->expires_on, id + ": expires_on", Text(stated.expires_on()),
           lot->expires_on);
      Want(Text(stated.credit_date()) == lot->credit_date, id + ": credit_date", Text(stated.credit_date()),
           lot->credit_date);
    }
  }

  const Wallet& wallet_;
  const std::string today_;
  std::string day_;  // of the entry
  std::map<std::string, LotState> lots_;
  std::map<std::string, std::vector<PartState>> holds_;  // by name
  Integer owed_ = 0;
  int64_t splits_ = 0;
  WalletTotals totals_;
  Differences differences_;
};

}  // namespace

std::vector<std::string> VerifyWallet(const Wallet& wallet, absl::Span<const WalletEntry> entries,
                                      absl::Span<const WalletHold> holds, const std::string& today,
                                      WalletTotals* totals) {
  return WalletReplay(wallet, today).Run(entries, holds, totals);
}

}  // namespace tributary::cli
