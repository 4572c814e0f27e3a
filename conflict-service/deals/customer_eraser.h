#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// Erases the names of those of these customers that partner-service has erased (R24): in registrations, which keep
// their customer as its pseudonym, among the spellings that names are matched with, in findings and the evidence of
// cases, whose hashes still verify, and in the sales that these rest on. Erased is every spelling that was matched with
// one of the customer's names, but for those that are a name of another customer too. Under the lock of the deals,
// before CustomerTieStore::Put.
absl::Status EraseCustomers(mysql::Transaction& sql, const std::vector<CustomerFact>& customers);

}  // namespace tributary::conflict
