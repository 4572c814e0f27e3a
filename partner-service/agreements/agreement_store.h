#pragma once

// Agreements and their revisions in the database; the only SQL about them. Each call works in the caller's transaction,
// which has locked the partner where it changes anything.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/agreements/agreement.h"
#include "partner-service/rows/as_of.h"

namespace tributary::partner {

class AgreementStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // As of a day (where it was in force on it) and a moment. NOT_FOUND where there is none.
  absl::StatusOr<Agreement> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                const AsOf& as_of = {}) const;
  // As it is, and nobody else changes it until this transaction ends.
  absl::StatusOr<Agreement> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                         std::string_view id) const;
  // As it was after the change of that number. NOT_FOUND where there is none.
  absl::StatusOr<Agreement> GetRevision(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                        int64_t version) const;

  // By partner and id, after the page's position; of all partners where `partner_id` is empty.
  absl::StatusOr<std::vector<Agreement>> List(mysql::Transaction& sql, std::string_view partner_id, const Page& page,
                                              const AsOf& as_of = {}) const;
  // By version, after the page's position.
  absl::StatusOr<std::vector<Agreement>> ListRevisions(mysql::Transaction& sql, std::string_view partner_id,
                                                       std::string_view id, const Page& page) const;

  // Every agreement of a partner, locked.
  absl::StatusOr<std::vector<Agreement>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;

  // Those of which the feed is to tell something today (by UTC) or was to, the longest due first: partner's id and own.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> WithDueNotice(mysql::Transaction& sql,
                                                                                 absl::Time now, int limit) const;

  // Stores a new one. Its id may be that of an undone one, whose place and following version it takes: so it answers
  // the agreement with the revision that it has. ALREADY_EXISTS.
  absl::StatusOr<Agreement> Create(mysql::Transaction& sql, const Agreement& agreement) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Agreement& agreement) const;
  // Stores what the feed has told of it, which is no revision.
  absl::Status UpdateTold(mysql::Transaction& sql, const Agreement& agreement) const;
};

}  // namespace tributary::partner
