#pragma once

// The moment of the books that a request asks about: as_of_date and known_time.

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// "2026-03-31 2026-04-05T00:00:00Z", for page tokens.
std::string ToString(const AsOf& as_of);

// INVALID_FIELD where one is no date, or where known_time is still to come.
absl::StatusOr<AsOf> CheckedAsOf(const rpc::Call& call, AsOf as_of);
template <typename Request>
absl::StatusOr<AsOf> ReadAsOf(const rpc::Call& call, const Request& request) {
  AsOf as_of;
  if (request.has_as_of_date()) {
    auto date = wire::FromProto(request.as_of_date());
    if (!date.ok()) return AtField(date.status(), "as_of_date");
    as_of.date = *date;
  }
  if (request.has_known_time()) as_of.known = wire::FromProto(request.known_time());
  return CheckedAsOf(call, as_of);
}

}  // namespace tributary::inventory
