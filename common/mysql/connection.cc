#include "common/mysql/connection.h"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <algorithm>
#include <list>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

// The server allows about 16,000 prepared statements in all, so each connection keeps few.
constexpr size_t kPreparedPerConnection = 64;
constexpr int kNeedReprepare = 1615;

// The driver wants to be told of every thread that uses it.
sql::mysql::MySQL_Driver* ThreadDriver() {
  static sql::mysql::MySQL_Driver* const driver = sql::mysql::get_mysql_driver_instance();
  struct Attached {
    Attached() { driver->threadInit(); }
    ~Attached() { driver->threadEnd(); }
  };
  thread_local const Attached attached;
  return driver;
}

// A socket file needs no TLS; the network does in production.
bool NeedsTls(const Options& options) { return options.production && !absl::StartsWith(options.address, "unix://"); }

int Seconds(absl::Duration duration) {
  return std::max<int>(1, static_cast<int>(absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)))));
}

// A statement's text with the placeholders of Decimals typed. Quoted text is left alone.
std::string TypedText(std::string_view sql, absl::Span<const Value> args) {
  std::string text;
  text.reserve(sql.size() + 32 * args.size());
  size_t next = 0;
  char quote = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '?') {
      const bool decimal = next < args.size() && std::holds_alternative<Decimal>(args[next].variant());
      ++next;
      if (decimal) {
        text += "CAST(? AS DECIMAL(38,6))";
        continue;
      }
    }
    text += c;
  }
  return text;
}

bool AnyDecimal(absl::Span<const Value> args) {
  return std::any_of(args.begin(), args.end(),
                     [](const Value& v) { return std::holds_alternative<Decimal>(v.variant()); });
}

// Which placeholders are Decimals: it belongs to the key under which the text is kept.
std::string KeyOf(std::string_view sql, absl::Span<const Value> args) {
  std::string key = StrCat(sql, "\x1f");
  for (const Value& value : args) key += std::holds_alternative<Decimal>(value.variant()) ? 'd' : '.';
  return key;
}

std::string RowsText(std::string_view head, std::string_view row, size_t rows, std::string_view tail) {
  std::string text;
  text.reserve(head.size() + rows * (row.size() + 1) + tail.size() + 2);
  StrAppend(&text, head, " ");
  for (size_t i = 0; i < rows; ++i) StrAppend(&text, i == 0 ? "" : ",", row);
  StrAppend(&text, " ", tail);
  return text;
}

std::string KeyOfRows(std::string_view head, std::string_view row, size_t rows, std::string_view tail, size_t slot) {
  return StrCat(head, "\x1f", row, "\x1f", rows, "\x1f", tail, "\x1f", slot);
}

void TwoDigits(char* at, int value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
}

// "2013-11-29 10:20:30.123456" in UTC, whole microseconds.
std::string InstantText(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);  // rounds down
  const absl::CivilSecond second = absl::ToCivilSecond(absl::FromUnixMicros(micros), absl::UTCTimeZone());
  if (second.year() < 1000 || second.year() > 9999) {
    throw std::invalid_argument("an instant outside the years 1000 to 9999 cannot be stored");
  }
  std::string text = "0000-00-00 00:00:00.000000";
  TwoDigits(text.data(), static_cast<int>(second.year() / 100));
  TwoDigits(text.data() + 2, static_cast<int>(second.year() % 100));
  TwoDigits(text.data() + 5, second.month());
  TwoDigits(text.data() + 8, second.day());
  TwoDigits(text.data() + 11, second.hour());
  TwoDigits(text.data() + 14, second.minute());
  TwoDigits(text.data() + 17, second.second());
  int64_t fraction = ((micros % 1000000) + 1000000) % 1000000;
  for (int i = 25; i >= 20; --i, fraction /= 10) text[i] = static_cast<char>('0' + fraction % 10);
  return text;
}

void Bind(sql::PreparedStatement& statement, unsigned index, const Value& value) {
  struct Binder {
    sql::PreparedStatement& statement;
    unsigned index;
    void operator()(Value::Null) const { statement.setNull(index, 0); }
    void operator()(int64_t v) const { statement.setInt64(index, v); }
    void operator()(uint64_t v) const { statement.setUInt64(index, v); }
    void operator()(std::string_view v) const { statement.setString(index, sql::SQLString(v.data(), v.size())); }
    void operator()(Decimal v) const { statement.setString(index, sql::SQLString(v.ToString())); }
    void operator()(Date v) const { statement.setString(index, sql::SQLString(v.ToString())); }
    void operator()(absl::Time v) const { statement.setString(index, sql::SQLString(InstantText(v))); }
  };
  std::visit(Binder{statement, index}, value.variant());
}

}  // namespace

struct Connection::Driver {
  struct Prepared {
    std::string key;
    std::unique_ptr<sql::PreparedStatement> statement;
    uint64_t ticket = 0;  // of the rows that were bound ahead
  };

