#pragma once

// Tells the feed that documents are about to expire, and that they have expired.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// Nothing depends on it but how soon the feed learns: what a document's state is, is worked out when it is read.
class DocumentExpiry : public rpc::Expiry {
 public:
  DocumentExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
