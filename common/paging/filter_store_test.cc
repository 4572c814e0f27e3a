// What filters find in a database: above all, rows without a value.

#include <memory>

#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary {
namespace {

class FilterStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = testing::FreshDatabase();
    ASSERT_OK(Do([](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(
          sql.Execute("CREATE TABLE things (id INT NOT NULL PRIMARY KEY, code VARBINARY(64), title "
                      "VARCHAR(255) CHARACTER SET utf8mb4, state VARBINARY(32), trusted BOOLEAN, line BIGINT, "
                      "amount DECIMAL(38,6), day DATE, at DATETIME(6)) ENGINE=InnoDB"));
      RETURN_IF_ERROR(sql.Execute(
          "INSERT INTO things VALUES "
          "(1, 'a-1', 'Bob\\'s Shop 100%', 'ACTIVE', TRUE, -5, 0.1, '2013-11-29', '2013-11-29 08:00:00.123456'), "
          "(2, 'A-1', '渠成商店', 'SUSPENDED', FALSE, 7, -20.000001, '2014-01-01', '2014-01-01 00:00:00'), "
          "(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
          "(4, '', '', 'ACTIVE', TRUE, 0, 100000000000000000000, '1900-01-01', '1999-12-31 23:59:59.999999')"));
      return absl::OkStatus();
    }));
  }

  absl::Status Do(absl::FunctionRef<absl::Status(mysql::Transaction&)> body) {
    return database_->Transact({.deadline = absl::Now() + absl::Seconds(30)}, body);
  }

  // The ids that the filter finds, in order: "1 4".
  std::string Found(std::string_view filter) {
    static const auto* const fields =
        new std::vector<FilterField>{FilterField::String("code", "code"),
                                     FilterField::String("title", "title"),
                                     FilterField::EnumText("state", "state", {"ACTIVE", "SUSPENDED"}),
                                     FilterField::Boolean("trusted", "trusted"),
                                     FilterField::Integer("line", "line"),
                                     FilterField::DecimalNumber("amount", "amount"),
                                     FilterField::Day("day", "day"),
                                     FilterField::Timestamp("at", "at")};
    const absl::StatusOr<SqlPredicate> predicate = ParseFilter(filter, *fields);
    if (!predicate.ok()) return std::string(predicate.status().message());
    std::vector<int64_t> ids;
    const absl::Status status = Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat("SELECT id FROM things WHERE id > 0 AND ", predicate->sql(), " ORDER BY id"),
                                 predicate->values()));
      for (const mysql::Row& row : rows) ids.push_back(row.Int(0));
      return absl::OkStatus();
    });
    return status.ok() ? StrJoin(ids, " ") : std::string(status.message());
  }

  std::unique_ptr<mysql::Database> database_;
};

TEST_F(FilterStoreTest, FindsWhatTheFilterSays) {
  const struct {
    const char* filter;
    const char* found;
  } kCases[] = {
      {"", "1 2 3 4"},
      {"state = ACTIVE", "1 4"},
      {"state != ACTIVE", "2 3"},
      {"NOT state = ACTIVE", "2 3"},
      {"NOT (state = ACTIVE AND line < 0)", "2 3 4"},
      {"NOT (state = ACTIVE OR line = 7)", "3"},
      {"NOT state != ACTIVE", "1 4"},
      {"NOT (NOT state = ACTIVE)", "1 4"},
      {"state = ACTIVE OR NOT line < 100", "1 3 4"},
      {"code = \"a-1\"", "1"},
      {"code = \"\"", "4"},
      {"code:\"-1\"", "1 2"},
      {"code:*", "1 2"},
      {"NOT code:*", "3 4"},
      {"line:*", "1 2 4"},
      {"title:\"100%\"", "1"},
      {"title:\"%\"", "1"},
      {"title:\"_\"", ""},
      {"title:商店", "2"},
      {"title = 'Bob\\'s Shop 100%'", "1"},
      {"title = \"' OR 1 = 1 -- \"", ""},
      {"trusted = true", "1 4"},
      {"trusted != true", "2 3"},
      {"line >= -5 AND line < 7", "1 4"},
      {"amount = 0.1", "1"},
      {"amount < -20", "2"},
      {"amount > 99999999999999999999.999999", "4"},
      {"day >= 2013-11-29", "1 2"},
      {"day != 2013-11-29", "2 3 4"},
      {"at = 2013-11-29T16:00:00.123456+08:00", "1"},
      {"at < 2000-01-01T00:00:00Z", "4"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Found(c.filter), c.found) << c.filter;
}

}  // namespace
}  // namespace tributary
