#include "inventory-service/ledger/as_of.h"

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

std::string Text(absl::Time time) { return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()); }

}  // namespace

std::string ToString(const AsOf& as_of) {
  return StrCat(as_of.date.has_value() ? as_of.date->ToString() : "", " ",
                as_of.known.has_value() ? Text(*as_of.known) : "");
}

absl::StatusOr<AsOf> CheckedAsOf(const rpc::Call& call, AsOf as_of) {
  if (as_of.known.has_value() && *as_of.known > call.now) {
    return InvalidField("known_time", Text(*as_of.known), StrCat("a moment up to now, ", Text(call.now)));
  }
  return as_of;
}

}  // namespace tributary::inventory
