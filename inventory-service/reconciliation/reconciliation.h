#pragma once

// Three-way reconciliation (R17): what was sold in, what was sold through and what a partner reports to have, by
// product and lot, in a period. Values and decisions. It proposes which facts explain a gap, and posts nothing.

#include <compare>
#include <cstdint>
#include <map>
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
#include "inventory-service/reconciliation/explanation.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class ReconciliationState : int {
  kMatched = 1,      // the partner has what the books say
  kExplained = 2,    // existing facts sum to the gap
  kUnexplained = 3,  // none do
  kUnknown = 4,      // the partner did not say what it has: that is not zero
};
std::string_view NameOf(ReconciliationState state);

// What is reconciled: both days lie in the period. Without a lot: units of all lots together.
struct ReconciliationKey {
  std::string partner;
  std::string product;
  std::optional<std::string> lot;  // code; empty: units of no lot
  Date from;
  Date to;
  friend auto operator<=>(const ReconciliationKey&, const ReconciliationKey&) = default;
};

// "2026-06-01.2026-06-30.bike", with ".L9" for that lot and "." for units of no lot. Ids of products have no dots.
std::string SegmentOf(const ReconciliationKey& key);
// nullopt where it is none.
std::optional<ReconciliationKey> ParseReconciliationSegment(std::string_view partner, std::string_view segment);
std::string NameOf(const ReconciliationKey& key);

// INVALID_FIELD of from_date or to_date: the wrong way round, more than kMostReconciledDays, or a last day after
// `today`.
inline constexpr int kMostReconciledDays = 400;
absl::Status CheckPeriod(Date from, Date to, Date today);

// In the product's base unit. What lies at the partner is what a count would find; what is in transit is not.
struct ReconciliationFigures {
  std::optional<Decimal> opening_reported;  // at the end of the day before the period; unset where not reported
  std::optional<Decimal> reported;          // at its end
  Decimal opening_book;
  Decimal opening_in_transit;
  Decimal sell_in;                            // shipped by the vendor in the period, less what went back
  Decimal sell_through;                       // sold on, less what came back
  Decimal transferred_in;                     // from other partners
  Decimal transferred_out;                    // to other partners
  Decimal adjusted;                           // found less written off, scrapped or lost
  Decimal in_transit;                         // at the end of the period
  Decimal book;                               // at the end of the period
  std::vector<std::string> unreported_sites;  // ids, sorted: with stock by the books and without a word of the partner
  Explanation explanation;                    // of a gap that is known

  std::optional<Decimal> gap() const;  // reported - book
  ReconciliationState state() const;
  friend bool operator==(const ReconciliationFigures&, const ReconciliationFigures&) = default;
};

// Somebody took the figures of this revision for good.
struct Acceptance {
  std::string acceptor;  // subject
  absl::Time time;
  std::string note;
  friend bool operator==(const Acceptance&, const Acceptance&) = default;
};

struct Reconciliation {
  ReconciliationKey key;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 1;  // counts the figures that runs found, from 1
  absl::Time run_time;   // of the run that found these
  ReconciliationFigures figures;
  std::optional<Acceptance> acceptance;

  std::string name() const { return NameOf(key); }
};

// The reconciliation once a run has found `figures`: the first revision where `before` is null, the next one, which
// nobody has accepted yet, where they differ from it; nullopt where they do not.
std::optional<Reconciliation> Rerun(const Reconciliation* before, const ReconciliationKey& key,
                                    ReconciliationFigures figures, absl::Time now);

// Refused, in this order: STATE_CONFLICT where the figures are UNKNOWN or accepted already; ETAG_MISMATCH where the
// facts say something else by now (`current`), which a run would find.
absl::StatusOr<Reconciliation> Accept(Reconciliation reconciliation, const ReconciliationFigures& current,
                                      std::string_view subject, std::string_view note, absl::Time now);

}  // namespace tributary::inventory
