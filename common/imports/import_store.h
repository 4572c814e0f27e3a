#pragma once

// Imports in the database; the component "imports" of the schema. Not thread-safe apart from the database itself: each
// call works in the caller's transaction.

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/imports/import.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"

namespace tributary::imports {

class ImportStore {
 public:
  absl::Status Insert(mysql::Transaction& sql, const Import& import) const;

  // NOT_FOUND where there is none.
  absl::StatusOr<Import> Get(mysql::Transaction& sql, const Uuid& id) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<Import> GetForUpdate(mysql::Transaction& sql, const Uuid& id) const;

  // Stores state, counts, update_time; the version becomes one more. For an import read by GetForUpdate, whose counts
  // have its batches in them.
  absl::Status Update(mysql::Transaction& sql, const Import& import) const;

  // Adds the rows of one batch to the counts and keeps its errors; a change of the import like any other.
  // STATE_CONFLICT where the import is not OPEN (any more); NOT_FOUND. Holds the import as it is until the transaction
  // ends, together with other batches where this one has no errors, so it comes late in a body: the last lock before
  // the sequence of the feed.
  absl::Status AddBatch(mysql::Transaction& sql, const Uuid& id, const BatchResult& result, absl::Time now) const;

  // Keeps errors beside those that are kept already, up to kKeptErrors in all. For an import that is locked.
  absl::Status KeepErrors(mysql::Transaction& sql, const Uuid& id, absl::Span<const RowError> errors) const;

  // Newest first, those older than `before` where it is set.
  absl::StatusOr<std::vector<Import>> List(mysql::Transaction& sql, const std::optional<Uuid>& before,
                                           const SqlPredicate& filter, int limit) const;

  // By row, after (row, ordinal).
  struct ErrorPosition {
    int64_t row = 0;
    int64_t ordinal = -1;
  };
  struct KeptError {
    ErrorPosition position;
    RowError error;
  };
  absl::StatusOr<std::vector<KeptError>> ListErrors(mysql::Transaction& sql, const Uuid& id, ErrorPosition after,
                                                    int limit) const;
};

}  // namespace tributary::imports
