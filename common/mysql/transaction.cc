#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/mysql/transaction_state.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

// Rows of one INSERT. Few sizes, so that their statements stay prepared; each about four times the next, so that an odd
// number of rows still needs few statements. 250 rows cost as little each as 1,000 do (5.7 microseconds for 12
// columns), and a prepared statement of 250 x 12 holds 1.4 MB of the server's memory per connection, one of 1,000 5.5
// MB.
constexpr size_t kRowSteps[] = {250, 64, 16, 4, 1};
// So many of the largest statements are bound ahead, each by a statement of its own that the connection keeps prepared.
constexpr size_t kBoundAhead = 4;
constexpr size_t kMaxPlaceholders = 65535;   // of one prepared statement
constexpr size_t kMaxBytesOfRows = 4 << 20;  // well below max_allowed_packet

size_t ByteSize(absl::Span<const Value> values) {
  size_t bytes = 0;
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string_view>(&value.variant());
    bytes += text == nullptr ? 16 : text->size() + 8;
  }
  return bytes;
}

// How many of the rows in `values` go into the next statement.
size_t NextRows(size_t width, absl::Span<const Value> values) {
  const size_t rows = values.size() / width;
  for (const size_t step : kRowSteps) {
    if (step > rows || step * width > kMaxPlaceholders) continue;
    if (step == 1 || ByteSize(values.subspan(0, step * width)) <= kMaxBytesOfRows) return step;
  }
  return 1;
}

std::string RowOf(size_t width) {
  std::string row = "(";
  for (size_t i = 0; i < width; ++i) row += i == 0 ? "?" : ",?";
  return row + ")";
}

// Of the INSERT's statement of this index.
BoundStatement At(const BoundRows& bound, size_t statement) {
  if (statement >= bound.statements) return {};
  return {.ticket = bound.ticket, .slot = statement, .late = bound.late};
}

absl::Status BadShape(size_t width, size_t values) {
  return Error(Reason::kInternal, StrCat("got ", values, " values for rows of ", width, " columns"));
}

}  // namespace

bool IsPlainRead(std::string_view sql) {
  const std::string lower = absl::AsciiStrToLower(absl::StripLeadingAsciiWhitespace(Abseil(sql)));
  if (!absl::StartsWith(lower, "select") && !absl::StartsWith(lower, "with")) return false;
  return !absl::StrContains(lower, "for update") && !absl::StrContains(lower, "for share") &&
         !absl::StrContains(lower, "lock in share mode") && !absl::StrContains(lower, "last_insert_id(");
}

absl::Status Transaction::State::Doom(absl::Status status, int code) {
  if (doom.ok()) {
    doom = std::move(status);
    doom_code = code;
  }
  return doom;
}

absl::Status Transaction::State::Ready(bool in_transaction) {
  if (!doom.ok()) return doom;
  if (in_transaction && (reads_only || snapshot)) {
    return Doom(Error(Reason::kInternal, "a statement that writes or locks in a transaction that only reads"), 0);
  }
  if (absl::Now() >= deadline) {
    return Doom(Error(Reason::kDeadlineExceeded, "the deadline passed inside the transaction"), 0);
  }
  if (!lease) {
    absl::StatusOr<Pool::Lease> got = pool.Acquire(deadline);
    if (!got.ok()) return Doom(got.status(), 0);
    lease = *std::move(got);
  }
  sent = true;
  if (snapshot && !begun) {
    if (absl::Status status = lease->Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); !status.ok()) {
      return Failed(std::move(status));
    }
    if (absl::Status status = lease->Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"); !status.ok()) {
      return Failed(std::move(status));
    }
    begun = true;
  }
  if (!in_transaction) return absl::OkStatus();
  if (!begun) {
    if (absl::Status status = lease->Run("START TRANSACTION"); !status.ok()) return Failed(std::move(status));
    begun = true;
  }
  return absl::OkStatus();
}

absl::Status Transaction::State::Commit() {
  if (!doom.ok()) return doom;
  if (!begun) {
    lease.Release();
    return absl::OkStatus();
  }
  absl::Status status = lease->Run("COMMIT");
  if (status.ok()) {
    begun = false;
    lease.Release();
    if (!snapshot) pool.metrics().committed.Increment();
    return absl::OkStatus();
  }
  // Only the codes that say "rolled back" do say so; after any other the change may have been stored.
  commit_unknown = !snapshot && KindOf(lease->last_code()) != ErrorKind::kRetry;
  return Failed(std::move(status));
}

void Transaction::State::Rollback() {
  if (!lease) return;
  if (begun && !snapshot) pool.metrics().rolled_back.Increment();
  // A node of a cluster that is not ready (1047) stays so for a while: another connection may meet another node.
  bool reusable = !lease->lost() && doom_code != 1047 && !commit_unknown;
  if (reusable && begun) reusable = lease->Run("ROLLBACK").ok();
  begun = false;
  if (lease->lost()) pool.Suspect();
  lease.Release(reusable);
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}

Transaction::~Transaction() {
  if (state_ != nullptr) state_->Rollback();
}

