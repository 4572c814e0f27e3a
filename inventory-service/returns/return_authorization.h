#pragma once

// Return authorizations: goods that a partner may send back to the vendor, or destroy instead. Values and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class ReturnState : int { kRequested = 1, kApproved = 2, kReceived = 3, kRejected = 4 };
std::string_view NameOf(ReturnState state);
enum class Disposition : int {
  kRestock = 1,  // the units go back to the vendor
  kScrap = 2,    // they are destroyed where they are
};

struct ReturnLine {
  std::string document;  // of the line of a shipment that the units came on
  int line = 0;
  std::string product;
  std::string lot;
  std::vector<std::string> serials;
  Decimal quantity;            // in the product's base unit; 0 while it is only stated in `unit`
  std::string unit;            // id of the unit in which it was stated; empty where in base units
  Decimal unit_quantity;       // as it was stated in that unit
  bool posted = true;          // whether it moves stock when it is received: where the shipment's line did
  std::vector<KitPart> parts;  // of a kit: what then moves in its place; else empty
};

struct ReturnAuthorization {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  ReturnState state = ReturnState::kRequested;
  std::string site = std::string(kMainSite);  // id of where the units lie
  Disposition disposition = Disposition::kRestock;
  std::string reason_code;
  std::string note;
  std::optional<Date> receive_date;  // set when received
  std::vector<ReturnLine> lines;

  std::string name() const;  // partners/{partner}/returns/{id}
};

using ShipmentKey = std::pair<std::string, int>;  // document and number of a shipment's line

// What can go back of a line of a shipment.
struct Returnable {
  std::string product;
  Decimal shipped;  // less what other facts say went back
  Decimal claimed;  // by other authorizations that were not rejected
  // Of the line as it stands: what it moved.
  bool posted = true;
  Decimal quantity;
  std::vector<KitPart> parts;
};

// Refusals, line by line: REFERENCE_NOT_FOUND where the shipment's line is not there or is of another product,
// OVER_RETURNED where more would go back than was shipped. Lines of one shipment's line count together.
absl::Status CheckReturnable(const std::vector<ReturnLine>& lines, const std::map<ShipmentKey, Returnable>& returnable);

// Gives lines of kits the parts that their shipments' lines moved, in proportion. INVALID_FIELD where a lot or a serial
// number of a kit is told, NOT_A_MULTIPLE and OVERFLOW where a part would be no quantity.
absl::Status TakeParts(const std::map<ShipmentKey, Returnable>& returnable, std::vector<ReturnLine>* lines);

// From REQUESTED; STATE_CONFLICT.
absl::StatusOr<ReturnAuthorization> Approve(ReturnAuthorization authorization, absl::Time now);
absl::StatusOr<ReturnAuthorization> Reject(ReturnAuthorization authorization, absl::Time now);
// From APPROVED: the units have left the partner on that day. STATE_CONFLICT; SITE_CLOSED; INSUFFICIENT_STOCK where
// less lies there (`units`) and the site refuses to go below zero. A site without a row is open and refuses.
absl::StatusOr<ReturnAuthorization> Receive(ReturnAuthorization authorization, Date day,
                                            const std::optional<Site>& site, const std::map<BucketKey, Decimal>& units,
                                            absl::Time now);
// What Receive moves.
std::vector<Posting> Movements(const ReturnAuthorization& authorization);

}  // namespace tributary::inventory
