#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// Partners and their territory grants, kept from the feed. Stateless and thread-safe.
class GrantStore {
 public:
  // The last of each name counts.
  absl::Status PutPartners(mysql::Transaction& sql, const std::vector<PartnerFact>& partners) const;
  // nullopt for one that is not known (yet).
  absl::StatusOr<std::optional<PartnerFact>> FindPartner(mysql::Transaction& sql, const std::string& name) const;

  // The last of each name counts. Under the locks of the rules that look at grants.
  absl::Status Put(mysql::Transaction& sql, const std::vector<Grant>& grants) const;

  absl::StatusOr<std::vector<Grant>> Named(mysql::Transaction& sql, const std::set<std::string>& names) const;
  // ACTIVE grants of these partners.
  absl::StatusOr<std::vector<Grant>> ActiveOf(mysql::Transaction& sql, const std::set<std::string>& partners) const;
  // ACTIVE grants that name one of these regions itself.
  absl::StatusOr<std::vector<Grant>> ActiveIn(mysql::Transaction& sql, const std::set<std::string>& regions) const;
  // The regions that these grants name, or ever named.
  absl::StatusOr<std::set<std::string>> EverNamedBy(mysql::Transaction& sql, const std::set<std::string>& names) const;
  // All that are ACTIVE and HELPER, by name.
  absl::StatusOr<std::vector<Grant>> Helpers(mysql::Transaction& sql) const;
  // Names of grants that are ACTIVE and EXCLUSIVE and name one of these regions itself.
  absl::StatusOr<std::set<std::string>> ExclusiveIn(mysql::Transaction& sql,
                                                    const std::set<std::string>& regions) const;
  // Names of all that are ACTIVE and EXCLUSIVE.
  absl::StatusOr<std::set<std::string>> Exclusive(mysql::Transaction& sql) const;
};

}  // namespace tributary::conflict
