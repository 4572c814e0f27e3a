#include "incentive-service/wallets/wallet.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::incentive {
namespace {

std::string Shown(int64_t amount, const Wallet& wallet) {
  return StrCat(FormatMinorUnits(amount, wallet.currency), " ", wallet.currency);
}

// A wallet that is being changed, and what moves in it.
class Book {
 public:
  // Lots that have expired are emptied first: whatever else happens finds the wallet as of today.
  Book(Wallet wallet, absl::Time now) : change_{.wallet = std::move(wallet)}, today_(UtcToday(now)) {
    change_.wallet.version += 1;
    change_.wallet.update_time = now;
    Expire();
  }

  Wallet& wallet() { return change_.wallet; }
  Date today() const { return today_; }
  std::vector<Lot>& lots() { return change_.wallet.lots; }
  Lot& lot(std::string_view id) {
    return *std::find_if(lots().begin(), lots().end(), [&](const Lot& lot) { return lot.id == id; });
  }

  void Post(EntryKind kind, std::string_view cause, std::vector<WalletLeg> legs) {
    change_.entries.push_back({kind, std::string(cause), std::move(legs)});
  }
  void Add(Lot lot) { lots().insert(std::upper_bound(lots().begin(), lots().end(), lot, TakenBefore), std::move(lot)); }

  // Takes of the lots in their order as much of `amount` as there is; the legs say so. What is left of it.
  int64_t Take(int64_t amount, std::vector<WalletLeg>* legs, std::vector<HoldPart>* parts = nullptr) {
    for (Lot& lot : lots()) {
      const int64_t taken = std::min(amount, lot.remaining);
      if (taken == 0) continue;
      lot.remaining -= taken;
      amount -= taken;
      legs->push_back({WalletAccount::kAvailable, lot.id, -taken});
      if (parts != nullptr) parts->push_back({.lot = lot.id, .amount = taken});
    }
    return amount;
  }

  void Expire() {
    for (Lot& lot : lots()) {
      if (lot.remaining == 0 || lot.expires_on >= today_) continue;
      const int64_t gone = std::exchange(lot.remaining, 0);
      Post(EntryKind::kExpire, StrCat("wallets/", change_.wallet.currency),
           {{WalletAccount::kAvailable, lot.id, -gone}, {WalletAccount::kExpired, "", gone}});
    }
  }

  // What is owed is taken of what has come.
  void Offset(std::string_view cause) {
    std::vector<WalletLeg> legs;
    const int64_t owed = std::exchange(wallet().debt, 0);
    wallet().debt = Take(owed, &legs);
    if (legs.empty()) return;
    legs.push_back({WalletAccount::kAvailable, "", owed - wallet().debt});
    Post(EntryKind::kOffset, cause, std::move(legs));
  }

  WalletChange Done(std::optional<WalletHold> hold = std::nullopt) {
    change_.hold = std::move(hold);
    return std::move(change_);
  }

