#pragma once

// The inside of a transaction, for database.cc and transaction.cc only.

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/pool.h"

namespace tributary::mysql {

struct Transaction::State {
  State(Pool& pool, const TransactOptions& options)
      : pool(pool), deadline(options.deadline), snapshot(options.snapshot), reads_only(options.autocommit_reads) {}

  // Makes the connection ready for a statement: lends one, opens the transaction where the statement needs it. Answers
  // the doom of an earlier statement.
  absl::Status Ready(bool in_transaction);
  // Remembers the first error. `code` is the server's, 0 where the server was not asked.
  absl::Status Doom(absl::Status status, int code);
  // Dooms by the connection's last error.
  absl::Status Failed(absl::Status status) { return Doom(std::move(status), lease->last_code()); }

  // OK, or doomed; `commit_unknown` tells whether it may have been stored all the same.
  absl::Status Commit();
  // Undoes everything and gives the connection back.
  void Rollback();

  Pool& pool;
  absl::Time deadline;
  const bool snapshot;
  const bool reads_only;
  Pool::Lease lease;
  bool sent = false;   // a statement
  bool begun = false;  // BEGIN
  bool commit_unknown = false;
  absl::Status doom;
  int doom_code = 0;
};

// True where `sql` only reads and takes no lock, so that it need not be inside a transaction.
bool IsPlainRead(std::string_view sql);

}  // namespace tributary::mysql
