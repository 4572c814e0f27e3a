#include "common/mysql/error_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/mysql/transaction_state.h"
#include "common/status/status_matchers.h"

namespace tributary::mysql {
namespace {

TEST(ErrorMapTest, CodesMeanWhatTheyShould) {
  struct Case {
    int code;
    ErrorKind kind;
    Reason reason;
  };
  const Case cases[] = {
      {1213, ErrorKind::kRetry, Reason::kConflictRetry},
      {1205, ErrorKind::kRetry, Reason::kConflictRetry},
      {1020, ErrorKind::kRetry, Reason::kConflictRetry},
      {1047, ErrorKind::kRetry, Reason::kConflictRetry},
      {2002, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {2003, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {2006, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {2013, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {2014, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {2055, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {1053, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {1927, ErrorKind::kLost, Reason::kDatabaseUnavailable},
      {1040, ErrorKind::kUnavailable, Reason::kDatabaseUnavailable},
      {1045, ErrorKind::kUnavailable, Reason::kDatabaseUnavailable},
      {1290, ErrorKind::kUnavailable, Reason::kDatabaseUnavailable},
      {1062, ErrorKind::kDuplicate, Reason::kAlreadyExists},
      {1969, ErrorKind::kTooSlow, Reason::kDeadlineExceeded},
      {3024, ErrorKind::kTooSlow, Reason::kDeadlineExceeded},
      {1264, ErrorKind::kOutOfRange, Reason::kOverflow},
      {1064, ErrorKind::kOther, Reason::kInternal},
      {0, ErrorKind::kOther, Reason::kInternal},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.code);
    EXPECT_EQ(KindOf(c.code), c.kind);
    const absl::Status status = ToStatus(c.code, "HY000", "text");
    EXPECT_THAT(status, HasReason(c.reason));
    EXPECT_EQ(CodeOf(status), c.code);
  }
  EXPECT_EQ(CodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(CodeOf(absl::InternalError("another's")), 0);
}

TEST(ErrorMapTest, ADuplicateTellsTheKeyAndNotTheValue) {
  for (const char* message : {"Duplicate entry '13800138000' for key 'by_phone'",
                              "Duplicate entry '13800138000' for key 'partners.by_phone'"}) {
    const absl::Status status = ToStatus(1062, "23000", message);
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("(key by_phone)"));
    EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("138")));
  }
}

TEST(IsPlainReadTest, OnlyReadsWithoutLocks) {
  struct Case {
    const char* sql;
    bool plain;
  };
  const Case cases[] = {
      {"SELECT 1", true},
      {"\n  select a from t where b = ?", true},
      {"WITH x AS (SELECT 1) SELECT * FROM x", true},
      {"SELECT a FROM t WHERE b = ? FOR UPDATE", false},
      {"SELECT a FROM t LOCK IN SHARE MODE", false},
      {"SELECT a FROM t for share", false},
      {"SELECT LAST_INSERT_ID()", false},
      {"INSERT INTO t SELECT 1", false},
      {"UPDATE t SET a = 1", false},
      {"SHOW TABLES", false},
      {"", false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsPlainRead(c.sql), c.plain) << c.sql;
}

}  // namespace
}  // namespace tributary::mysql
