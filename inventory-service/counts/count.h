#pragma once

// Stock-takes and cycle counts: what lay at a site at a moment, as somebody counted it. Values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// The numbers are those of the proto, and in the database.
enum class CountState : int { kOpen = 1, kSubmitted = 2, kApproved = 3, kRejected = 4 };
enum class CountBoundary : int { kBeforeOpening = 1, kAfterClosing = 2 };

std::string_view NameOf(CountState state);

struct CountLine {
  std::string product;
  std::string lot;
  std::optional<Bucket> bucket;  // unset: all that a count finds
  Decimal counted;               // in the product's base unit
  std::string unit;              // id of the unit in which it was counted; empty where in base units
  Decimal unit_quantity;         // as it was counted in that unit
  bool listed = true;            // false where a complete count did not mention what the books have: it counts as none
};

struct StockCount {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  CountState state = CountState::kOpen;
  std::string site;
  CountBoundary boundary = CountBoundary::kAfterClosing;
  Date date;
  bool blind = false;     // the books are not shown until it is submitted
  bool complete = false;  // what is not listed is not there
  std::string submitter;  // subjects of those who did
  std::string approver;
  std::vector<CountLine> lines;

  std::string name() const;
  // The day at whose end the count holds: facts have days, and lie at the end of theirs.
  Date closing() const { return boundary == CountBoundary::kAfterClosing ? date : date.AddDays(-1); }
  PositionKey KeyOf(const CountLine& line) const { return {partner, site, line.product, line.lot}; }
};

std::string CountName(std::string_view partner, std::string_view id);

// INVALID_FIELD with all that is wrong: two lines on one position and bucket, one that names a bucket beside one that
// counts all, a negative count, a boundary after `today`.
absl::Status CheckCount(const StockCount& count, Date today);

// Moves of its life. STATE_CONFLICT where its state forbids it, in this order:
//   revise, submit   OPEN
//   approve, reject  SUBMITTED, and by somebody else than who submitted (SECOND_PERSON_REQUIRED)
absl::StatusOr<StockCount> Revise(StockCount count, std::vector<CountLine> lines, absl::Time now);
absl::StatusOr<StockCount> Submit(StockCount count, std::string_view subject, absl::Time now);
absl::StatusOr<StockCount> Approve(StockCount count, std::string_view subject, absl::Time now);
absl::StatusOr<StockCount> Reject(StockCount count, std::string_view subject, absl::Time now);
// A submitted count that is taken back, by who submitted it as well: REJECTED. STATE_CONFLICT unless it is SUBMITTED.
absl::StatusOr<StockCount> TakeBack(StockCount count, std::string_view subject, absl::Time now);
// A submitted count none of whose lines is off by more than the site's tolerance needs nobody's approval.
StockCount ApproveWithinTolerance(StockCount count, absl::Time now);

}  // namespace tributary::inventory
