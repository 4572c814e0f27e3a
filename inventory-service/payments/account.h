#pragma once

// A partner's account: the one lock that orders everything about its money (documents, payments, orders), and the
// allocations, which are derived anew in the transaction that changes what they follow from.

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "common/rpc/call.h"

namespace tributary::inventory {

// Locks the accounts, which are the partners' rows, in order, until the transaction ends; of a transaction's locks
// these come first.
absl::Status LockAccounts(mysql::Transaction& sql, const std::set<std::string>& partners, absl::Time now);

// Derives the allocations of these partners from their documents and payments as they are stored by now, and stores and
// tells each payment whose own have changed: as "allocated", or by the verb given for its (partner, id), by which it is
// told in any case. The accounts are locked.
using PaymentVerbs = std::map<std::pair<std::string, std::string>, std::string>;
absl::Status Reallocate(const rpc::Call& call, rpc::Unit& unit, const std::set<std::string>& partners,
                        const PaymentVerbs& verbs = {});

}  // namespace tributary::inventory
