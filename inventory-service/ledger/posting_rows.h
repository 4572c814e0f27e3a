#pragma once

// Postings as rows, made before their stamps are known (facts/stamped_rows.h).

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "inventory-service/facts/stamped_rows.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

class PostingRows {
 public:
  // Of these postings, which outlive it.
  explicit PostingRows(absl::Span<const Posting> postings);

  absl::Status BindAhead(mysql::Transaction& sql);
  // Appends them, what they say of single units (serials/serial_store.h) and what asked for those that correct a count,
  // which are events themselves; stamps[i] is that of the fact which caused postings[i], or its own.
  absl::Status Insert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps);

 private:
  StampedRows postings_;
  StampedRows serials_;
  std::vector<size_t> posting_of_;  // of each row of serials_
  StampedRows corrections_;
  std::vector<size_t> corrected_by_;  // posting of each row of corrections_
};

}  // namespace tributary::inventory
