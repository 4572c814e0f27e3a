#pragma once

// Positions and postings in the database.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

struct Position {
  PositionKey key;
  std::map<Bucket, Decimal> units;  // a bucket without units may be left out
  absl::Time update_time;
  // The first day of which the partner's sales at the site are not told; of the present alone.
  std::optional<Date> stale_since;

  Decimal In(Bucket bucket) const {
    const auto found = units.find(bucket);
    return found == units.end() ? Decimal() : found->second;
  }
};

struct RecordedPosting {
  Posting posting;
  events::Cursor cursor;  // of the fact, or its own
  absl::Time recorded_at;
};

// The order of a way: by effective date, cause and place in the feed.
struct WayKey {
  Date day;
  std::string cause;
  int n = 0;
  events::Cursor cursor;
};

// What CheckLedger reads.
struct Balance {
  int64_t postings = 0;
  int64_t positions = 0;
  int64_t differing_positions = 0;
  Decimal partner_units;   // by the positions
  Decimal vendor_units;    // that came from the vendor, less what went back, by the postings
  Decimal customer_units;  // that reached customers, less what came back, by the postings
  Decimal written_off;     // to adjustment and scrap, less what was found, by the postings
  Decimal between;         // handed over to another partner, less what was received, by the postings
  // Every position is the sum of its postings, nothing came from nowhere, and what one partner handed over another has.
  bool balanced() const {
    return differing_positions == 0 && partner_units + customer_units + written_off == vendor_units && between.zero();
  }
};

class LedgerStore {
 public:
  // Adds to the positions, in the order of their keys, which keeps transactions from locking each other crosswise.
  absl::Status AddToPositions(mysql::Transaction& sql, const std::map<BucketKey, Decimal>& changes,
                              absl::Time now) const;
  // Appends them, stamped as in ledger/posting_rows.h, which is for those whose stamps are taken later.
  absl::Status InsertPostings(mysql::Transaction& sql, absl::Span<const Posting> postings,
                              absl::Span<const events::Stamp> stamps) const;

  // The units of these positions now, their rows locked until the end of the transaction, in the order of their keys:
  // what a command decides on. A bucket that was never posted to has none, and no row that could be locked: the caller
  // that finds too few refuses, the one that adds is safe.
  absl::StatusOr<std::map<BucketKey, Decimal>> LockUnits(mysql::Transaction& sql,
                                                         const std::vector<BucketKey>& keys) const;

  // NOT_FOUND where nothing was ever posted there. Without a lot in the key: the sum over all lots.
  absl::StatusOr<Position> GetPosition(mysql::Transaction& sql, const PositionKey& key, const AsOf& as_of = {}) const;
  // By key, a row a lot, after `after`; of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Position>> ListPositions(mysql::Transaction& sql, std::string_view partner,
                                                      const PositionKey& after, const SqlPredicate& filter, int limit,
                                                      const AsOf& as_of = {}) const;
  // Exactly these, as they are now, in no order; those that are not there are left out. Each is read in one moment.
  absl::StatusOr<std::vector<Position>> ReadPositions(mysql::Transaction& sql,
                                                      const std::vector<PositionKey>& keys) const;
  // Which positions the postings in the range of the feed touch; narrowed to a partner, product and lot where these are
  // not empty.
  absl::Status AddTouched(mysql::Transaction& sql, const events::ShardRange& range, const PositionKey& narrowed,
                          std::set<PositionKey>* touched) const;
  // In the order of the feed, after (after, after_n); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<RecordedPosting>> ListPostings(mysql::Transaction& sql, std::string_view partner,
                                                            events::Cursor after, int after_n,
                                                            const SqlPredicate& filter, int limit) const;

  // Whether stock of the product was ever posted, anywhere.
  absl::StatusOr<bool> HasPostings(mysql::Transaction& sql, std::string_view product) const;

  // All postings of a partner's product, of one lot where `lot` has a value ("" is: of no lot), in no order.
  absl::StatusOr<std::vector<RecordedPosting>> PostingsOf(mysql::Transaction& sql, std::string_view partner,
                                                          std::string_view product,
                                                          std::optional<std::string_view> lot = {}) const;
  // Postings of these lots of a product (at least one; "" is: of no lot) at these partners (at least one; "" is the
  // vendor's direct sales), by effective date, cause and place in the feed, after `after` (unset: from the first); at
  // most `limit`.
  absl::StatusOr<std::vector<RecordedPosting>> WayOfLots(mysql::Transaction& sql, const std::set<std::string>& partners,
                                                         std::string_view product,
                                                         const std::vector<std::string_view>& lots,
                                                         const std::optional<WayKey>& after, int limit) const;
  // All postings of a partner's product on that effective date, in no order.
  absl::StatusOr<std::vector<RecordedPosting>> PostingsOn(mysql::Transaction& sql, std::string_view partner,
                                                          std::string_view product, Date day) const;
  // Postings in the range of the feed, in no order.
  absl::StatusOr<std::vector<RecordedPosting>> PostingsIn(mysql::Transaction& sql,
                                                          const events::ShardRange& range) const;
  // Postings in the range that are events of the feed themselves.
  absl::StatusOr<std::vector<RecordedPosting>> OwnEvents(mysql::Transaction& sql,
                                                         const events::ShardRange& range) const;

  // In a transaction of one snapshot (TransactOptions).
  absl::StatusOr<Balance> ReadBalance(mysql::Transaction& sql) const;

  static const std::vector<FilterField>& PositionFields();
  static const std::vector<FilterField>& PostingFields();
};

}  // namespace tributary::inventory
