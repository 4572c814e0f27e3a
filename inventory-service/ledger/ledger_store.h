#pragma once

// Sites, positions and postings in the database.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"
#include "common/ids/uuid.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

struct Site {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string display_name;
  std::string region;  // id; empty where not told
};

struct Position {
  PositionKey key;
  Decimal on_hand;
  absl::Time update_time;
};

struct RecordedPosting {
  Posting posting;
  events::Cursor cursor;  // of the fact
  int n = 0;              // counts the postings of one fact
  absl::Time recorded_at;
};

// What CheckLedger reads.
struct Balance {
  int64_t postings = 0;
  int64_t positions = 0;
  int64_t differing_positions = 0;
  Decimal partner_units;   // by the positions
  Decimal vendor_units;    // that came from the vendor, less what went back, by the postings
  Decimal customer_units;  // that reached customers, less what came back, by the postings
  // Every position is the sum of its postings, and nothing came from nowhere.
  bool balanced() const { return differing_positions == 0 && partner_units + customer_units == vendor_units; }
};

class LedgerStore {
 public:
  // ALREADY_EXISTS where the partner has the site.
  absl::Status InsertSite(mysql::Transaction& sql, const Site& site) const;
  // Makes the sites that are not there yet.
  absl::Status EnsureSites(mysql::Transaction& sql, absl::Span<const Site> sites) const;
  absl::StatusOr<Site> GetSite(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Site>> ListSites(mysql::Transaction& sql, std::string_view partner,
                                              std::string_view after_partner, std::string_view after_id,
                                              const SqlPredicate& filter, int limit) const;

  // Adds to the positions, in the order of their keys, which keeps transactions from locking each other crosswise.
  absl::Status AddToPositions(mysql::Transaction& sql, const std::map<PositionKey, Decimal>& changes,
                              absl::Time now) const;
  // Appends; stamps[i] is that of the fact which caused postings[i].
  absl::Status InsertPostings(mysql::Transaction& sql, absl::Span<const Posting> postings,
                              absl::Span<const events::Stamp> stamps) const;

  // NOT_FOUND where nothing was ever posted there.
  absl::StatusOr<Position> GetPosition(mysql::Transaction& sql, const PositionKey& key) const;
  // By key, after `after`; of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Position>> ListPositions(mysql::Transaction& sql, std::string_view partner,
                                                      const PositionKey& after, const SqlPredicate& filter,
                                                      int limit) const;
  // In the order of the feed, after (after, after_n); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<RecordedPosting>> ListPostings(mysql::Transaction& sql, std::string_view partner,
                                                            events::Cursor after, int after_n,
                                                            const SqlPredicate& filter, int limit) const;

  // One statement, hence one snapshot.
  absl::StatusOr<Balance> ReadBalance(mysql::Transaction& sql) const;

  static const std::vector<FilterField>& SiteFields();
  static const std::vector<FilterField>& PositionFields();
  static const std::vector<FilterField>& PostingFields();
};

}  // namespace tributary::inventory
