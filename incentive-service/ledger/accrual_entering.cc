#include "incentive-service/ledger/accrual_entering.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/money/money.h"
#include "common/rpc/lookout.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "google/protobuf/repeated_field.h"
#include "spdlog/spdlog.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {
namespace {

// Accruals that are evaluated together.
constexpr size_t kEvaluatedAtOnce = 500;
constexpr absl::Duration kBetweenEntries = absl::Hours(1);

absl::StatusOr<int64_t> MinorOf(const Program& program, const google::type::Money& message) {
  ASSIGN_OR_RETURN(const Money money, wire::FromProto(message));
  return ToMinorUnits(Rational(money.amount), program.terms.currency, Rounding::kHalfEven);
}

}  // namespace

absl::StatusOr<AccruedAmounts> AccrualEntering::ReadUnstated(mysql::Transaction& sql, const Program& program,
                                                             const std::vector<AccrualKey>& keys) const {
  std::map<std::string, StatedAmounts> stated;
  std::vector<UnstatedAccrual> unstated;
  for (size_t from = 0; from < keys.size(); from += kEvaluatedAtOnce) {
    const size_t to = std::min(keys.size(), from + kEvaluatedAtOnce);
    const std::vector<AccrualKey> some(&keys[from], &keys[from] + (to - from));
    ASSIGN_OR_RETURN(const std::vector<Accrual> accruals, accrual_store_.ReadSome(sql, some));
    google::protobuf::RepeatedPtrField<v1::Accrual> messages;
    RETURN_IF_ERROR(accruals_.Evaluate(sql, accruals, &messages));
    for (const v1::Accrual& message : messages) {
      ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(message.name()));
      ASSIGN_OR_RETURN(const Period own, ParsePeriod(program.paid(), key.period));
      const Period scale = PeriodOf(program.period, own.range.start);
      UnstatedAccrual accrual{.partner = key.partner, .scale = scale.id, .start = own.range.start};
      // Of a closed period of a program with a budget nobody knows before the next close.
      if (message.has_unstated_amount()) {
        ASSIGN_OR_RETURN(accrual.amount, MinorOf(program, message.unstated_amount()));
      }
      if (program.payout_period.has_value()) {
        ASSIGN_OR_RETURN(const int64_t later, StatedLater(sql, program, key, scale, message, &stated));
        accrual.amount -= later;
      }
      unstated.push_back(std::move(accrual));
    }
  }
  return UnstatedOf(unstated);
}

absl::StatusOr<int64_t> AccrualEntering::StatedLater(mysql::Transaction& sql, const Program& program,
                                                     const AccrualKey& key, const Period& scale,
                                                     const v1::Accrual& message,
                                                     std::map<std::string, StatedAmounts>* stated) const {
  const auto [of_scale, unread] = stated->try_emplace(scale.id);
  if (unread) {
    ASSIGN_OR_RETURN(of_scale->second, statements_.Stated(sql, program.id, scale.id));
  }
  const auto known = of_scale->second.find(key.partner);
  const int64_t all = known == of_scale->second.end() ? 0 : known->second;
  ASSIGN_OR_RETURN(const int64_t paid, MinorOf(program, message.evaluation().opening().paid()));
  ASSIGN_OR_RETURN(const int64_t said, MinorOf(program, message.stated_amount()));
  return all + paid - said;
}

absl::StatusOr<AccruedAmounts> AccrualEntering::Lock(mysql::Transaction& sql, const Program& program) const {
  RETURN_IF_ERROR(programs_.HoldSet(sql));
  RETURN_IF_ERROR(accrued_.Lock(sql, program.id));
  return accrued_.EnteredForUpdate(sql, program.id);
}

