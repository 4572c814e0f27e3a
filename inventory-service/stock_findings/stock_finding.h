#pragma once

// Stock findings: facts of stock that contradict a rule. They are kept, for they are the evidence. Which findings are
// open is a function of the facts alone, whatever order they came in. Pure values and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/serials/serial_unit.h"
#include "inventory-service/stock_movements/stock_movement.h"
#include "inventory-service/territories/territory.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class StockRule : int {
  kNegativeStock = 1,     // at the end of a day, less than nothing lay in a bucket
  kSerialElsewhere = 2,   // a unit left where, by the fact before, it was not
  kExpiredLot = 3,        // units of a lot went on to be used after its last day
  kClosedSite = 4,        // units came to or left a site on or after the day on which it closed
  kCountOff = 5,          // a count's adjustment was moved after its approval, to more than the site tolerates
  kOutsideTerritory = 6,  // a partner took units over from another one where none of its grants covers them
};
inline constexpr StockRule kStockRules[] = {StockRule::kNegativeStock, StockRule::kSerialElsewhere,
                                            StockRule::kExpiredLot,    StockRule::kClosedSite,
                                            StockRule::kCountOff,      StockRule::kOutsideTerritory};
std::string_view NameOf(StockRule rule);  // "NEGATIVE_STOCK"

enum class FindingState : int { kOpen = 1, kWithdrawn = 2 };
std::string_view NameOf(FindingState state);

// What a rule says of what.
struct FindingSubject {
  StockRule rule = StockRule::kNegativeStock;
  std::string partner;
  std::string product;
  std::string site;  // empty where no site is meant
  Bucket bucket = Bucket::kOnHand;
  std::string lot;     // empty for all lots together
  std::string serial;  // empty where no unit is meant
  friend auto operator<=>(const FindingSubject&, const FindingSubject&) = default;
};

// What is concluded from facts, and nothing of when it was.
struct Conclusion {
  FindingSubject subject;
  Date first_day;                 // on which the rule was first broken
  Decimal quantity;               // how deep stock went below zero, by how much a count is off, else how many units
                                  // broke the rule
  std::optional<Date> limit_day;  // the lot's last day, the day on which the site closed
  int64_t facts = 0;              // how many facts broke it; of NEGATIVE_STOCK, how many took units away on first_day
  std::vector<std::string> evidence;  // their names, sorted, the first kMostEvidence
  friend bool operator==(const Conclusion&, const Conclusion&) = default;
};
inline constexpr size_t kMostEvidence = 20;

// Last segment of the finding's name: 32 hexadecimal digits of SHA-256 over the subject, so that the same facts give
// the same name in every replica.
std::string FindingId(const FindingSubject& subject);
// In words, for people.
std::string Explain(const Conclusion& conclusion);

struct StockFinding {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  FindingState state = FindingState::kOpen;
  Conclusion conclusion;
  std::string name() const;  // partners/{partner}/stockFindings/{id}
};

struct FindingChange {
  std::string_view verb;  // "opened", "reopened", "changed", "withdrawn"; the event's
  StockFinding finding;   // as it is afterwards
};

// What brings `stored` (all findings, of any state, about what was looked at) into agreement with `conclusions` about
// the same: a conclusion without a finding opens one, a withdrawn finding that is concluded again opens again, an open
// one that is concluded differently changes, an open one that is not concluded is withdrawn and keeps its content.
std::vector<FindingChange> Reconcile(const std::vector<StockFinding>& stored,
                                     const std::vector<Conclusion>& conclusions, absl::Time now);

// The rules. Days are changes of units by effective date, of one position and bucket; facts of one day are not ordered,
// so what counts is what lay there at its end.
struct BelowZero {
  Date first_day;
  Decimal depth;  // the lowest it got, as a positive number
};
std::optional<BelowZero> LowestOf(const std::map<Date, Decimal>& changes);

// Of `postings` (all of the partner and product with this effective date) the facts that took units away from the
// subject, into `conclusion`.
void AddTakers(absl::Span<const Posting> postings, Conclusion* conclusion);
// `postings`: all of the partner's, of this product and lot. nullopt where none breaks the rule.
std::optional<Conclusion> ExpiredLot(const FindingSubject& subject, Date expires_on,
                                     absl::Span<const Posting> postings);
// `postings`: all of the partner's, of this product.
std::optional<Conclusion> ClosedSite(const FindingSubject& subject, Date closed_on, absl::Span<const Posting> postings);
// `postings`: all of the partner's, of this product, as recorded (`because`). The evidence are the counts that are off,
// the quantity is by how much the worst of them.
std::optional<Conclusion> CountOff(const FindingSubject& subject, Decimal tolerance,
                                   absl::Span<const Posting> postings);
// `received`: transfers that stand and that one partner took over from others. `places`: where its sites are; what came
// to a site of which nobody says in which region it lies is not judged. The grants are the receiver's. One a product
// and site.
std::vector<Conclusion> OutsideTerritory(absl::Span<const StockMovement> received,
                                         const std::map<std::string, ShipTo>& places,
                                         const std::vector<TerritoryGrant>& grants);
// One a partner whose facts moved the unit from where it was not.
std::vector<Conclusion> SerialElsewhere(const SerialUnit& unit);

}  // namespace tributary::inventory
