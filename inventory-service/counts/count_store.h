#pragma once

// Counts in the database, and which of them hold.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/counts/count.h"
#include "inventory-service/counts/rederivation.h"

namespace tributary::inventory {

// A posting that adjusts the books to a count.
struct CountAdjustment {
  std::string product;
  std::string lot;
  Bucket bucket = Bucket::kOnHand;
  Decimal units;        // more at the site; negative: fewer
  std::string because;  // name of what was told later and asked for it; empty for the adjustment at the approval
  absl::Time recorded_at;
};

class CountStore {
 public:
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const StockCount& count) const;
  // The head and, where the count is OPEN or becomes SUBMITTED, its lines.
  absl::Status Update(mysql::Transaction& sql, const StockCount& count) const;
  // NOT_FOUND.
  absl::StatusOr<StockCount> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<StockCount> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<StockCount>> List(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view after_partner, std::string_view after_id,
                                               const SqlPredicate& filter, int limit) const;

  // By position: the units that the count would find at the end of its day, by bucket, without what it adjusted itself.
  // What the books have nothing of is left out; there may be others beside the count's own.
  absl::StatusOr<std::map<PositionKey, std::map<Bucket, Decimal>>> Books(mysql::Transaction& sql,
                                                                         const StockCount& count) const;
  // Positions of the site that the books have at the end of `closing`, zeros left out.
  absl::StatusOr<std::vector<PositionKey>> Known(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view site, Date closing) const;

  // The lines of an approved count hold from now on. STATE_CONFLICT, with nothing stored, where another count of the
  // same day counts other buckets of one of the positions.
  absl::Status Hold(mysql::Transaction& sql, const StockCount& count) const;
  // The last day on which something was counted, by partner and site, where that is `from` or later.
  absl::StatusOr<std::map<std::pair<std::string, std::string>, Date>> LastClosings(
      mysql::Transaction& sql, const std::vector<std::string_view>& partners) const;
  // Counts of the position that hold, from that day on, in the order of their days.
  absl::StatusOr<std::vector<StandingCount>> Standing(mysql::Transaction& sql, const PositionKey& key, Date from) const;

  // What the count has adjusted, as known at `known` (unset: now), in the order in which it was recorded.
  absl::StatusOr<std::vector<CountAdjustment>> Adjustments(mysql::Transaction& sql, const StockCount& count,
                                                           std::optional<absl::Time> known) const;

  static const std::vector<FilterField>& Fields();

 private:
  // STATE_CONFLICT as Hold.
  absl::Status CheckAlone(mysql::Transaction& sql, const StockCount& count) const;
};

}  // namespace tributary::inventory
