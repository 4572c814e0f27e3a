#pragma once

// Exports of the ledger in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/journal_exports/journal_export.h"
#include "incentive-service/ledger/ledger_store.h"

namespace tributary::incentive {

class JournalExportStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<JournalExport> Get(mysql::Transaction& sql, std::string_view month) const;
  // By month, after `after`.
  absl::StatusOr<std::vector<JournalExport>> List(mysql::Transaction& sql, std::string_view after, int limit) const;
  // The last month that is exported; empty for none.
  absl::StatusOr<std::string> Latest(mysql::Transaction& sql) const;
  // Its entries, by (partner, number).
  absl::StatusOr<std::vector<LedgerEntry>> Entries(mysql::Transaction& sql, std::string_view month) const;

  // Gives a month all entries before its end that no export has. Where another export takes them at the same time, the
  // transaction runs again.
  absl::Status Take(mysql::Transaction& sql, const JournalExport& exported) const;
  absl::Status Insert(mysql::Transaction& sql, const JournalExport& exported) const;

 private:
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