 private:
  WalletChange change_;
  const Date today_;
};

absl::Status CheckAmount(int64_t amount) {
  if (amount > 0) return absl::OkStatus();
  return InvalidField("amount", StrCat(amount), "more than 0");
}

// Of what is there already, a balance or a debt.
absl::Status CheckRoom(const Wallet& wallet, int64_t there, int64_t amount) {
  if (amount <= kMostInWallet && there <= kMostInWallet - amount) return absl::OkStatus();
  return Error(Reason::kOverflow, StrCat(wallet.name(), ": got ", amount, " on top of ", there, ", want at most ",
                                         kMostInWallet, " in all"));
}

// How much of what is held is meant.
absl::StatusOr<int64_t> AmountOf(const Wallet& wallet, const WalletHold& hold, std::optional<int64_t> amount,
                                 std::string_view verb) {
  if (hold.held() == 0) return WrongState(hold.name(), verb, NameOf(hold.state), "HELD");
  if (!amount.has_value()) return hold.held();
  RETURN_IF_ERROR(CheckAmount(*amount));
  if (*amount > hold.held()) {
    return Error(Reason::kAllocationExceeds, StrCat("amount: got ", Shown(*amount, wallet), ", want at most ",
                                                    Shown(hold.held(), wallet), ", what ", hold.name(), " holds"));
  }
  return *amount;
}

void Touch(WalletHold* hold, absl::Time now) {
  hold->version += 1;
  hold->update_time = now;
  hold->state = hold->held() > 0       ? HoldState::kHeld
                : hold->captured() > 0 ? HoldState::kCaptured
                                       : HoldState::kReleased;
}

// Captures so much of what is held, of the parts in their order.
void Use(Book* book, WalletHold* hold, int64_t amount) {
  std::vector<WalletLeg> legs = {{WalletAccount::kCaptured, "", amount}};
  for (HoldPart& part : hold->parts) {
    const int64_t used = std::min(amount, part.held());
    if (used == 0) continue;
    part.captured += used;
    book->lot(part.lot).held -= used;
    amount -= used;
    legs.push_back({WalletAccount::kHeld, part.lot, -used});
  }
  book->Post(EntryKind::kCapture, hold->path(), std::move(legs));
}

// Holds so much of what was captured again, the last captured first.
void HoldAgain(Book* book, WalletHold* hold, int64_t amount) {
  std::vector<WalletLeg> legs = {{WalletAccount::kCaptured, "", -amount}};
  for (auto part = hold->parts.rbegin(); part != hold->parts.rend(); ++part) {
    const int64_t again = std::min(amount, part->captured);
    if (again == 0) continue;
    part->captured -= again;
    book->lot(part->lot).held += again;
    amount -= again;
    legs.push_back({WalletAccount::kHeld, part->lot, again});
  }
  book->Post(EntryKind::kRestore, hold->path(), std::move(legs));
}

// Gives so much of what is held back to its lots, the last taken first.
void GiveBack(Book* book, WalletHold* hold, int64_t amount) {
  std::vector<WalletLeg> legs;
  std::vector<Lot> late;
  for (auto part = hold->parts.rbegin(); part != hold->parts.rend(); ++part) {
    const int64_t back = std::min(amount, part->held());
    if (back == 0) continue;
    part->released += back;
    amount -= back;
    Lot& lot = book->lot(part->lot);
    lot.held -= back;
    legs.push_back({WalletAccount::kHeld, lot.id, -back});
    if (lot.expires_on >= book->today()) {
      lot.remaining += back;
      legs.push_back({WalletAccount::kAvailable, lot.id, back});
      continue;
    }
    late.push_back({.id = StrCat(lot.id.substr(0, lot.id.find('~')), "~", ++book->wallet().splits),
                    .amount = back,
                    .remaining = back,
                    .expires_on = book->today().AddDays(kDaysAfterExpiry),
                    .credit_date = lot.credit_date,
                    .source = lot.source});
    legs.push_back({WalletAccount::kAvailable, late.back().id, back});
  }
  for (Lot& lot : late) book->Add(std::move(lot));
  book->Post(EntryKind::kRelease, hold->path(), std::move(legs));
  book->Offset(hold->path());
}

}  // namespace

std::string_view NameOf(HoldState state) {
  switch (state) {
    case HoldState::kHeld:
      return "HELD";
    case HoldState::kCaptured:
      return "CAPTURED";
    case HoldState::kReleased:
      return "RELEASED";
  }
  return "?";
}

int64_t Wallet::held() const {
  int64_t sum = 0;
  for (const Lot& lot : lots) sum += lot.held;
  return sum;
}

int64_t Wallet::available() const {
  int64_t sum = -debt;
  for (const Lot& lot : lots) sum += lot.remaining;
  return sum;
}

int64_t WalletHold::captured() const {
  int64_t sum = 0;
  for (const HoldPart& part : parts) sum += part.captured;
  return sum;
}

int64_t WalletHold::released() const {
  int64_t sum = 0;
  for (const HoldPart& part : parts) sum += part.released;
  return sum;
}

bool TakenBefore(const Lot& a, const Lot& b) {
  return std::tie(a.expires_on, a.credit_date, a.id) < std::tie(b.expires_on, b.credit_date, b.id);
}

Wallet AsOf(Wallet wallet, Date today) {
  for (Lot& lot : wallet.lots) {
    if (lot.expires_on < today) lot.remaining = 0;
  }
  std::erase_if(wallet.lots, [](const Lot& lot) { return lot.remaining == 0 && lot.held == 0; });
  return wallet;
}

absl::StatusOr<WalletChange> Credit(Wallet wallet, Lot lot, absl::Time now) {
  RETURN_IF_ERROR(CheckAmount(lot.amount));
  RETURN_IF_ERROR(CheckRoom(wallet, wallet.balance(), lot.amount));
  for (const Lot& other : wallet.lots) {
    if (other.id == lot.id) return AlreadyExists(StrCat(wallet.name(), ", lot ", lot.id));
  }
  Book book(std::move(wallet), now);
  lot.remaining = lot.amount;
  lot.held = 0;
  const std::string cause = lot.source;
  book.Post(EntryKind::kCredit, cause,
            {{WalletAccount::kCredited, "", -lot.amount}, {WalletAccount::kAvailable, lot.id, lot.amount}});
  book.Add(std::move(lot));
  book.Expire();  // one that had expired before it came pays no debt
  book.Offset(cause);
  return book.Done();
}

