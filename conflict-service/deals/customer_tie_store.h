#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// Which customers of partner-service the names in registrations are, through all merges. Stateless and thread-safe.
class CustomerTieStore {
 public:
  // As they are told, the later of one customer last. Under the lock of the deals.
  absl::Status Put(mysql::Transaction& sql, const std::vector<CustomerFact>& customers) const;

  // By key (CustomerKey, deal.h) the customers that have such a name, each as the one that it is in the end; keys of
  // none are left out.
  absl::StatusOr<std::map<std::string, std::set<std::string>>> CanonicalOf(mysql::Transaction& sql,
                                                                           const std::set<std::string>& keys) const;
  // The keys of all names of these customers and of those that were merged into them.
  absl::StatusOr<std::set<std::string>> KeysOf(mysql::Transaction& sql, const std::set<std::string>& customers) const;

  // Fills in who their customers are (Deal::customers): those that have the name, or one that it was found to be alike.
  absl::Status Tie(mysql::Transaction& sql, std::vector<Deal>* deals) const;
};

}  // namespace tributary::conflict