absl::Status Transaction::RunAgain(std::string_view why) {
  constexpr int kAsAfterADeadlock = 1213;
  return state_->Doom(Error(Reason::kConflictRetry, why), kAsAfterADeadlock);
}

bool Transaction::open() const { return state_->sent; }

absl::StatusOr<Rows> Transaction::Query(std::string_view sql, const Values& args) {
  RETURN_IF_ERROR(state_->Ready(!IsPlainRead(sql)));
  absl::StatusOr<Rows> rows = state_->lease->Query(sql, args);
  if (!rows.ok()) return state_->Failed(rows.status());
  return rows;
}

absl::StatusOr<int64_t> Transaction::Execute(std::string_view sql, const Values& args) {
  RETURN_IF_ERROR(state_->Ready(true));
  absl::StatusOr<int64_t> count = state_->lease->Execute(sql, args);
  if (!count.ok()) return state_->Failed(count.status());
  return count;
}

absl::Status Transaction::InsertRows(std::string_view head, size_t width, const Values& values, std::string_view tail) {
  return InsertRowsAs(head, RowOf(width), width, values, tail);
}

absl::Status Transaction::InsertRowsAs(std::string_view head, std::string_view row, size_t width, const Values& values,
                                       std::string_view tail, const BoundRows& bound) {
  if (width == 0 || values.size() % width != 0) return state_->Doom(BadShape(width, values.size()), 0);
  size_t statement = 0;
  for (absl::Span<const Value> rest = values; !rest.empty();) {
    RETURN_IF_ERROR(state_->Ready(true));
    const size_t count = NextRows(width, rest) * width;
    absl::StatusOr<int64_t> done =
        state_->lease->ExecuteRows(head, row, width, rest.subspan(0, count), tail, At(bound, statement++));
    if (!done.ok()) return state_->Failed(done.status());
    rest.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Transaction::TryInsert(std::string_view sql, const Values& args) {
  RETURN_IF_ERROR(state_->Ready(true));
  const absl::StatusOr<int64_t> count = state_->lease->Execute(sql, args);
  if (count.ok()) return true;
  if (KindOf(state_->lease->last_code()) == ErrorKind::kDuplicate) return false;
  return state_->Failed(count.status());
}

absl::StatusOr<bool> Transaction::TryInsertRows(std::string_view head, size_t width, const Values& values) {
  return TryInsertRowsAs(head, RowOf(width), width, values);
}

absl::StatusOr<bool> Transaction::TryInsertRowsAs(std::string_view head, std::string_view row, size_t width,
                                                  const Values& values, const BoundRows& bound) {
  if (width == 0 || values.size() % width != 0) return state_->Doom(BadShape(width, values.size()), 0);
  if (values.empty()) return true;
  // A duplicate undoes its own statement; rows of the statements before it need a savepoint.
  const bool several = NextRows(width, values) * width < values.size();
  RETURN_IF_ERROR(state_->Ready(true));
  if (several) {
    if (absl::Status status = state_->lease->Run("SAVEPOINT rows_start"); !status.ok()) {
      return state_->Failed(std::move(status));
    }
  }
  size_t statement = 0;
  for (absl::Span<const Value> rest = values; !rest.empty();) {
    RETURN_IF_ERROR(state_->Ready(true));
    const size_t count = NextRows(width, rest) * width;
    const absl::StatusOr<int64_t> done =
        state_->lease->ExecuteRows(head, row, width, rest.subspan(0, count), {}, At(bound, statement++));
    if (!done.ok()) {
      if (KindOf(state_->lease->last_code()) != ErrorKind::kDuplicate) return state_->Failed(done.status());
      if (several) {
        absl::Status status = state_->lease->Run("ROLLBACK TO SAVEPOINT rows_start");
        if (!status.ok()) return state_->Failed(std::move(status));
      }
      return false;
    }
    rest.remove_prefix(count);
  }
  return true;
}

absl::StatusOr<BoundRows> Transaction::BindRows(std::string_view head, std::string_view row, size_t width,
                                                const Values& values, size_t late) {
  if (width == 0 || values.size() % width != 0) return state_->Doom(BadShape(width, values.size()), 0);
  // A connection goes from transaction to transaction, so that what one left bound must not be taken for another's.
  static std::atomic<uint64_t> last{0};
  BoundRows bound{.ticket = ++last, .late = late};
  for (absl::Span<const Value> rest = values; bound.statements < kBoundAhead; ++bound.statements) {
    const size_t rows = rest.empty() ? 0 : NextRows(width, rest);
    if (rows != kRowSteps[0]) break;
    RETURN_IF_ERROR(state_->Ready(true));
    const absl::Status done = state_->lease->BindRows(head, row, width, rest.subspan(0, rows * width), {},
                                                      {.ticket = bound.ticket, .slot = bound.statements, .late = late});
    if (!done.ok()) return state_->Failed(done);
    rest.remove_prefix(rows * width);
  }
  return bound;
}

}  // namespace tributary::mysql
