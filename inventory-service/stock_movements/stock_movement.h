#pragma once

// Stock movements: what moved units at a partner, or between two, without being shipped or sold. Values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// Why units moved. The numbers are stored and are those of the wire.
enum class MovementReason : int {
  kAdjustment = 1,  // found to be more or less: between a site and the adjustment boundary; has a reason code
  kScrap = 2,       // destroyed: from a site to the scrap boundary
  kQuarantine = 3,  // put aside until somebody decides: into a site's quarantine
  kRelease = 4,     // out of quarantine, to be sold
  kDemo = 5,        // to be shown to customers, or back from there: between buckets, one of them demo
  kRotation = 6,    // slow stock goes back to the vendor, or other stock comes for it
  kTransfer = 7,    // from one site to another, of the same partner or of another
};
inline constexpr MovementReason kMovementReasons[] = {
    MovementReason::kAdjustment, MovementReason::kScrap,    MovementReason::kQuarantine, MovementReason::kRelease,
    MovementReason::kDemo,       MovementReason::kRotation, MovementReason::kTransfer};
std::string_view NameOf(MovementReason reason);  // "ADJUSTMENT"

// A movement, identified by (partner, document, line).
struct StockMovement : Fact {
  Date effective_date;
  std::string from;        // place of the partner
  std::string to;          // place of the partner, or of `to_partner` where that is set
  std::string to_partner;  // id of the partner that receives; empty where none does
  MovementReason reason = MovementReason::kAdjustment;
  std::string reason_code;  // of the partner's own scheme; empty where none was told
  std::string note;         // for people
};

// partners/{partner}/movements/{document}.{line}, with the generation.
std::string NameOf(const StockMovement& movement);
std::string KeyOf(const StockMovement& movement);
std::optional<FieldViolation> FirstDifference(const StockMovement& known, const StockMovement& stated);
// One posting; between two partners, one of each: what the first hands over, the second receives.
std::vector<Posting> Movements(const StockMovement& movement);
inline void NegateAmounts(StockMovement*) {}
// None: a movement takes the parts of its own day.
inline std::string KitOriginOf(const StockMovement&) { return {}; }

// Its two places as the wire names them: "partners/acme/sites/main/on_hand", "scrap".
std::string FromLocation(const StockMovement& movement);
std::string ToLocation(const StockMovement& movement);
// Fills partner, from, to and to_partner from two such names. The partner is the one whose site the units leave, or
// where they leave none, the one whose site they reach. INVALID_FIELD of from_location or to_location where one is no
// location or both are boundaries.
absl::Status SetLocations(std::string_view from_location, std::string_view to_location, StockMovement* movement);

// Whether units can have moved in this way for this reason; all that is wrong, in the order of the message's fields.
std::vector<FieldViolation> MovementViolations(const StockMovement& movement);

}  // namespace tributary::inventory
