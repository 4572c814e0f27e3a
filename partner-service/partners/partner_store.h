#pragma once

// Partners in the database; the only SQL about them. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/partners/partner.h"

namespace tributary::partner {

class PartnerStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Partner> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends. A transaction locks the partner before what
  // belongs to it.
  absl::StatusOr<Partner> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // Those of `ids` that exist, and the next ones behind an id; by id.
  absl::StatusOr<std::vector<Partner>> GetAll(mysql::Transaction& sql, const std::set<std::string>& ids) const;
  absl::StatusOr<std::vector<Partner>> After(mysql::Transaction& sql, std::string_view id, int most) const;

  // By id, after the page's position; TERMINATED ones only where asked for.
  absl::StatusOr<std::vector<Partner>> List(mysql::Transaction& sql, const Page& page, bool show_terminated) const;

  // Stores a new partner. Its id may be that of an undone one, whose place and following version it takes: so it
  // answers the partner with the version that it has. ALREADY_EXISTS; STATE_CONFLICT as Update.
  absl::StatusOr<Partner> Create(mysql::Transaction& sql, const Partner& partner) const;

  // Stores a partner over the version before its own; another there makes the body run again. STATE_CONFLICT: a tax id
  // of one company alone is another's that is not TERMINATED, or is merged, but not into this one.
  absl::Status Update(mysql::Transaction& sql, const Partner& partner) const;

  // Of each legal name, by its key, the first and the last by id (once where they are one) of the partners that are not
  // TERMINATED and have it.
  absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>> WithNames(
      mysql::Transaction& sql, const std::vector<std::string>& name_keys) const;
  // Of each tax id of one company alone that a partner holds, by its value, that partner.
  absl::StatusOr<absl::flat_hash_map<std::string, std::string>> WithTaxIds(mysql::Transaction& sql,
                                                                           const std::vector<TaxId>& ids) const;

  // How many there are; states without one are left out.
  absl::StatusOr<std::map<PartnerState, int64_t>> CountByState(mysql::Transaction& sql) const;

 private:
  // Takes the tax ids of an open or merged partner, so that no other one has them. It holds none yet. What one holds
  // that is merged into it, it takes over.
  absl::Status TakeTaxIds(mysql::Transaction& sql, const Partner& partner) const;
};

}  // namespace tributary::partner