  // Statements go before the connection that they belong to.
  std::unique_ptr<sql::Connection> connection;
  std::unique_ptr<sql::Statement> plain;
  std::list<Prepared> recent;                                                  // the latest used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_key;  // views of Prepared::key

  // The kept statement of this key; where there is none, `text` says what to prepare.
  template <typename Text>
  Prepared& Prepare(std::string_view key, Text&& text) {
    if (auto found = by_key.find(key); found != by_key.end()) {
      recent.splice(recent.begin(), recent, found->second);
      return recent.front();
    }
    std::unique_ptr<sql::PreparedStatement> statement(connection->prepareStatement(sql::SQLString(text())));
    if (recent.size() >= kPreparedPerConnection) {
      by_key.erase(recent.back().key);
      recent.pop_back();
    }
    recent.push_front({std::string(key), std::move(statement)});
    by_key.emplace(recent.front().key, recent.begin());
    return recent.front();
  }

  // Binds and uses the kept statement; once more, freshly prepared, where the server asks for that (a table changed).
  // Of rows that were bound ahead, `width` values each, only the late values are bound.
  template <typename Text, typename Use>
  auto With(std::string_view key, Text&& text, absl::Span<const Value> args, Use&& use, size_t width = 1,
            const BoundStatement& bound = {}) {
    const auto bind_and_use = [&] {
      Prepared& prepared = Prepare(key, text);
      const bool ahead = std::exchange(prepared.ticket, 0) == bound.ticket && bound.ticket != 0;
      for (size_t i = 0; i < args.size(); ++i) {
        if (ahead && i % width < width - bound.late) continue;
        Bind(*prepared.statement, static_cast<unsigned>(i + 1), args[i]);
      }
      return use(*prepared.statement);
    };
    try {
      return bind_and_use();
    } catch (const sql::SQLException& error) {
      if (error.getErrorCode() != kNeedReprepare) throw;
      Forget(key);
      return bind_and_use();
    }
  }

  template <typename Use>
  auto With(std::string_view sql, absl::Span<const Value> args, Use&& use) {
    if (!AnyDecimal(args))
      return With(
          sql, [&] { return std::string(sql); }, args, use);
    return With(
        KeyOf(sql, args), [&] { return TypedText(sql, args); }, args, use);
  }

  void Forget(std::string_view key) {
    auto found = by_key.find(key);
    if (found == by_key.end()) return;
    auto entry = found->second;
    by_key.erase(found);
    recent.erase(entry);
  }

  ~Driver() {
    by_key.clear();
    recent.clear();
    plain.reset();
    connection.reset();
  }
};

Connection::Connection() : driver_(std::make_unique<Driver>()), opened_at_(absl::Now()) {}

Connection::~Connection() {
  ThreadDriver();
  try {
    driver_.reset();
  } catch (const std::exception&) {
    // Nothing is lost with a connection that cannot even be closed.
  }
}

absl::Status Connection::Fail(int code, std::string_view state, std::string_view message) {
  last_code_ = code;
  if (KindOf(code) == ErrorKind::kLost) lost_ = true;
  return ToStatus(code, state, message);
}

// The one place where the driver's exceptions end.
template <typename Result, typename Call>
Result Connection::Guarded(Call&& call) {
  if (lost_) return Fail(2006, "08S01", "the connection was lost");
  last_code_ = 0;
  ThreadDriver();
  try {
    return call();
  } catch (const sql::SQLException& error) {
    return Fail(error.getErrorCode(), error.getSQLState(), error.what());
  } catch (const std::exception& error) {
    return Fail(0, "", error.what());
  }
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Options& options, const ConnectionOptions& differ) {
  std::unique_ptr<Connection> connection(new Connection());
  if (absl::Status status = connection->Connect(options, differ); !status.ok()) {
    return Annotate(status, StrCat("cannot connect to ", options.address));
  }
  RETURN_IF_ERROR(connection->SetUp(options, differ));
  return connection;
}

