#pragma once

// Accruals in the database. Each call works in the caller's transaction. Of a program that asks what partners are they
// have every line that may count.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/engine/carried.h"

namespace tributary::incentive {

// The accruals that lines count in, of programs of one currency.
struct AccrualTotal {
  std::string currency;
  bool stated = false;
  int64_t accruals = 0;
  Decimal qualifying_amount;
};

class AccrualStore {
 public:
  // Moves accruals, and makes those that are not there. Moves in the order of their keys, so that nobody waits in a
  // ring.
  absl::Status Apply(mysql::Transaction& sql, const std::vector<AccrualMove>& moves) const;

  // The accrual has what an opening balance says; makes it where it is not there.
  absl::Status Open(mysql::Transaction& sql, const AccrualKey& key, Date period_start, absl::Time at) const;

  // Without what is in other currencies. NOT_FOUND where no line counts, in whatever currency, the partner earns by no
  // lines of others and brought nothing along: lines that came and were taken back leave no trace.
  absl::StatusOr<Accrual> Get(mysql::Transaction& sql, const AccrualKey& key) const;

  // By key, after `after`; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // program, period, stated
  absl::StatusOr<std::vector<Accrual>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                            const AccrualKey& after, const SqlPredicate& where, int limit) const;

  // Those of these that are there, in no order; and all of a program, of one partner or of all, or of some.
  absl::StatusOr<std::vector<Accrual>> ReadSome(mysql::Transaction& sql, const std::vector<AccrualKey>& keys) const;
  absl::StatusOr<std::vector<AccrualKey>> KeysOf(mysql::Transaction& sql, std::string_view program,
                                                 const std::optional<std::string>& partner) const;
  absl::StatusOr<std::vector<AccrualKey>> KeysOfSome(mysql::Transaction& sql, std::string_view program,
                                                     const std::vector<std::string>& partners) const;
  // Those whose partners may earn by lines of others.
  absl::StatusOr<std::vector<AccrualKey>> RolledUpKeys(mysql::Transaction& sql, std::string_view program) const;

  // What the payout periods that begin within the days add up to, for one program: of one partner or of all, by
  // partner.
  absl::StatusOr<std::map<std::string, AccrualSums>> Sums(mysql::Transaction& sql, std::string_view program,
                                                          const DateRange& days,
                                                          const std::optional<std::string>& partner) const;

  // The same period by period, the oldest first, by partner, of a program without payout periods and rates.
  absl::StatusOr<std::map<std::string, std::vector<PeriodSum>>> SumsByPeriod(
      mysql::Transaction& sql, std::string_view program, const DateRange& days,
      const std::optional<std::string>& partner) const;

  // Accruals of a program that moved since their scale's period was closed, as (partner, first day); and forgets that
  // they did.
  absl::StatusOr<std::vector<std::pair<std::string, Date>>> TrueUpsDue(mysql::Transaction& sql,
                                                                       std::string_view program) const;
  absl::Status ForgetTrueUpsDue(mysql::Transaction& sql, std::string_view program) const;
  // Has the accrual looked at again when true-ups are due: what it waits for may have come by then.
  absl::Status LookAgain(mysql::Transaction& sql, std::string_view program, std::string_view partner,
                         const DateRange& days) const;

  // Those of a closed period whose partners have a statement.
  absl::Status MarkStated(mysql::Transaction& sql, std::string_view program, const Period& period) const;
  // Those of one partner on days of a closed period: a true-up says the first of them where no line counted at the
  // close.
  absl::Status MarkStated(mysql::Transaction& sql, std::string_view program, std::string_view partner,
                          const DateRange& days) const;
  // Forgets periods that begin at `from` or later, and answers which.
  absl::StatusOr<std::vector<AccrualKey>> DropFrom(mysql::Transaction& sql, std::string_view program, Date from) const;

  // Over all partners and programs.
  absl::StatusOr<std::vector<AccrualTotal>> Totals(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
