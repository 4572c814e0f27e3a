#include "common/mysql/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// A connection to a schema of this test's own.
std::unique_ptr<Connection> Connect(const Options& options) {
  EXPECT_OK(Database::Open(options).status());
  auto connection = Connection::Open(options);
  EXPECT_OK(connection.status());
  return *std::move(connection);
}

std::unique_ptr<Connection> Connect() { return Connect(testing::SharedDatabase().options()); }

constexpr char kMakeKinds[] =
    "CREATE TABLE kinds (id BIGINT NOT NULL PRIMARY KEY, i BIGINT, u BIGINT UNSIGNED, d DECIMAL(38,6), day DATE,"
    " at DATETIME(6), uid BINARY(16), b VARBINARY(300), l LONGBLOB, t VARCHAR(200) CHARACTER SET utf8mb4, f BOOLEAN)"
    " ENGINE=InnoDB";
constexpr char kAddKinds[] = "INSERT INTO kinds (id, i, u, d, day, at, uid, b, l, t, f) VALUES (?,?,?,?,?,?,?,?,?,?,?)";
constexpr char kReadKinds[] = "SELECT i, u, d, day, at, uid, b, l, t, f FROM kinds WHERE id = ?";

TEST(ConnectionTest, EveryTypeComesBackAsItWent) {
  auto connection = Connect();
  ASSERT_OK(connection->Run(kMakeKinds));
  const Uuid uid = Uuid::New(absl::FromUnixSeconds(1700000000));
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const std::string large(3 << 20, '\0');
  struct Case {
    int64_t i;
    uint64_t u;
    const char* d;
    const char* day;
    const char* at;
  };
  const Case cases[] = {
      {0, 0, "0", "1970-01-01", "1970-01-01T00:00:00Z"},
      {INT64_MAX, UINT64_MAX, "99999999999999999999.999999", "9999-12-31", "9999-12-31T23:59:59.999999Z"},
      {INT64_MIN, uint64_t{1} << 63, "-99999999999999999999.999999", "1900-01-01", "1000-01-01T00:00:00Z"},
      {-1, 1, "-0.000001", "2024-02-29", "1969-12-31T23:59:59.999999Z"},
      {42, 9007199254740993, "1234567890123.100001", "2013-11-29", "2013-11-29T10:20:30.000001Z"},
  };
  int id = 0;
  for (const Case& c : cases) {
    SCOPED_TRACE(++id);
    absl::Time at;
    std::string error;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, c.at, &at, &error)) << error;
    ASSERT_OK_AND_ASSIGN(const Decimal d, Decimal::Parse(c.d));
    ASSERT_OK_AND_ASSIGN(const Date day, Date::Parse(c.day));
    ASSERT_OK(connection
                  ->Execute(kAddKinds, Values{id, c.i, c.u, d, day, at, uid, std::string_view(bytes),
                                              std::string_view(large), "渠成 'quoted' \\ 😀", true})
                  .status());
    ASSERT_OK_AND_ASSIGN(const Rows rows, connection->Query(kReadKinds, Values{id}));
    ASSERT_THAT(rows, SizeIs(1));
    const Row& row = rows[0];
    EXPECT_EQ(row.Int(0), c.i);
    EXPECT_EQ(row.Uint(1), c.u);
    EXPECT_EQ(row.Dec(2), d) << row.Text(2);
    EXPECT_EQ(row.Day(3), day) << row.Text(3);
    EXPECT_EQ(row.Instant(4), at) << row.Text(4);
    EXPECT_EQ(row.Id(5), uid);
    EXPECT_EQ(row.Bytes(6), bytes);
    EXPECT_TRUE(row.Bytes(7) == large);
    EXPECT_EQ(row.Text(8), "渠成 'quoted' \\ 😀");
    EXPECT_TRUE(row.Bool(9));
  }
}

TEST(ConnectionTest, NullsGoAndComeBackBesideValues) {
  auto connection = Connect();
  ASSERT_OK(connection->Run(kMakeKinds));
  const std::optional<int64_t> none, seven = 7;
  // The same prepared statement with values, then nulls, then values.
  for (int id = 1; id <= 3; ++id) {
    const bool null = id == 2;
    Values args = {id};
    for (int i = 0; i < 10; ++i) args.push_back(null ? Value(Value::Null()) : Value(Value::Null()));
    args[1] = Value(null ? none : seven);
    args[7] = null ? Value(std::nullopt) : Value(std::string_view("", 0));
    ASSERT_OK(connection->Execute(kAddKinds, args).status());
    ASSERT_OK_AND_ASSIGN(const Rows rows, connection->Query(kReadKinds, Values{id}));
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].IsNull(0), null);
    EXPECT_EQ(rows[0].Int(0), null ? 0 : 7);
    EXPECT_EQ(rows[0].IsNull(6), null) << "an empty string is not null";
    EXPECT_TRUE(rows[0].IsNull(2));
    EXPECT_EQ(rows[0].Dec(2), Decimal());
  }
}

