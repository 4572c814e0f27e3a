#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/scopes/region_tree.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// The hierarchy of regions. Stateless and thread-safe, as all stores.
class RegionStore {
 public:
  // Stores regions, of which the last of each name counts, and derives anew what lies in what. Answers the regions
  // (known ones and others that are only named by a child) that lie in other regions now than before. Under the locks
  // of all rules.
  absl::StatusOr<std::set<std::string>> Put(mysql::Transaction& sql, const std::vector<RegionFact>& regions) const;

  // What is known of where these regions lie.
  absl::StatusOr<RegionTree> Tree(mysql::Transaction& sql, const std::set<std::string>& regions) const;

  // Of those of these regions that others lie in: the ones without children that lie in them, by name.
  absl::StatusOr<std::map<std::string, std::vector<std::string>>> Leaves(mysql::Transaction& sql,
                                                                         const std::set<std::string>& regions) const;

  // The regions, all that they lie in and all that lies in them.
  absl::StatusOr<std::set<std::string>> Relatives(mysql::Transaction& sql, const std::set<std::string>& regions) const;
};

}  // namespace tributary::conflict
