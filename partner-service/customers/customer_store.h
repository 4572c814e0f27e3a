#pragma once

// Customers in the database; the only SQL about them. Each call works in the caller's transaction.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/customers/customer.h"

namespace tributary::partner {

class CustomerStore {
 public:
  // What a list may be filtered by: nothing of an identity.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Customer> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<Customer> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // Those of them that there are.
  absl::StatusOr<std::vector<Customer>> GetAll(mysql::Transaction& sql, const std::set<std::string>& ids) const;
  // The next ones by id.
  absl::StatusOr<std::vector<Customer>> After(mysql::Transaction& sql, std::string_view id, int most) const;
  // Both locked, in the order of their ids.
  absl::StatusOr<std::pair<Customer, Customer>> GetBothForUpdate(mysql::Transaction& sql, std::string_view a,
                                                                 std::string_view b) const;
  // All that are merged into it, directly and through others, locked.
  absl::StatusOr<std::vector<Customer>> MergedInto(mysql::Transaction& sql, std::string_view id) const;
  // By id.
  absl::StatusOr<std::vector<Customer>> List(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Customer& customer) const;
  // State, identity, aliases and revision, over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Customer& customer) const;

  // Which customer each of these is in the end, by id.
  absl::StatusOr<std::map<std::string, std::string>> CanonicalOf(mysql::Transaction& sql,
                                                                 const std::set<std::string>& ids) const;
  // The customers that are known by each of these keys, `canonical` set; of a key that more than 200 are known by,
  // some.
  absl::StatusOr<std::vector<CustomerMatch>> KnownBy(mysql::Transaction& sql,
                                                     const std::vector<CustomerKey>& keys) const;
};

}  // namespace tributary::partner
