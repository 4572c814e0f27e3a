#include "common/mysql/database.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "common/mysql/pool.h"
#include "common/mysql/schema.h"
#include "common/mysql/settings.h"
#include "common/mysql/transaction_state.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

constexpr int kUnknownSchema = 1049;
constexpr int kMostConflicts = 100;  // where the caller set no deadline
constexpr int kMostLosses = 3;       // connections of one call that may break before it gives up
constexpr absl::Duration kLongestResolve = absl::Seconds(30);

// 2, 4, 8 ... 200 ms, of which a random half to whole is taken, so that two that met do not meet again.
absl::Duration Pause(int attempt) {
  thread_local absl::BitGen random;
  const absl::Duration most = std::min(absl::Milliseconds(1 << std::min(attempt, 10)), absl::Milliseconds(200));
  return most * absl::Uniform(random, 0.5, 1.0);
}

bool Passing(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kDatabaseUnavailable || reason == Reason::kConflictRetry || reason == Reason::kCommitUnknown;
}

absl::Status CheckSchemaName(std::string_view name) {
  const bool good = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isdigit(c) || absl::ascii_islower(c) || c == '_';
  });
  if (good) return absl::OkStatus();
  return InvalidField("schema", name, "1 to 64 of a-z, 0-9 and _");
}

// Makes the schema. An account without the right to is fine as long as somebody else made it.
absl::Status MakeSchema(const Options& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options, {.with_schema = false}));
  // The collation is named because MariaDB and MySQL have different ones by default; both have this one.
  return connection->Run(StrCat("CREATE DATABASE IF NOT EXISTS `", options.schema,
                                "` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"));
}

}  // namespace

Database::Database(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}
Database::~Database() = default;

const Options& Database::options() const { return pool_->options(); }

absl::StatusOr<std::unique_ptr<Database>> Database::Open(Options options, prometheus::Registry* registry) {
  RETURN_IF_ERROR(CheckSchemaName(options.schema));
  if (options.pool_size < 1) return InvalidField("pool_size", StrCat(options.pool_size), "at least 1");
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options);
  if (!connection.ok() && CodeOf(connection.status()) == kUnknownSchema) {
    RETURN_IF_ERROR(MakeSchema(options));
    connection = Connection::Open(options);
  }
  RETURN_IF_ERROR(connection.status());
  ASSIGN_OR_RETURN(const Settings settings, LoadSettings(**connection));
  RETURN_IF_ERROR(RefuseUnsafe(CheckSettings(settings, options)));
  return std::unique_ptr<Database>(new Database(std::make_unique<Pool>(std::move(options), registry)));
}

absl::Status Database::Transact(const TransactOptions& options, absl::FunctionRef<absl::Status(Transaction&)> body) {
  int conflicts = 0, losses = 0;
  while (true) {
    Transaction transaction(std::make_unique<Transaction::State>(*pool_, options));
    Transaction::State& state = *transaction.state_;
    absl::Status answer = body(transaction);
    if (answer.ok()) answer = state.Commit();
    if (answer.ok()) return answer;

    state.Rollback();
    if (state.commit_unknown) {
      bool again = false;
      answer = Resolve(options, &again);
      if (!again) return answer;
      continue;
    }
    const ErrorKind kind = state.doom.ok() ? ErrorKind::kOther : KindOf(state.doom_code);
    const bool conflict = kind == ErrorKind::kRetry && ++conflicts < kMostConflicts;
    // What broke before its COMMIT was rolled back, so a fresh connection may do it again.
    const bool loss = kind == ErrorKind::kLost && ++losses < kMostLosses;
    if (!conflict && !loss) return answer;
    const absl::Duration pause = Pause(conflicts + losses);
    if (absl::Now() + pause >= options.deadline) {
      if (loss) return answer;
      return Error(Reason::kConflictRetry,
                   StrCat("lost against other changes ", conflicts, " times until the deadline"),
                   {{"code", StrCat(state.doom_code)}});
    }
    pool_->metrics().Rerun(state.doom_code).Increment();
    absl::SleepFor(pause);
  }
}

// Asks what became of a COMMIT without answer; `again` where the body is to run once more.
absl::Status Database::Resolve(const TransactOptions& options, bool* again) {
  pool_->metrics().commit_unknown.Increment();
  const absl::Time deadline = std::min(options.deadline, absl::Now() + kLongestResolve);
  std::string why = "nothing tells whether it was stored";
  for (int attempt = 1; options.resolve; ++attempt) {
    CommitOutcome outcome = CommitOutcome::kNotCommitted;
    const absl::Status asked = Transact({.deadline = deadline}, [&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(outcome, options.resolve(transaction));
      return absl::OkStatus();
    });
    if (asked.ok()) {
      *again = outcome == CommitOutcome::kNotCommitted;
      return absl::OkStatus();
    }
    why = std::string(asked.message());
    const absl::Duration pause = Pause(attempt + 4);
    if (!Passing(asked) || absl::Now() + pause >= deadline) break;
    absl::SleepFor(pause);
  }
  return Error(Reason::kCommitUnknown, StrCat("the database did not answer to COMMIT: ", why));
}

absl::Status Database::ApplySchema(const Schema& schema) { return RunSchema(options(), schema); }

absl::Status Database::Ping(absl::Duration timeout) {
  std::lock_guard lock(ping_mutex_);
  absl::Status status = SignOfLife(timeout);
  if (!status.ok()) {
    ping_connection_.reset();
    pool_->Suspect();
  }
  answers_.store(status.ok(), std::memory_order_relaxed);
  return status;
}

absl::Status Database::SignOfLife(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  if (ping_connection_ != nullptr) {
    absl::Status status = ping_connection_->Ping();
    // The server may have closed this connection alone, or have been started again since.
    if (status.ok() || absl::Now() >= deadline) return status;
  }
  Options fresh = options();
  fresh.connect_timeout = std::min(fresh.connect_timeout, timeout);
  ASSIGN_OR_RETURN(ping_connection_, Connection::Open(fresh, {.socket_timeout = timeout}));
  return ping_connection_->Ping();
}

}  // namespace tributary::mysql
