#pragma once

// Wallets: what a partner has been credited in one currency and not yet used, lot by lot, and the holds on it. Values
// and decisions. Amounts are minor units of the wallet's currency.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class WalletUse : int { kPrice = 1, kPayment = 2, kGoods = 3, kCash = 4 };
enum class HoldState : int { kHeld = 1, kCaptured = 2, kReleased = 3 };
std::string_view NameOf(HoldState state);

// What is released after its lot has expired lives for so many days more.
inline constexpr int kDaysAfterExpiry = 30;
// The most that is in a wallet, or owed to it, and the most that is credited or clawed back at once.
inline constexpr int64_t kMostInWallet = 1'000'000'000'000'000'000;

struct Lot {
  std::string id;
  int64_t amount = 0;     // credited
  int64_t remaining = 0;  // left for holds
  int64_t held = 0;       // taken by holds, neither captured nor released
  Date expires_on;        // the last day on which a hold may take it; what is held does not expire
  Date credit_date;
  std::string source;  // name of what it was credited for, without "partners/{partner}/" where it is the wallet's
  friend bool operator==(const Lot&, const Lot&) = default;
};

struct Wallet {
  std::string partner;
  std::string currency;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  int64_t debt = 0;  // clawed back beyond what there was; while it is above 0 no lot has anything remaining
  int64_t entries = 0;
  int64_t splits = 0;
  std::optional<Decimal> price_share_limit;  // what of an order's net amounts a hold for PRICE may take
  std::vector<Lot> lots;                     // those with something remaining or held, by (expires_on, credit_date, id)

  std::string name() const { return "partners/" + partner + "/wallets/" + currency; }
  int64_t held() const;
  int64_t available() const;  // below 0 by a clawback alone
  int64_t balance() const { return available() + held(); }
};

// What a hold took of one lot.
struct HoldPart {
  std::string lot;
  int64_t amount = 0;
  int64_t captured = 0;
  int64_t released = 0;
  int64_t held() const { return amount - captured - released; }
  friend bool operator==(const HoldPart&, const HoldPart&) = default;
};

struct WalletHold {
  std::string partner;
  std::string currency;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  HoldState state = HoldState::kHeld;
  WalletUse use = WalletUse::kPrice;
  std::string order;  // id; empty where it is for none
  std::string note;
  int64_t amount = 0;
  std::vector<HoldPart> parts;  // in the order in which they were taken

  std::string path() const { return "wallets/" + currency + "/holds/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  int64_t captured() const;
  int64_t released() const;
  int64_t held() const { return amount - captured() - released(); }
};

// Where money of a wallet is. What is available or held is in the wallet; the others say where it came from or went to.
enum class WalletAccount : int {
  kAvailable = 1,
  kHeld = 2,
  kCredited = 3,
  kCaptured = 4,
  kExpired = 5,
  kClawedBack = 6
};
enum class EntryKind : int {
  kCredit = 1,
  kOffset = 2,
  kHold = 3,
  kCapture = 4,
  kRelease = 5,
  kExpire = 6,
  kClawback = 7,
  kRestore = 8
};

struct WalletLeg {
  WalletAccount account;
  std::string lot;     // of kAvailable and kHeld; empty: what is owed, or another account
  int64_t amount = 0;  // into the account
};
// The amounts of its legs sum to 0.
struct WalletEntry {
  EntryKind kind;
  std::string cause;  // name of what moved it, without "partners/{partner}/" where it is the wallet's
  std::vector<WalletLeg> legs;
};

// How far the order of a hold has come, as the feed tells it. The numbers are stored.
enum class OrderPhase : int { kDraft = 1, kPlaced = 2, kCanceled = 3 };

// An order that names a hold.
struct OrderOfHold {
  std::string partner;
  std::string order;  // id
  std::string hold;   // path of the hold that it names
  OrderPhase phase = OrderPhase::kDraft;
  int64_t used = 0;  // what of the hold is used by what is shipped

  std::string name() const { return "partners/" + partner + "/orders/" + order; }
};

// What a decision makes of a wallet: the wallet and the hold as they are afterwards, and what moved.
struct WalletChange {
  Wallet wallet;  // also with lots that have become empty, so that they can be stored
  std::optional<WalletHold> hold;
  std::vector<WalletEntry> entries;
};

// In the order in which holds take them.
bool TakenBefore(const Lot& a, const Lot& b);

// The wallet as of a day: what remains of lots whose last day has passed is gone.
Wallet AsOf(Wallet wallet, Date today);

// Adds a lot of `lot.amount`; what is owed is taken of it first. INVALID_FIELD amount where it is not above 0; OVERFLOW
// above kMostInWallet; ALREADY_EXISTS where a lot of the wallet has its id (of those in it; the store knows the
// others).
absl::StatusOr<WalletChange> Credit(Wallet wallet, Lot lot, absl::Time now);

// Takes `amount` back, of the lots in their order; what there is not is owed. What is held stays held.
// INVALID_FIELD amount, OVERFLOW as for Credit.
absl::StatusOr<WalletChange> ClawBack(Wallet wallet, int64_t amount, std::string_view cause, absl::Time now);

// Takes hold.amount of the lots in their order. In this order: INVALID_FIELD amount where it is not above 0;
// INVALID_FIELD order where it is missing, or set for CASH; ALLOCATION_EXCEEDS where less is available.
absl::StatusOr<WalletChange> PlaceHold(Wallet wallet, WalletHold hold, absl::Time now);

// Uses what is held, of the parts in their order; without an amount all of it. STATE_CONFLICT where nothing is held;
// INVALID_FIELD amount where it is not above 0; ALLOCATION_EXCEEDS where less is held.
absl::StatusOr<WalletChange> Capture(Wallet wallet, WalletHold hold, std::optional<int64_t> amount, absl::Time now);

// Gives what is held back to the lots that it came from, the last taken first; without an amount all of it. What comes
// back after its lot has expired becomes a lot that lives kDaysAfterExpiry days more; what is owed is taken of what
// comes back. Refused as Capture.
absl::StatusOr<WalletChange> Release(Wallet wallet, WalletHold hold, std::optional<int64_t> amount, absl::Time now);

// Undoes a hold, used or not: what was captured is held again, and all that is held given back, as by Release. The
// wallet has all lots of the hold. STATE_CONFLICT where nothing is captured or held.
absl::StatusOr<WalletChange> Return(Wallet wallet, WalletHold hold, absl::Time now);

// INVALID_FIELD order where the order that is to use the hold is canceled already.
absl::Status CheckWanted(const WalletHold& hold, const std::optional<OrderOfHold>& order);

// IN_USE where nobody else may move the hold: the order names it and is placed, or it is for CASH and so its payout's.
absl::Status CheckFree(const WalletHold& hold, const std::optional<OrderOfHold>& order, std::string_view verb);

// Brings a hold to where its order is: what the order has used is captured, as far as there is that much of it, in the
// order of Capture; what it turned out not to have used is held again, the last captured first; of a canceled order the
// rest is released, as by Release. Nothing of a draft. Unset where nothing moves, as when it is told again. The wallet
// has all lots of the hold.
std::optional<WalletChange> FollowOrder(Wallet wallet, WalletHold hold, const OrderOfHold& order, absl::Time now);

}  // namespace tributary::incentive
