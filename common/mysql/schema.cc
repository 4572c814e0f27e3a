#include "common/mysql/schema.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/digest/sha256.h"
#include "common/mysql/connection.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

constexpr int kLockWaitTimeout = 1205;
constexpr absl::Duration kLongestWait = absl::Minutes(30);  // for another that applies the same files

// number 0 of component "" is the row that is locked.
constexpr std::string_view kMakeTable =
    "CREATE TABLE IF NOT EXISTS schema_version ("
    " component VARBINARY(64) NOT NULL,"
    " number INT NOT NULL,"
    " name VARBINARY(200) NOT NULL,"
    " sha256 BINARY(32) NOT NULL,"
    " applied_at DATETIME(6) NOT NULL,"
    " PRIMARY KEY (component, number)"
    ") ENGINE=InnoDB";
constexpr std::string_view kAddFile =
    "INSERT INTO schema_version (component, number, name, sha256, applied_at) VALUES (?, ?, ?, ?, ?)";

// The row lock, held until the connection goes.
absl::StatusOr<std::unique_ptr<Connection>> Lock(const Options& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::Open(options, {.unlimited = true}));
  RETURN_IF_ERROR(connection->Run(kMakeTable));
  const absl::Time give_up = absl::Now() + kLongestWait;
  while (true) {
    RETURN_IF_ERROR(connection->Run("START TRANSACTION"));
    const absl::StatusOr<Rows> held =
        connection->Ask("SELECT number FROM schema_version WHERE component = '' AND number = 0 FOR UPDATE");
    if (held.ok() && !held->empty()) return connection;
    if (!held.ok() && (connection->last_code() != kLockWaitTimeout || absl::Now() >= give_up)) return held.status();
    RETURN_IF_ERROR(connection->Run("ROLLBACK"));
    if (!held.ok()) continue;
    // The first of all runners makes the row; where another was quicker, it may hold it already.
    const absl::StatusOr<int64_t> made =
        connection->Execute(kAddFile, Values{"", 0, "lock", std::string_view(Sha256("")), absl::Now()});
    const int code = connection->last_code();
    if (!made.ok() && code != kLockWaitTimeout && KindOf(code) != ErrorKind::kDuplicate) return made.status();
  }
}

absl::Status Refuse(std::string_view text) { return Error(Reason::kStateConflict, StrCat("schema: ", text)); }

}  // namespace

absl::Status RunSchema(const Options& options, const Schema& schema) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> lock, Lock(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> worker, Connection::Open(options, {.unlimited = true}));
  ASSIGN_OR_RETURN(const Rows rows,
                   worker->Query("SELECT number, name, sha256 FROM schema_version WHERE component = ? ORDER BY number",
                                 Values{schema.component}));
  std::map<int64_t, const Row*> applied;
  for (const Row& row : rows) applied.emplace(row.Int(0), &row);
  std::vector<SchemaFile> files = schema.files;
  std::sort(files.begin(), files.end(), [](const SchemaFile& a, const SchemaFile& b) { return a.number < b.number; });
  for (size_t i = 0; i < files.size(); ++i) {
    const SchemaFile& file = files[i];
    const std::string name = StrCat(schema.component, "/", file.name);
    const std::string sha256 = Sha256(file.text);
    if (i > 0 && file.number == files[i - 1].number) {
      return Refuse(StrCat(name, " and ", files[i - 1].name, " have one number"));
    }
    if (const auto found = applied.find(file.number); found != applied.end()) {
      if (found->second->Bytes(1) == file.name && found->second->Bytes(2) == sha256) continue;
      return Refuse(StrCat(name, " was applied, as ", found->second->Bytes(1),
                           ", and has changed since; write a new file instead"));
    }
    if (!applied.empty() && file.number < applied.rbegin()->first) {
      return Refuse(StrCat(name, " is new, but ", applied.rbegin()->second->Bytes(1),
                           " was applied already; give it a higher number"));
    }
    RETURN_IF_ERROR(lock->Ping());  // without the lock another may be at work
    const std::string_view sql = Std(absl::StripSuffix(absl::StripTrailingAsciiWhitespace(Abseil(file.text)), ";"));
    if (absl::Status done = worker->Run(sql); !done.ok()) return Annotate(done, StrCat("schema ", name));
    const Values row = {schema.component, file.number, file.name, std::string_view(sha256), absl::Now()};
    RETURN_IF_ERROR(worker->Execute(kAddFile, row).status());
  }
  return lock->Run("COMMIT");
}

}  // namespace tributary::mysql