absl::StatusOr<WalletChange> ClawBack(Wallet wallet, int64_t amount, std::string_view cause, absl::Time now) {
  RETURN_IF_ERROR(CheckAmount(amount));
  RETURN_IF_ERROR(CheckRoom(wallet, wallet.debt, amount));
  Book book(std::move(wallet), now);
  std::vector<WalletLeg> legs;
  const int64_t owed = book.Take(amount, &legs);
  if (owed > 0) legs.push_back({WalletAccount::kAvailable, "", -owed});
  book.wallet().debt += owed;
  legs.push_back({WalletAccount::kClawedBack, "", amount});
  book.Post(EntryKind::kClawback, cause, std::move(legs));
  return book.Done();
}

absl::StatusOr<WalletChange> PlaceHold(Wallet wallet, WalletHold hold, absl::Time now) {
  RETURN_IF_ERROR(CheckAmount(hold.amount));
  if (hold.use == WalletUse::kCash && !hold.order.empty()) {
    return InvalidField("order", hold.order, "nothing: a payout is for no order");
  }
  if (hold.use != WalletUse::kCash && hold.order.empty()) {
    return InvalidField("order", "", "the order that it is for");
  }
  Book book(std::move(wallet), now);
  if (const int64_t available = book.wallet().available(); available < hold.amount) {
    return Error(Reason::kAllocationExceeds,
                 StrCat("amount: got ", Shown(hold.amount, book.wallet()), ", want at most ",
                        Shown(available, book.wallet()), ", what is available in ", book.wallet().name()));
  }
  std::vector<WalletLeg> legs;
  hold.parts.clear();
  book.Take(hold.amount, &legs, &hold.parts);
  for (const HoldPart& part : hold.parts) {
    book.lot(part.lot).held += part.amount;
    legs.push_back({WalletAccount::kHeld, part.lot, part.amount});
  }
  book.Post(EntryKind::kHold, hold.path(), std::move(legs));
  return book.Done(std::move(hold));
}

absl::StatusOr<WalletChange> Capture(Wallet wallet, WalletHold hold, std::optional<int64_t> amount, absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t used, AmountOf(wallet, hold, amount, "capture"));
  Book book(std::move(wallet), now);
  Use(&book, &hold, used);
  Touch(&hold, now);
  return book.Done(std::move(hold));
}

absl::StatusOr<WalletChange> Release(Wallet wallet, WalletHold hold, std::optional<int64_t> amount, absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t back, AmountOf(wallet, hold, amount, "release"));
  Book book(std::move(wallet), now);
  GiveBack(&book, &hold, back);
  Touch(&hold, now);
  return book.Done(std::move(hold));
}

absl::StatusOr<WalletChange> Return(Wallet wallet, WalletHold hold, absl::Time now) {
  const int64_t used = hold.captured();
  if (used + hold.held() == 0) return WrongState(hold.name(), "return", NameOf(hold.state), "HELD or CAPTURED");
  Book book(std::move(wallet), now);
  if (used > 0) HoldAgain(&book, &hold, used);
  GiveBack(&book, &hold, hold.held());
  Touch(&hold, now);
  return book.Done(std::move(hold));
}

absl::Status CheckWanted(const WalletHold& hold, const std::optional<OrderOfHold>& order) {
  if (!order.has_value() || order->hold != hold.path() || order->phase != OrderPhase::kCanceled) {
    return absl::OkStatus();
  }
  return InvalidField("wallet_hold.order", order->name(), "an order that is not canceled");
}

absl::Status CheckFree(const WalletHold& hold, const std::optional<OrderOfHold>& order, std::string_view verb) {
  if (hold.use == WalletUse::kCash) {
    return Error(Reason::kInUse,
                 StrCat(hold.name(), ": ", verb, ": its payout moves it, want a hold that is for an order"),
                 {{"resource", hold.name()}});
  }
  if (!order.has_value() || order->hold != hold.path() || order->phase != OrderPhase::kPlaced) return absl::OkStatus();
  return Error(Reason::kInUse,
               StrCat(hold.name(), ": ", verb, ": ", order->name(),
                      " is placed and moves it by what is shipped and canceled, want an order that is not"),
               {{"resource", order->name()}});
}

std::optional<WalletChange> FollowOrder(Wallet wallet, WalletHold hold, const OrderOfHold& order, absl::Time now) {
  if (order.phase == OrderPhase::kDraft) return std::nullopt;
  const int64_t more = std::min(order.used - hold.captured(), hold.held());
  const int64_t rest = order.phase == OrderPhase::kCanceled ? hold.held() - more : 0;
  if (more == 0 && rest == 0) return std::nullopt;
  Book book(std::move(wallet), now);
  if (more > 0) Use(&book, &hold, more);
  if (more < 0) HoldAgain(&book, &hold, -more);
  if (rest > 0) GiveBack(&book, &hold, rest);
  Touch(&hold, now);
  return book.Done(std::move(hold));
}

}  // namespace tributary::incentive
