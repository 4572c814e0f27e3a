#pragma once

// Wallets, their holds and their ledger in the database. Each call works in the caller's transaction. Who reads a
// wallet for update has its row until the transaction ends, and so its lots and holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

struct WalletKey {
  std::string partner;
  std::string currency;
};
struct WalletHoldKey {
  WalletKey wallet;
  std::string hold;
};

// An entry as it is stored.
struct StoredWalletEntry {
  struct Leg {
    WalletLeg leg;
    Date expires_on;  // of its lot, and so below; where it has one
    Date credit_date;
  };
  WalletKey wallet;
  int64_t number = 0;
  absl::Time entry_time;
  EntryKind kind = EntryKind::kCredit;
  std::string cause;
  std::vector<Leg> legs;
};

class WalletStore {
 public:
  // As stored: call AsOf to see it as of a day. NOT_FOUND.
  absl::StatusOr<Wallet> Get(mysql::Transaction& sql, const WalletKey& key) const;
  absl::StatusOr<Wallet> GetForUpdate(mysql::Transaction& sql, const WalletKey& key) const;
  // By (partner, currency), after `after`; of one partner or of all.
  absl::StatusOr<std::vector<Wallet>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                           const WalletKey& after, int limit) const;

  // NOT_FOUND. Whoever is to change it has read its wallet for update.
  absl::StatusOr<WalletHold> GetHold(mysql::Transaction& sql, const WalletHoldKey& key) const;
  // By (partner, currency, hold), after `after`; of one partner or of all, of one currency or of all.
  static const std::vector<FilterField>& HoldFilterFields();  // state, use, order, create_time
  absl::StatusOr<std::vector<WalletHold>> ListHolds(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                    const std::optional<std::string>& currency,
                                                    const WalletHoldKey& after, const SqlPredicate& where,
                                                    int limit) const;

  // By number, after `after`.
  absl::StatusOr<std::vector<StoredWalletEntry>> ListEntries(mysql::Transaction& sql, const WalletKey& key,
                                                             int64_t after, int limit) const;

  // Stores what is allowed of a wallet read by GetForUpdate, as its next version.
  absl::Status SaveLimit(mysql::Transaction& sql, const Wallet& wallet) const;

  // Adds the lots that the hold took and that have nothing in them any more.
  absl::Status AddLotsOf(mysql::Transaction& sql, const WalletHold& hold, Wallet* wallet) const;

  // The order that the hold is for, as the feed told it last; unset where it is for none, or none was told that names a
  // hold.
  absl::StatusOr<std::optional<OrderOfHold>> OrderOf(mysql::Transaction& sql, const WalletHold& hold) const;
  // Keeps what the feed tells of an order that names a hold, and drops one that names none any more.
  absl::Status PutOrder(mysql::Transaction& sql, const OrderOfHold& order) const;
  absl::Status ForgetOrder(mysql::Transaction& sql, const OrderOfHold& order) const;

  // Stores what was decided of a wallet read by GetForUpdate: the wallet with its lots, the hold, the entries.
  // ALREADY_EXISTS where a new hold's id is taken.
  absl::Status Save(mysql::Transaction& sql, const WalletChange& change) const;

  // Credits a lot to a partner's wallet, which is made where there is none. As incentive::Credit; ALREADY_EXISTS also
  // where a lot of that id has been used up.
  absl::Status Credit(mysql::Transaction& sql, const WalletKey& key, const Lot& lot, absl::Time now) const;
  // Takes money back. As incentive::ClawBack.
  absl::Status ClawBack(mysql::Transaction& sql, const WalletKey& key, int64_t amount, std::string_view cause,
                        absl::Time now) const;

  // How often the books disagree: entries that do not sum to 0, lots and debts that are not the sum of their entries,
  // lots that do not hold what their holds hold. 0 at all times. Reads everything.
  absl::StatusOr<int64_t> Mismatches(mysql::Transaction& sql) const;

 private:
  // The wallet for update; made where there is none.
  absl::StatusOr<Wallet> Ensure(mysql::Transaction& sql, const WalletKey& key, absl::Time now) const;
};

}  // namespace tributary::incentive
