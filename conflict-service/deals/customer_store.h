#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"

namespace tributary::conflict {

// A customer's name as somebody wrote it in a registration that was handed in.
struct CustomerSpelling {
  int64_t seq = 0;  // its place among all spellings
  std::string name;
  std::string key;  // CustomerKey of it (deal.h)
};

// A spelling that was erased with its customer, as it is now: the customer's pseudonym.
struct ErasedSpelling {
  int64_t number = 0;  // its place among all that were erased
  CustomerSpelling now;
};

// The spellings of customers' names, each once and for good, unless their customer is erased (customer_eraser.h), and
// which customers they made alike. Stateless and thread-safe.
class CustomerStore {
 public:
  // Whether the name was written exactly so before.
  absl::StatusOr<bool> Has(mysql::Transaction& sql, const std::string& name) const;
  // Those behind `seq`, in the order in which they came.
  absl::StatusOr<std::vector<CustomerSpelling>> After(mysql::Transaction& sql, int64_t seq, int limit) const;
  // Those that were erased behind `number`, in the order in which they were.
  absl::StatusOr<std::vector<ErasedSpelling>> ErasedAfter(mysql::Transaction& sql, int64_t number, int limit) const;
  // A spelling that is not there yet, and the keys of other customers that it was found to be alike. Under the lock of
  // the deals.
  absl::Status Add(mysql::Transaction& sql, const std::string& name, const std::set<std::string>& alike) const;

  // For each of these keys itself and all that were found to be alike.
  absl::StatusOr<std::map<std::string, std::set<std::string>>> AlikeBySpelling(mysql::Transaction& sql,
                                                                               const std::set<std::string>& keys) const;
  // And all of names that partner-service knows to be the same customer's (customer_tie_store.h), with what is alike to
  // them.
  absl::StatusOr<std::map<std::string, std::set<std::string>>> Alike(mysql::Transaction& sql,
                                                                     const std::set<std::string>& keys) const;
};

}  // namespace tributary::conflict
