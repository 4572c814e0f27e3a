#pragma once

// What the ledger has accrued, in the database. Each call works in the caller's transaction. Its rows are locked before
// ledgers, and behind statements.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/ledger/accrued.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

class AccruedStore {
 public:
  // Nobody issues what speaks of the program until the transaction ends. Before its rows.
  absl::Status Lock(mysql::Transaction& sql, std::string_view program) const;
  // Nobody enters what the programs accrue of which the statements speak until the transaction ends; many may issue at
  // a time.
  absl::Status Hold(mysql::Transaction& sql, absl::Span<const Statement> statements) const;

  // What is entered of a program, locked.
  absl::StatusOr<AccruedAmounts> EnteredForUpdate(mysql::Transaction& sql, std::string_view program) const;
  // What drafts say of a program.
  absl::StatusOr<AccruedAmounts> Drafted(mysql::Transaction& sql, std::string_view program) const;
  // By (partner, first day): a program's accruals that statements have something to say of: of periods that are open,
  // and those that moved since theirs was closed. Of a program that is paid more often than its scale has periods all
  // of a scale's period are, while that is open or where one moved since.
  absl::StatusOr<std::vector<AccrualKey>> UnstatedKeys(mysql::Transaction& sql, const Program& program) const;

  // Enters moves, by partner, into the ledger.
  absl::Status Enter(mysql::Transaction& sql, const std::vector<AccruedMove>& moves, absl::Time now) const;

  // When a close, or true-ups without one, have added entries to drafts of a program: what is entered of periods that
  // are closed becomes what drafts say of them. Nothing of partners of whom nothing is entered.
  absl::Status FollowDrafts(mysql::Transaction& sql, const Program& program, absl::Time now) const;
  // When a statement is issued: takes what it says from what is entered, and answers the ledger's entries of that, for
  // the caller to enter with those of the statement. Nothing of what is not entered. The caller holds its programs.
  absl::StatusOr<std::vector<LedgerEntry>> Release(mysql::Transaction& sql, const Statement& issued) const;

  // By (program, period), of one program or of all: what the ledger had accrued at the end of a day (UTC).
  absl::StatusOr<std::vector<AccruedBalance>> Balances(mysql::Transaction& sql, std::string_view partner,
                                                       const std::optional<std::string>& program, Date as_of) const;

 private:
  absl::StatusOr<std::vector<AccrualKey>> UnstatedByScale(mysql::Transaction& sql, const Program& program) const;
  // What is entered from now on.
  absl::Status Save(mysql::Transaction& sql, const std::vector<AccruedMove>& moves) const;

  LedgerStore ledger_;
  PeriodCloseStore closes_;
};

}  // namespace tributary::incentive