TEST(ConnectionTest, DecimalsStayExactInArithmeticAndComparison) {
  auto connection = Connect();
  ASSERT_OK(connection->Run("CREATE TABLE sums (id INT PRIMARY KEY, d DECIMAL(38,6) NOT NULL) ENGINE=InnoDB"));
  ASSERT_OK_AND_ASSIGN(const Decimal big, Decimal::Parse("12345678901234567890.000001"));
  ASSERT_OK_AND_ASSIGN(const Decimal bit, Decimal::Parse("0.000001"));
  ASSERT_OK_AND_ASSIGN(const Decimal sum, Decimal::Parse("12345678901234567890.000002"));
  ASSERT_OK(connection->Execute("INSERT INTO sums VALUES (1, ?)", Values{big}).status());
  // As text the parameter would make this a sum of doubles, which ends in ...8000.
  ASSERT_OK(connection->Execute("UPDATE sums SET d = d + ? WHERE id = ?", Values{bit, 1}).status());
  ASSERT_OK_AND_ASSIGN(const Rows rows,
                       connection->Query("SELECT d, '?' FROM sums WHERE d = ? AND d > ?", Values{sum, big}));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].Dec(0), sum);
  EXPECT_EQ(rows[0].Text(1), "?");
}

TEST(ConnectionTest, TheSessionIsAsItShould) {
  const bool mariadb = testing::ProductUnderTest() != testing::DatabaseProduct::kMySql;
  auto connection = Connect();
  ASSERT_OK_AND_ASSIGN(const Rows rows,
                       connection->Ask(StrCat("SELECT @@session.time_zone, @@session.autocommit,"
                                              " @@session.character_set_client, @@session.sql_mode,",
                                              mariadb ? "@@session.tx_isolation, @@session.max_statement_time"
                                                      : "@@session.transaction_isolation,"
                                                        " @@session.max_execution_time")));
  EXPECT_EQ(rows[0].Text(0), "+00:00");
  EXPECT_EQ(rows[0].Int(1), 1);
  EXPECT_EQ(rows[0].Text(2), "utf8mb4");
  EXPECT_THAT(rows[0].Text(3), HasSubstr("STRICT_ALL_TABLES"));
  EXPECT_EQ(rows[0].Text(4), "READ-COMMITTED");
  EXPECT_EQ(rows[0].Text(5), mariadb ? "10.000000" : "10000");
  EXPECT_EQ(connection->is_mariadb(), mariadb);
  EXPECT_GT(connection->server_id(), 0u);
}

TEST(ConnectionTest, AnUpdateCountsWhatItMatched) {
  auto connection = Connect();
  ASSERT_OK(connection->Run("CREATE TABLE counts (id INT PRIMARY KEY, v INT) ENGINE=InnoDB"));
  ASSERT_OK(connection->Execute("INSERT INTO counts VALUES (?, ?)", Values{1, 5}).status());
  ASSERT_OK_AND_ASSIGN(const int64_t same, connection->Execute("UPDATE counts SET v = ? WHERE id = ?", Values{5, 1}));
  EXPECT_EQ(same, 1);
  ASSERT_OK_AND_ASSIGN(const int64_t none, connection->Execute("UPDATE counts SET v = ? WHERE id = ?", Values{5, 2}));
  EXPECT_EQ(none, 0);
}

TEST(ConnectionTest, AnErrorInTheMiddleOfAResultIsNotAShortResult) {
  auto connection = Connect();
  // 50,000 rows, of which one cannot be computed.
  const std::string sql =
      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 499)"
      " SELECT a.i, b.i, REPEAT('x', 1000), 9223372036854775807 + IF(a.i = 80 AND b.i = 400, 1, 0)"
      " FROM n a JOIN n b WHERE a.i < 100";
  const auto rows = connection->Query(sql);
  EXPECT_FALSE(rows.ok()) << "got " << rows->size() << " rows";
  const auto asked = connection->Ask(sql);
  EXPECT_FALSE(asked.ok()) << "got " << asked->size() << " rows";
  EXPECT_OK(connection->Ping());
}

TEST(ConnectionTest, AStatementEndsAtItsTime) {
  Options options = testing::SharedDatabase().options();
  options.statement_timeout = absl::Milliseconds(300);
  auto connection = Connect(options);
  const auto slow = connection->Query(
      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
      " SELECT SUM(a.i * b.i + c.i) FROM n a JOIN n b JOIN n c");
  EXPECT_EQ(ReasonOf(slow.status()), Reason::kDeadlineExceeded) << slow.status();
  EXPECT_OK(connection->Ping());
}