absl::Status Connection::Connect(const Options& options, const ConnectionOptions& differ) {
  return Guarded<absl::Status>([&]() -> absl::Status {
    // The socket waits a little longer than the server lets a statement run.
    const int wait = differ.unlimited ? 86400
                     : differ.socket_timeout > absl::ZeroDuration()
                         ? Seconds(differ.socket_timeout)
                         : Seconds(options.statement_timeout + absl::Seconds(2));
    sql::ConnectOptionsMap properties;
    properties["hostName"] = sql::SQLString(options.address);
    properties["userName"] = sql::SQLString(options.user);
    properties["password"] = sql::SQLString(options.password);
    properties["OPT_CONNECT_TIMEOUT"] = Seconds(options.connect_timeout);
    properties["OPT_READ_TIMEOUT"] = wait;
    properties["OPT_WRITE_TIMEOUT"] = wait;
    properties["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    properties["OPT_RECONNECT"] = false;
    properties["OPT_LOCAL_INFILE"] = 0;
    properties["CLIENT_FOUND_ROWS"] = true;  // an UPDATE to the same value has matched its row
    if (differ.with_schema) properties["schema"] = sql::SQLString(options.schema);
    if (!options.tls_ca.empty()) properties["sslCA"] = sql::SQLString(options.tls_ca);
    if (!options.tls_cert.empty()) properties["sslCert"] = sql::SQLString(options.tls_cert);
    if (!options.tls_key.empty()) properties["sslKey"] = sql::SQLString(options.tls_key);
    // Of all the driver's TLS options only this one refuses instead of falling back to plain text.
    if (NeedsTls(options)) properties["sslVerify"] = true;
    driver_->connection.reset(ThreadDriver()->connect(properties));
    driver_->plain.reset(driver_->connection->createStatement());
    return absl::OkStatus();
  });
}

absl::Status Connection::SetUp(const Options& options, const ConnectionOptions& differ) {
  ASSIGN_OR_RETURN(const Rows about, Ask("SELECT VERSION(), CONNECTION_ID()"));
  is_mariadb_ = absl::StrContains(absl::AsciiStrToLower(Abseil(about[0].Bytes(0))), "mariadb");
  server_id_ = about[0].Uint(1);
  const int64_t limit = differ.unlimited ? 0 : absl::ToInt64Milliseconds(options.statement_timeout);
  RETURN_IF_ERROR(Run("SET NAMES utf8mb4"));
  RETURN_IF_ERROR(
      Run(StrCat("SET SESSION sql_mode = 'TRADITIONAL', SESSION time_zone = '+00:00', SESSION autocommit = 1, ",
                 is_mariadb_ ? absl::StrFormat("SESSION max_statement_time = %d.%03d", limit / 1000, limit % 1000)
                             : absl::StrFormat("SESSION max_execution_time = %d", limit))));
  // The driver set REPEATABLE READ when it connected.
  return Run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
}

// Reads all of a result, so that no unread rest can put the connection out of step.
Rows Connection::ReadAll(sql::ResultSet& result) {
  Rows rows;
  const unsigned columns = result.getMetaData()->getColumnCount();
  while (result.next()) {
    Row& row = rows.emplace_back();
    row.cells_.resize(columns);
    for (unsigned i = 0; i < columns; ++i) {
      if (!result.isNull(i + 1)) row.cells_[i] = result.getString(i + 1).asStdString();
    }
  }
  return rows;
}

absl::StatusOr<Rows> Connection::Query(std::string_view sql, absl::Span<const Value> args) {
  return Guarded<absl::StatusOr<Rows>>([&] {
    return driver_->With(sql, args, [&](sql::PreparedStatement& statement) {
      const std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
      return ReadAll(*result);
    });
  });
}

absl::StatusOr<int64_t> Connection::Execute(std::string_view sql, absl::Span<const Value> args) {
  return Guarded<absl::StatusOr<int64_t>>([&] {
    return driver_->With(sql, args,
                         [](sql::PreparedStatement& statement) -> int64_t { return statement.executeUpdate(); });
  });
}

absl::StatusOr<int64_t> Connection::ExecuteRows(std::string_view head, std::string_view row, size_t width,
                                                absl::Span<const Value> values, std::string_view tail,
                                                const BoundStatement& bound) {
  return Guarded<absl::StatusOr<int64_t>>([&] {
    const size_t rows = values.size() / width;
    return driver_->With(
        KeyOfRows(head, row, rows, tail, bound.slot), [&] { return RowsText(head, row, rows, tail); }, values,
        [](sql::PreparedStatement& statement) -> int64_t { return statement.executeUpdate(); }, width, bound);
  });
}

absl::Status Connection::BindRows(std::string_view head, std::string_view row, size_t width,
                                  absl::Span<const Value> values, std::string_view tail, const BoundStatement& bound) {
  return Guarded<absl::Status>([&] {
    const size_t rows = values.size() / width;
    Driver::Prepared& prepared =
        driver_->Prepare(KeyOfRows(head, row, rows, tail, bound.slot), [&] { return RowsText(head, row, rows, tail); });
    prepared.ticket = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      if (i % width < width - bound.late) Bind(*prepared.statement, static_cast<unsigned>(i + 1), values[i]);
    }
    prepared.ticket = bound.ticket;
    return absl::OkStatus();
  });
}

absl::Status Connection::Run(std::string_view sql) {
  return Guarded<absl::Status>([&] {
    driver_->plain->execute(sql::SQLString(sql.data(), sql.size()));
    return absl::OkStatus();
  });
}

absl::StatusOr<Rows> Connection::Ask(std::string_view sql) {
  return Guarded<absl::StatusOr<Rows>>([&] {
    const std::unique_ptr<sql::ResultSet> result(driver_->plain->executeQuery(sql::SQLString(sql.data(), sql.size())));
    return ReadAll(*result);
  });
}

absl::Status Connection::Ping() { return Run("DO 1"); }

}  // namespace tributary::mysql
