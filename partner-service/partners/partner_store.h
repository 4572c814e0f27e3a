#pragma once

// Partners in the database; the only SQL about them. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

  // By id, after the page's position; TERMINATED ones only where asked for.
  absl::StatusOr<std::vector<Partner>> List(mysql::Transaction& sql, const Page& page, bool show_terminated) const;

  // Stores a new partner. Its id may be that of an undone one, whose place and following version it takes: so it
  // answers the partner with the version that it has. ALREADY_EXISTS; STATE_CONFLICT as Update.
  absl::StatusOr<Partner> Create(mysql::Transaction& sql, const Partner& partner) const;

  // Stores a partner over the version before its own; another there makes the body run again. STATE_CONFLICT: a tax id
  // of one company alone is another's that is not TERMINATED.
  absl::Status Update(mysql::Transaction& sql, const Partner& partner) const;

  // How many there are; states without one are left out.
  absl::StatusOr<std::map<PartnerState, int64_t>> CountByState(mysql::Transaction& sql) const;

 private:
  // Takes the tax ids of an open partner, so that no other one has them. It holds none yet.
  absl::Status TakeTaxIds(mysql::Transaction& sql, const Partner& partner) const;
};

}  // namespace tributary::partner
