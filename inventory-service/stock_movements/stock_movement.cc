#include "inventory-service/stock_movements/stock_movement.h"

#include "common/ids/resource_name.h"
#include "common/text/text.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kWantLocation =
    "vendor, adjustment, scrap, or partners/{partner}/sites/{site}/{bucket} with bucket on_hand, reserved, quarantine, "
    "demo or in_transit";

// A location as a place, and whose site it is; a boundary is nobody's.
struct Location {
  std::string partner;
  std::string place;
};

absl::StatusOr<Location> LocationOf(std::string_view field, std::string_view name) {
  const std::string partner(PartnerOf(name));
  const std::optional<std::string> place = PlaceFromName(partner, name);
  // What customers take is a sale, and what is handed over names both sites.
  if (!place.has_value() || *place == kCustomer || *place == kTransfer) {
    return InvalidField(field, name, kWantLocation);
  }
  const auto ids = ParseResourceName(name, "partners/{partner}/sites/{site}/{bucket}");
  if (IsSite(*place) && (!ids.ok() || !IsResourceId(ids->at(1)))) return InvalidField(field, name, kWantLocation);
  return Location{partner, *place};
}

}  // namespace

std::string_view NameOf(MovementReason reason) {
  switch (reason) {
    case MovementReason::kAdjustment:
      return "ADJUSTMENT";
    case MovementReason::kScrap:
      return "SCRAP";
    case MovementReason::kQuarantine:
      return "QUARANTINE";
    case MovementReason::kRelease:
      return "RELEASE";
    case MovementReason::kDemo:
      return "DEMO";
    case MovementReason::kRotation:
      return "ROTATION";
    case MovementReason::kTransfer:
      return "TRANSFER";
  }
  return {};
}

std::string NameOf(const StockMovement& movement) {
  return StrCat("partners/", movement.partner, "/movements/",
                SaleSegment(movement.document, movement.line, movement.generation));
}

std::string KeyOf(const StockMovement& movement) {
  return StrCat(movement.partner, "/", movement.document, "/", movement.line);
}

std::optional<FieldViolation> FirstDifference(const StockMovement& known, const StockMovement& stated) {
  if (auto d = Differs("effective_date", known.effective_date.ToString(), stated.effective_date.ToString())) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = Differs("serials", SerialsText(known.serials), SerialsText(stated.serials))) return d;
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("from_location", FromLocation(known), FromLocation(stated))) return d;
  if (auto d = Differs("to_location", ToLocation(known), ToLocation(stated))) return d;
  if (auto d = Differs("reason", NameOf(known.reason), NameOf(stated.reason))) return d;
  if (auto d = Differs("reason_code", known.reason_code, stated.reason_code)) return d;
  return Differs("note", known.note, stated.note);
}

std::vector<Posting> Movements(const StockMovement& movement) {
  Posting posting{.from = movement.from,
                  .to = movement.to,
                  .quantity = movement.quantity,
                  .effective_date = movement.effective_date};
  if (movement.to_partner.empty()) return {posting};
  Posting received = posting;
  received.partner = movement.to_partner;
  received.from = std::string(kTransfer);
  posting.to = std::string(kTransfer);
  return {posting, received};
}

std::string FromLocation(const StockMovement& movement) { return LocationName(movement.partner, movement.from); }

std::string ToLocation(const StockMovement& movement) {
  return LocationName(movement.to_partner.empty() ? movement.partner : movement.to_partner, movement.to);
}

absl::Status SetLocations(std::string_view from_location, std::string_view to_location, StockMovement* movement) {
  ASSIGN_OR_RETURN(const Location from, LocationOf("from_location", from_location));
  ASSIGN_OR_RETURN(const Location to, LocationOf("to_location", to_location));
  if (!IsSite(from.place) && !IsSite(to.place)) {
    return InvalidField("to_location", to_location, "a partner's site, for from_location is none");
  }
  movement->partner = IsSite(from.place) ? from.partner : to.partner;
  movement->to_partner = IsSite(from.place) && IsSite(to.place) && from.partner != to.partner ? to.partner : "";
  movement->from = from.place;
  movement->to = to.place;
  return absl::OkStatus();
}

std::vector<FieldViolation> MovementViolations(const StockMovement& movement) {
  std::vector<FieldViolation> violations;
  const auto refuse = [&](std::string_view field, std::string_view got, std::string_view want) {
    violations.push_back({.field = std::string(field), .got = std::string(got), .want = std::string(want)});
  };
  const bool leaves_site = IsSite(movement.from);
  const bool reaches_site = IsSite(movement.to);
  const bool in = reaches_site && BucketOf(movement.to) == Bucket::kQuarantine;
  const bool out = leaves_site && BucketOf(movement.from) == Bucket::kQuarantine;
  const Decimal quantity = movement.stated_quantity();
  if (!(Decimal() < quantity)) refuse(movement.quantity_field(), quantity.ToString(), "more than 0");
  const std::string from = FromLocation(movement);
  const std::string to = ToLocation(movement);
  if (from == to) {
    refuse("to_location", to, "another location than from_location");
    return violations;
  }
  switch (movement.reason) {
    case MovementReason::kAdjustment:
      if (movement.from != kAdjustment && movement.to != kAdjustment) {
        refuse("to_location", to, "adjustment on one side, for an ADJUSTMENT");
      }
      if (movement.reason_code.empty()) refuse("reason_code", "", "the code of what was wrong, for an ADJUSTMENT");
      break;
    case MovementReason::kScrap:
      if (movement.to != kScrap) refuse("to_location", to, "scrap, for SCRAP");
      break;
    case MovementReason::kQuarantine:
      if (!leaves_site || out) refuse("from_location", from, "a bucket that is no quarantine, for QUARANTINE");
      if (!in) refuse("to_location", to, "a site's quarantine, for QUARANTINE");
      break;
    case MovementReason::kRelease:
      if (!out) refuse("from_location", from, "a site's quarantine, for RELEASE");
      if (!reaches_site || in) refuse("to_location", to, "a bucket that is no quarantine, for RELEASE");
      break;
    case MovementReason::kDemo: {
      const bool shown = leaves_site && BucketOf(movement.from) == Bucket::kDemo;
      const bool to_be_shown = reaches_site && BucketOf(movement.to) == Bucket::kDemo;
      if (!leaves_site || !reaches_site || shown == to_be_shown) {
        refuse("to_location", to, "a site's demo on one side and another bucket on the other, for DEMO");
      }
      break;
    }
    case MovementReason::kRotation:
      if (movement.from != kVendor && movement.to != kVendor) {
        refuse("to_location", to, "vendor on one side, for ROTATION");
      }
      break;
    case MovementReason::kTransfer:
      if (!leaves_site) refuse("from_location", from, "a partner's site, for TRANSFER");
      if (!reaches_site) refuse("to_location", to, "a partner's site, for TRANSFER");
      break;
  }
  // One partner's units end at another partner only as a transfer.
  if (violations.empty() && !movement.to_partner.empty() && movement.reason != MovementReason::kTransfer) {
    refuse("to_location", to, StrCat("a site of ", PartnerName(movement.partner), ", for ", NameOf(movement.reason)));
  }
  return violations;
}

}  // namespace tributary::inventory
