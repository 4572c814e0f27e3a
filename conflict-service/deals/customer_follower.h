#pragma once

#include "common/rpc/expiry.h"
#include "conflict-service/deals/customer_index.h"

namespace tributary::conflict {

// Reads every ten seconds what is new among spellings, so that a replica that nobody asks anything forgets the names of
// erased customers too. Each replica runs one; nothing is stored by it.
class CustomerFollower : public rpc::Expiry {
 public:
  // All outlive it.
  CustomerFollower(mysql::Database& database, const Clock& clock, CustomerIndex& customers);
};

}  // namespace tributary::conflict
