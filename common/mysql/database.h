#pragma once

// The database: a pool of connections and one transaction wrapper. The driver's exceptions end in connection.cc.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/value.h"

namespace prometheus {
class Registry;
}

namespace tributary::mysql {

class Connection;
class Pool;

// Where and how to connect.
struct Options {
  std::string address;  // "tcp://127.0.0.1:3306" or "unix:///path/mysqld.sock"
  std::string user;
  std::string password;
  std::string schema;  // the service's own database; made when absent
  int pool_size = 16;
  absl::Duration connect_timeout = absl::Seconds(5);
  absl::Duration statement_timeout = absl::Seconds(10);  // the read time-out of the socket is a little longer
  absl::Duration max_age = absl::Minutes(30);            // of a pooled connection
  // PEM files: of the server's certificate's authority; of our own certificate where the server asks for one.
  std::string tls_ca;
  std::string tls_cert;
  std::string tls_key;
  // Sum of the pools of all processes on this server, which its max_connections must exceed by 10; 0: this pool's size.
  int connections_in_all = 0;
  bool production = false;  // then TLS is demanded on the network
};

// Rows that are bound already (Transaction::BindRows).
struct BoundRows {
  uint64_t ticket = 0;
  size_t statements = 0;  // of the INSERT, from the first on
  size_t late = 0;
};

// One transaction (READ COMMITTED). Nothing is sent before the first statement; plain reads before the first write or
// locking read run by themselves, which at READ COMMITTED is the same and saves BEGIN and COMMIT. Not thread-safe.
// Any error of a statement dooms it: every later statement and the commit answer the same error.
// A Decimal among the arguments is read by the server as DECIMAL(38,6), so that arithmetic with it stays exact.
class Transaction {
 public:
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  absl::StatusOr<Rows> Query(std::string_view sql, const Values& args = {});
  // Rows matched (not only changed) by an UPDATE or DELETE, inserted by an INSERT.
  absl::StatusOr<int64_t> Execute(std::string_view sql, const Values& args = {});
  // INSERT of many rows: `head` up to VALUES ("INSERT INTO t (a, b) VALUES"), `width` columns, `values` row after row,
  // `tail` ("ON DUPLICATE KEY UPDATE ...") after the rows. Sent in chunks of fixed sizes, so that their statements stay
  // prepared.
  absl::Status InsertRows(std::string_view head, size_t width, const Values& values, std::string_view tail = {});
  // InsertRows with a row's text of one's own, `width` placeholders among expressions of the server: "(?, NOW(6), ?)".
  absl::Status InsertRowsAs(std::string_view head, std::string_view row, size_t width, const Values& values,
                            std::string_view tail = {}, const BoundRows& bound = {});
  // Like Execute, but a duplicate key is not an error of the transaction: false, and only the statement is undone.
  absl::StatusOr<bool> TryInsert(std::string_view sql, const Values& args);
  // InsertRows with the same promise: false where any row was there already; none of the rows is then inserted.
  absl::StatusOr<bool> TryInsertRows(std::string_view head, size_t width, const Values& values);
  absl::StatusOr<bool> TryInsertRowsAs(std::string_view head, std::string_view row, size_t width, const Values& values,
                                       const BoundRows& bound = {});
  // For many rows that are made before a lock is taken and sent under it: binds now what InsertRowsAs (without a tail)
  // or TryInsertRowsAs of the same arguments, given the answer, will send. Only the last `late` values of each row may
  // change in between. Binds the first 1,000 rows; the connection keeps statements of its own for them.
  absl::StatusOr<BoundRows> BindRows(std::string_view head, std::string_view row, size_t width, const Values& values,
                                     size_t late);

  // Gives this run up: everything is undone and the body runs again, as after a deadlock. For what a body finds out too
  // late, such as a key that another transaction took after it looked. The answer is to be returned from the body.
  absl::Status RunAgain(std::string_view why);

  // True once a statement has been sent.
  bool open() const;

 private:
  friend class Database;
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What a commit that got no answer turned out to be.
enum class CommitOutcome { kCommitted, kNotCommitted };

struct TransactOptions {
  absl::Time deadline = absl::InfiniteFuture();
  // One snapshot for all reads (REPEATABLE READ, read only).
  bool snapshot = false;
  // Reads only: a statement that writes or locks is a programming error (INTERNAL).
  bool autocommit_reads = false;
  // Asked on another connection after a COMMIT without answer; where it was not stored, the body runs again. It should
  // read with a lock (SELECT ... FOR UPDATE of the request's row), which waits for a COMMIT still under way. Unset:
  // COMMIT_UNKNOWN is returned.
  std::function<absl::StatusOr<CommitOutcome>(Transaction&)> resolve;
};

// The schema files of one component, embedded into the program by tributary_schema (cmake/Tributary.cmake).
struct SchemaFile {
  int number;             // the NNNN of its name
  std::string_view name;  // "0001_partner.sql"
  std::string_view text;
};
struct Schema {
  std::string_view component;  // "partner", "events", "rpc"
  std::vector<SchemaFile> files;
};

// Thread-safe.
class Database {
 public:
  // Connects, checks the server's settings (UNSAFE_SETTINGS names each unsafe one) and prepares the pool. `registry`
  // may be null; else the pool's metrics go there.
  static absl::StatusOr<std::unique_ptr<Database>> Open(Options options, prometheus::Registry* registry = nullptr);
  ~Database();

  // Runs `body` in a transaction and commits. Any error rolls back. `body` runs again on codes 1213, 1205, 1020 and
  // 1047 (also when they come at COMMIT), with jitter, until the deadline; so it must be able to: no effect outside the
  // transaction. Answers: the body's error; DATABASE_UNAVAILABLE; CONFLICT_RETRY; COMMIT_UNKNOWN; DEADLINE_EXCEEDED.
  absl::Status Transact(const TransactOptions& options, absl::FunctionRef<absl::Status(Transaction&)> body);

  // Applies the files of a component in order: forward only, checksummed (a changed file that was applied is refused),
  // under a lock held on a connection of its own.
  absl::Status ApplySchema(const Schema& schema);

  // Asks for a sign of life on a connection of its own, kept for that: a full pool does not delay it, and a server that
  // is there but silent is told after `timeout`, in whole seconds, instead of a statement's time. One at a time.
  absl::Status Ping(absl::Duration timeout);
  // What the last Ping found; true before the first.
  bool answers() const { return answers_.load(std::memory_order_relaxed); }

  const Options& options() const;

 private:
  explicit Database(std::unique_ptr<Pool> pool);

  absl::Status Resolve(const TransactOptions& options, bool* again);
  absl::Status SignOfLife(absl::Duration timeout);

  std::unique_ptr<Pool> pool_;
  std::mutex ping_mutex_;
  std::unique_ptr<Connection>
      ping_connection_;  // guarded by ping_mutex_; null until the first Ping and after a failed one
  std::atomic<bool> answers_{true};
};

}  // namespace tributary::mysql