TEST(ConnectionTest, MoreStatementsThanAreKeptStillWork) {
  auto connection = Connect();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 150; ++i) {
      ASSERT_OK_AND_ASSIGN(const Rows rows, connection->Query(StrCat("SELECT ? + ", i), Values{1000}));
      ASSERT_EQ(rows[0].Int(0), 1000 + i);
    }
  }
  ASSERT_OK_AND_ASSIGN(const Rows kept, connection->Ask("SHOW SESSION STATUS LIKE 'Prepared_stmt_count'"));
}

TEST(ConnectionTest, AChangedTableIsPreparedAgain) {
  auto connection = Connect(), other = Connect(testing::SharedDatabase().options());
  ASSERT_OK(connection->Run("CREATE TABLE shape (id INT PRIMARY KEY) ENGINE=InnoDB"));
  ASSERT_OK(connection->Execute("INSERT INTO shape (id) VALUES (?)", Values{1}).status());
  ASSERT_OK_AND_ASSIGN(const Rows before, connection->Query("SELECT * FROM shape"));
  EXPECT_EQ(before[0].size(), 1u);
  ASSERT_OK(connection->Run("ALTER TABLE shape ADD COLUMN v INT NOT NULL DEFAULT 3"));
  ASSERT_OK(connection->Execute("INSERT INTO shape (id) VALUES (?)", Values{2}).status());
}

TEST(ConnectionTest, ErrorsSayWhatTheyAre) {
  auto connection = Connect();
  ASSERT_OK(connection->Run("CREATE TABLE e (id INT PRIMARY KEY, d DECIMAL(10,6), b VARBINARY(3)) ENGINE=InnoDB"));
  ASSERT_OK(connection->Execute("INSERT INTO e VALUES (?, ?, ?)", Values{1, Decimal::FromInt(1), "abc"}).status());
  struct Case {
    const char* sql;
    Values args;
    Reason reason;
    const char* text;
  };
  const Case cases[] = {
      {"INSERT INTO e VALUES (?, ?, ?)", {1, Decimal(), ""}, Reason::kAlreadyExists, "key PRIMARY"},
      {"INSERT INTO e VALUES (?, ?, ?)", {2, Decimal::FromInt(99999), ""}, Reason::kOverflow, "1264"},
      {"INSERT INTO e VALUES (?, ?, ?)", {3, Decimal(), "abcd"}, Reason::kInternal, "1406"},
      {"INSERT INTO absent VALUES (?)", {1}, Reason::kInternal, "1146"},
      {"INSERT INTO e VALUES (?, ?, ?)", {4, Decimal()}, Reason::kInternal, "not set for all"},
      {"INSERT INTO e VALUES (?)", {4, Decimal()}, Reason::kInternal, ""},
      {"SELECT ?", {absl::InfiniteFuture()}, Reason::kInternal, "cannot be stored"},
  };
  for (const Case& c : cases) {
    const auto result = connection->Execute(c.sql, c.args);
    EXPECT_EQ(ReasonOf(result.status()), c.reason) << c.sql << ": " << result.status();
    EXPECT_THAT(std::string(result.status().message()), HasSubstr(c.text));
    EXPECT_FALSE(connection->lost());
  }
}

TEST(ConnectionTest, ALostConnectionStaysLost) {
  auto connection = Connect(), other = Connect();
  ASSERT_OK(other->Run(StrCat("KILL ", connection->server_id())));
  const auto rows = connection->Query("SELECT 1");
  EXPECT_EQ(ReasonOf(rows.status()), Reason::kDatabaseUnavailable) << rows.status();
  EXPECT_TRUE(connection->lost());
  EXPECT_EQ(ReasonOf(connection->Ping()), Reason::kDatabaseUnavailable);
}

TEST(ConnectionTest, AConnectionMayChangeThreads) {
  auto connection = Connect();
  for (int i = 0; i < 3; ++i) {
    std::thread([&] { EXPECT_OK(connection->Query("SELECT ?", Values{i}).status()); }).join();
  }
  std::thread([&] { connection.reset(); }).join();
}

TEST(ConnectionTest, NobodyAtTheDoor) {
  Options options = testing::SharedDatabase().options();
  options.password = "wrong";
  EXPECT_EQ(ReasonOf(Connection::Open(options).status()), Reason::kDatabaseUnavailable);
  options.address = "tcp://127.0.0.1:1";
  const auto refused = Connection::Open(options).status();
  EXPECT_EQ(ReasonOf(refused), Reason::kDatabaseUnavailable);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("tcp://127.0.0.1:1"));
}

TEST(ConnectionTest, TheSocketFileServesAsWell) {
  Options options = testing::SharedDatabase().options();
  options.address = testing::SharedDatabase().socket_address();
  EXPECT_OK(Connect(options)->Ping());
}

TEST(ConnectionTest, ProductionRefusesPlainText) {
  Options options = testing::SharedDatabase().options("mysql");
  options.production = true;
  const auto opened = Connection::Open(options);
  EXPECT_EQ(ReasonOf(opened.status()), Reason::kDatabaseUnavailable) << opened.status();
}

}  // namespace
}  // namespace tributary::mysql
