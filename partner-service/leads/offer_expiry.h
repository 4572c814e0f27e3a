#pragma once

// Ends offers of leads whose time has run out, so that the lead is open again.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// Nothing depends on it but how soon the feed learns: an offer that is out of time can no longer be accepted, whether
// it has been here or not.
class OfferExpiry : public rpc::Expiry {
 public:
  OfferExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
