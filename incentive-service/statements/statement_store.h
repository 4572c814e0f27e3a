#pragma once

// Statements in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/statements/entry.h"
#include "incentive-service/statements/guarantee_entry.h"
#include "incentive-service/statements/settlement.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

class StatementStore {
 public:
  // Adds entries to their partners' drafts of the period, kind and currency; where there is none a draft is made, with
  // the partner's next number. Periods of one id with other days, of another calendar, are others. `entries`: by
  // partner. The caller holds the lock of the program set, so that numbers have no gaps. How many statements were
  // touched.
  absl::StatusOr<int64_t> AddToDrafts(mysql::Transaction& sql, StatementKind kind, const Period& period,
                                      const std::string& currency, const std::vector<PartnerEntry>& entries,
                                      absl::Time now) const;
  // How many it would touch.
  absl::StatusOr<int64_t> CountTouched(mysql::Transaction& sql, StatementKind kind, const Period& period,
                                       const std::string& currency, const std::vector<PartnerEntry>& entries) const;

  // What entries, drafts' too, have said that a period of a program's scale has earned, by partner, without what its
  // guarantee added; given a day, those alone that count lines up to before it at most.
  absl::StatusOr<StatedAmounts> Stated(mysql::Transaction& sql, std::string_view program, std::string_view scale,
                                       const std::optional<std::string>& partner = std::nullopt,
                                       Date until = OpenEnd()) const;
  // The same of units of free goods; none of a program that gives none.
  absl::StatusOr<StatedGoods> GoodsStated(mysql::Transaction& sql, const Program& program, std::string_view scale,
                                          const std::optional<std::string>& partner = std::nullopt) const;
  // What entries, drafts' too, have said of a closed period of a program's scale, by partner, likewise without its
  // guarantee.
  absl::StatusOr<std::map<std::string, ClawedPeriod>> Clawed(
      mysql::Transaction& sql, std::string_view program, std::string_view scale,
      const std::optional<std::string>& partner = std::nullopt) const;

  // What entries, drafts' too, have said of a program's periods, by partner.
  absl::StatusOr<std::map<std::string, SaidOfPeriods>> SaidOf(mysql::Transaction& sql, std::string_view program) const;

  // NOT_FOUND.
  absl::StatusOr<Statement> Get(mysql::Transaction& sql, const StatementKey& key) const;
  absl::StatusOr<Statement> GetForUpdate(mysql::Transaction& sql, const StatementKey& key) const;
  // Whether a statement of the partner with a lower number is a draft.
  absl::StatusOr<bool> EarlierIsDraft(mysql::Transaction& sql, const StatementKey& key) const;
  // Of the partner's statement before; empty for the first.
  absl::StatusOr<std::string> HashBefore(mysql::Transaction& sql, const StatementKey& key) const;
  // Of a statement: its entries and adjustments with what is settled of them and held back; and that afterwards.
  absl::StatusOr<std::vector<StatementItem>> Items(mysql::Transaction& sql, const Statement& statement) const;
  absl::Status SaveItems(mysql::Transaction& sql, const Statement& statement,
                         const std::vector<StatementItem>& items) const;
  // What was paid last of a statement read for update.
  absl::Status SaveLastPayment(mysql::Transaction& sql, const Statement& statement) const;
  // State, issue, total and hash of a statement read for update.
  absl::Status Update(mysql::Transaction& sql, const Statement& statement) const;

  // Drafts of a period that may be issued, since the partner has none before them; of one partner or of all, by
  // (partner, number); locked. And how many drafts there are, also those that must wait.
  absl::StatusOr<std::vector<Statement>> DraftsForUpdate(mysql::Transaction& sql, std::string_view period,
                                                         const std::optional<std::string>& partner, int limit) const;
  absl::StatusOr<int64_t> CountDrafts(mysql::Transaction& sql, std::string_view period,
                                      const std::optional<std::string>& partner) const;

  // By (partner, number), after `after`; of one partner or of all; drafts where asked for.
  static const std::vector<FilterField>& FilterFields();  // period, kind, state, program
  absl::StatusOr<std::vector<Statement>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                              const StatementKey& after, const SqlPredicate& where, bool drafts_too,
                                              int limit) const;

  // By (entry, ordinal), after `entry` and `ordinal`.
  absl::StatusOr<std::vector<StatementLine>> ListLines(mysql::Transaction& sql, const StatementKey& statement,
                                                       int64_t entry, int64_t ordinal, int limit) const;
  // All of them.
  absl::StatusOr<std::vector<StatementLine>> Lines(mysql::Transaction& sql, const StatementKey& statement) const;
};

}  // namespace tributary::incentive