absl::StatusOr<EnteredAccruals> AccrualEntering::Enter(mysql::Transaction& sql, const Program& program,
                                                       absl::Time now) const {
  ASSIGN_OR_RETURN(const AccruedAmounts entered, Lock(sql, program));
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accrued_.UnstatedKeys(sql, program));
  ASSIGN_OR_RETURN(const AccruedAmounts unstated, ReadUnstated(sql, program, keys));
  ASSIGN_OR_RETURN(const AccruedAmounts drafted, accrued_.Drafted(sql, program.id));
  std::vector<AccruedMove> moves = AccruedMovesOf(program.id, program.terms.currency, entered, unstated, drafted);
  EnteredAccruals done;
  if (moves.size() > kMostAccrualsEntered) {
    done.left = static_cast<int64_t>(moves.size() - kMostAccrualsEntered);
    moves.resize(kMostAccrualsEntered);
  }
  done.entered = static_cast<int64_t>(moves.size());
  for (const auto& [key, amount] : entered) done.accrued += amount;
  for (const AccruedMove& move : moves) done.accrued += move.after - move.before;
  RETURN_IF_ERROR(accrued_.Enter(sql, moves, now));
  return done;
}

absl::StatusOr<std::string> AccrualEntering::EnterSome(mysql::Transaction& sql, const Program& program,
                                                       const std::string& after, size_t at_once, absl::Time now) const {
  ASSIGN_OR_RETURN(AccruedAmounts entered, Lock(sql, program));
  ASSIGN_OR_RETURN(std::vector<AccrualKey> keys, accrued_.UnstatedKeys(sql, program));
  std::erase_if(keys, [&](const AccrualKey& key) { return key.partner <= after; });
  std::string last;
  if (keys.size() > at_once) {
    last = keys[at_once - 1].partner;
    std::erase_if(keys, [&](const AccrualKey& key) { return key.partner > last; });
  }
  ASSIGN_OR_RETURN(const AccruedAmounts unstated, ReadUnstated(sql, program, keys));
  ASSIGN_OR_RETURN(AccruedAmounts drafted, accrued_.Drafted(sql, program.id));
  const auto elsewhere = [&](const auto& one) {
    const std::string& partner = one.first.first;
    return partner <= after || (!last.empty() && partner > last);
  };
  std::erase_if(entered, elsewhere);
  std::erase_if(drafted, elsewhere);
  RETURN_IF_ERROR(
      accrued_.Enter(sql, AccruedMovesOf(program.id, program.terms.currency, entered, unstated, drafted), now));
  return last;
}

struct AccrualEntrant::State {
  mysql::Database& database;
  const Clock& clock;
  const AccrualEntering& entering;
  const size_t at_once;
  const ProgramStore programs{};
  rpc::Lookout lookout;

  absl::Status EnterAll() {
    std::vector<Program> accruing;
    RETURN_IF_ERROR(database.Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(accruing, programs.Accruing(sql));
      return absl::OkStatus();
    }));
    absl::Status failed;
    for (const Program& program : accruing) {
      if (lookout.stopping()) break;
      std::string after;
      do {
        std::string last;
        const absl::Status entered = database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
          ASSIGN_OR_RETURN(const Program now, programs.Get(sql, program.id));
          ASSIGN_OR_RETURN(last, entering.EnterSome(sql, now, after, at_once, clock.Now()));
          return absl::OkStatus();
        });
        failed.Update(Annotate(entered, program.name()));
        after = entered.ok() ? std::move(last) : "";
      } while (!after.empty() && !lookout.stopping());
    }
    return failed;
  }

  absl::Duration Look() {
    if (const absl::Status entered = EnterAll(); !entered.ok()) {
      spdlog::warn("accruals are to be entered into the ledger again: {}", entered.ToString());
    }
    return kBetweenEntries;
  }
};

AccrualEntrant::AccrualEntrant(mysql::Database& database, const Clock& clock, const AccrualEntering& entering,
                               size_t at_once)
    : state_(new State{.database = database, .clock = clock, .entering = entering, .at_once = at_once}) {}

AccrualEntrant::~AccrualEntrant() { Stop(); }

void AccrualEntrant::Start() {
  state_->lookout.Start(
      "accruals", [state = state_.get()] { return state->Look(); }, kBetweenEntries);
}

void AccrualEntrant::Stop() { state_->lookout.Stop(); }

absl::Status AccrualEntrant::EnterAll() { return state_->EnterAll(); }

}  // namespace tributary::incentive
