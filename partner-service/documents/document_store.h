#pragma once

// Documents and their bytes in the database; the only SQL about them. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/documents/document.h"

namespace tributary::partner {

class DocumentStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none, or none of `owner_id` where that is not empty.
  absl::StatusOr<Document> Get(mysql::Transaction& sql, std::string_view id, std::string_view owner_id) const;
  absl::StatusOr<Document> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // The bytes of this hash, which a stored document has.
  absl::StatusOr<std::string> Content(mysql::Transaction& sql, std::string_view sha256) const;

  // By id: a page of one partner's, or of all where `owner_id` is empty; with `last_days`, those whose last day lies
  // there.
  absl::StatusOr<std::vector<Document>> List(mysql::Transaction& sql, std::string_view owner_id,
                                             const std::optional<DateRange>& last_days, const Page& page) const;

  // Stores a new document, and its bytes where none of this hash are stored. ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Document& document, std::string_view content) const;

  // Stores owner and what was told over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Document& document) const;

  // Every document of a partner, locked.
  absl::StatusOr<std::vector<Document>> OfPartner(mysql::Transaction& sql, std::string_view owner_id) const;

  // Of those whose NextNotice has come by `today`, at most `limit`: an empty text and the document's id.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, Date today,
                                                                       int limit) const;
};

}  // namespace tributary::partner
