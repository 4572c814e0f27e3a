#pragma once

// One session with the server. The driver and its exceptions are known to connection.cc alone.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/mysql/error_map.h"
#include "common/mysql/value.h"

namespace sql {
class ResultSet;
}

namespace tributary::mysql {

// How one connection differs from the pool's.
struct ConnectionOptions {
  bool with_schema = true;
  // No limit of a statement's time, for DDL; the socket waits a day.
  bool unlimited = false;
  // How long the socket waits for an answer, in whole seconds; 0: a little longer than a statement may take.
  absl::Duration socket_timeout;
};

// Rows that a statement was given before they are sent (Connection::BindRows).
struct BoundStatement {
  uint64_t ticket = 0;  // of these rows and no others; 0: it was given none
  size_t slot = 0;      // statements of one text are told apart by it, each with rows of its own
  size_t late = 0;      // so many values at the end of each row are bound only when the rows are sent
};

// Belongs to one thread at a time. After an error of kind kLost it answers nothing but errors; it never reconnects.
// Session: utf8mb4, UTC, sql_mode TRADITIONAL, READ COMMITTED, autocommit.
class Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Options& options, const ConnectionOptions& differ = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepared, and kept prepared: the last 64 texts of a connection are. A Decimal is bound as text and read by the
  // server as CAST(? AS DECIMAL(38,6)): plain text in arithmetic or in a comparison would make it a DOUBLE.
  absl::StatusOr<Rows> Query(std::string_view sql, absl::Span<const Value> args = {});
  absl::StatusOr<int64_t> Execute(std::string_view sql, absl::Span<const Value> args = {});
  // One INSERT of values.size() / width rows; `row` is a row's text with `width` placeholders, "(?, ?)".
  absl::StatusOr<int64_t> ExecuteRows(std::string_view head, std::string_view row, size_t width,
                                      absl::Span<const Value> values, std::string_view tail,
                                      const BoundStatement& bound = {});
  // Binds what ExecuteRows of the same arguments will send, all but the late values. Where the statement has been used
  // or dropped since, ExecuteRows binds everything.
  absl::Status BindRows(std::string_view head, std::string_view row, size_t width, absl::Span<const Value> values,
                        std::string_view tail, const BoundStatement& bound);

  // Without preparing and without parameters: BEGIN, COMMIT, SET, DDL, SHOW. `sql` is ours, never a caller's.
  absl::Status Run(std::string_view sql);
  absl::StatusOr<Rows> Ask(std::string_view sql);

  absl::Status Ping();

  // Of the last call: the server's or driver's code, 0 where there was none.
  int last_code() const { return last_code_; }
  // No further statement can succeed.
  bool lost() const { return lost_; }
  // The text of VERSION() speaks of MariaDB.
  bool is_mariadb() const { return is_mariadb_; }
  uint64_t server_id() const { return server_id_; }  // CONNECTION_ID(), which KILL takes
  absl::Time opened_at() const { return opened_at_; }

 private:
  struct Driver;
  Connection();

  absl::Status Connect(const Options& options, const ConnectionOptions& differ);
  absl::Status SetUp(const Options& options, const ConnectionOptions& differ);
  template <typename Result, typename Call>
  Result Guarded(Call&& call);
  static Rows ReadAll(sql::ResultSet& result);
  absl::Status Fail(int code, std::string_view state, std::string_view message);

  std::unique_ptr<Driver> driver_;
  int last_code_ = 0;
  bool lost_ = false;
  bool is_mariadb_ = false;
  uint64_t server_id_ = 0;
  absl::Time opened_at_;
};

}  // namespace tributary::mysql
