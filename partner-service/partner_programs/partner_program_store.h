#pragma once

// Partner programs in the database, every revision of them; the only SQL about them. Each call works in the caller's
// transaction.

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/partner_programs/partner_program.h"

namespace tributary::partner {

class PartnerProgramStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // In its last revision. NOT_FOUND where there is none.
  absl::StatusOr<PartnerProgram> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<PartnerProgram> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // As it was in a revision; its etag and time of change are those of then. NOT_FOUND.
  absl::StatusOr<PartnerProgram> GetRevision(mysql::Transaction& sql, std::string_view id, int64_t revision) const;

  // A page by id, each in its last revision.
  absl::StatusOr<std::vector<PartnerProgram>> List(mysql::Transaction& sql, const Page& page) const;
  // All by id, those on hold only where asked for.
  absl::StatusOr<std::vector<PartnerProgram>> All(mysql::Transaction& sql, bool with_those_on_hold) const;

  // The first revision. ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const PartnerProgram& program) const;

  // A further revision over the one before it; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const PartnerProgram& program) const;
};

}  // namespace tributary::partner
