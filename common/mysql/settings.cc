#include "common/mysql/settings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

// The findings about one server.
class Check {
 public:
  explicit Check(const Settings& settings) : settings_(settings) {}

  // The first of the names that the server knows.
  std::string_view NameOf(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      if (settings_.contains(std::string(name))) return name;
    }
    return *names.begin();
  }

  std::string Get(std::string_view name) const {
    const auto found = settings_.find(std::string(name));
    return found == settings_.end() ? std::string() : found->second;
  }

  bool On(std::string_view name) const {
    const std::string value = absl::AsciiStrToUpper(Get(name));
    return value == "ON" || value == "1" || value == "YES";
  }

  double Number(std::string_view name) const {
    double number = -1;
    return absl::SimpleAtod(Get(name), &number) ? number : -1;
  }

  void Want(bool holds, std::string_view name, std::string_view want, std::string_view why) {
    if (holds) return;
    const bool known = settings_.contains(std::string(name));
    unsafe_.push_back(
        {std::string(name), known ? Get(name) : "(unknown to this server)", std::string(want), std::string(why)});
  }

  std::vector<UnsafeSetting> Take() { return std::move(unsafe_); }

 private:
  const Settings& settings_;
  std::vector<UnsafeSetting> unsafe_;
};

void CheckDurability(Check& check) {
  check.Want(check.Get("innodb_flush_log_at_trx_commit") == "1", "innodb_flush_log_at_trx_commit", "1",
             "else a power cut loses commits that were acknowledged");
  const std::string doublewrite = absl::AsciiStrToUpper(check.Get("innodb_doublewrite"));
  check.Want(doublewrite == "ON" || doublewrite == "1" || doublewrite == "DETECT_AND_RECOVER", "innodb_doublewrite",
             "ON", "else a power cut can leave half-written pages");
  check.Want(!check.On("log_bin") || check.Get("sync_binlog") == "1", "sync_binlog", "1 with a binary log",
             "else the binary log and the tables can differ after a crash");
  const std::string recovery = check.Get("innodb_force_recovery");
  check.Want(recovery.empty() || recovery == "0", "innodb_force_recovery", "0", "the server runs in an emergency mode");
}

void CheckTransactions(Check& check) {
  check.Want(check.On("innodb_rollback_on_timeout"), "innodb_rollback_on_timeout", "ON",
             "else a lock time-out undoes one statement and leaves the rest of the transaction open");
  const double wait = check.Number("innodb_lock_wait_timeout");
  check.Want(wait >= 1 && wait <= 10, "innodb_lock_wait_timeout", "1 to 10 seconds",
             "callers wait for it inside their deadlines");
  const std::string_view isolation = check.NameOf({"transaction_isolation", "tx_isolation"});
  check.Want(check.Get(isolation) == "READ-COMMITTED", isolation, "READ-COMMITTED",
             "a session that does not set it itself would lose updates");
}

void CheckValues(Check& check) {
  const std::string mode = absl::AsciiStrToUpper(check.Get("sql_mode"));
  const std::set<std::string> has = absl::StrSplit(mode, ',', absl::SkipEmpty());
  std::vector<std::string> missing;
  for (const char* flag : {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE",
                           "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION"}) {
    if (!has.contains(flag)) missing.push_back(flag);
  }
  check.Want(missing.empty(), "sql_mode", StrCat("TRADITIONAL (missing ", StrJoin(missing, ", "), ")"),
             "else values that do not fit are bent instead of refused");
  check.Want(check.Get("character_set_server") == "utf8mb4", "character_set_server", "utf8mb4",
             "else text outside the old character set is lost");
  const std::string zone = check.Get("time_zone");
  const bool system_utc = zone == "SYSTEM" && check.Get("system_time_zone") == "UTC";
  check.Want(zone == "+00:00" || zone == "UTC" || system_utc, "time_zone", "+00:00",
             "instants are stored in UTC and compared with NOW(6)");
}

void CheckLimits(Check& check, const Options& options) {
  // MariaDB counts seconds, MySQL milliseconds.
  const std::string_view limit = check.NameOf({"max_statement_time", "max_execution_time"});
  const double seconds = check.Number(limit) / (limit == "max_execution_time" ? 1000 : 1);
  check.Want(seconds > 0 && seconds <= 60, limit, "10 seconds, at most 60",
             "else a forgotten statement holds its locks for ever");
  const int in_all = std::max(options.connections_in_all, options.pool_size);
  check.Want(check.Number("max_connections") >= in_all + 10, "max_connections", StrCat("at least ", in_all + 10),
             "the pools and the operators must fit");
  check.Want(check.Number("max_allowed_packet") >= 16 << 20, "max_allowed_packet", "at least 16777216",
             "inserts of many rows must fit");
  check.Want(check.Number("wait_timeout") >= 60, "wait_timeout", "at least 60 seconds",
             "else the server closes connections that the pool trusts");
  check.Want(!check.On("local_infile"), "local_infile", "OFF", "else a server can read the clients' files");
}

// A node of a Galera cluster is read and written as if it were the only server there is.
void CheckCluster(Check& check) {
  if (!check.On("wsrep_on")) return;
  const double wait = check.Number("wsrep_sync_wait");
  check.Want(wait >= 1 && static_cast<int>(wait) % 2 == 1, "wsrep_sync_wait", "1, 3, 5 or 7",
             "else a node that has just become the writer answers from before what was acknowledged");
  check.Want(!check.On("wsrep_dirty_reads"), "wsrep_dirty_reads", "OFF", "a node cut off from the others would answer");
  check.Want(check.Get("wsrep_osu_method") == "TOI", "wsrep_osu_method", "TOI",
             "else a schema changes on one node alone");
  check.Want(check.Get("binlog_format") == "ROW", "binlog_format", "ROW", "the other nodes apply rows, not statements");
}

}  // namespace

absl::StatusOr<Settings> LoadSettings(Connection& connection) {
  Settings settings;
  ASSIGN_OR_RETURN(const Rows variables, connection.Ask("SHOW GLOBAL VARIABLES"));
  for (const Row& row : variables) settings.emplace(absl::AsciiStrToLower(Abseil(row.Bytes(0))), row.Text(1));
  ASSIGN_OR_RETURN(const Rows session, connection.Ask("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
  settings["ssl_cipher"] = session.empty() ? "" : session[0].Text(1);
  return settings;
}

std::vector<UnsafeSetting> CheckSettings(const Settings& settings, const Options& options) {
  Check check(settings);
  CheckDurability(check);
  CheckTransactions(check);
  CheckValues(check);
  CheckLimits(check, options);
  CheckCluster(check);
  if (options.production && !absl::StartsWith(options.address, "unix://")) {
    check.Want(!check.Get("ssl_cipher").empty(), "ssl_cipher", "TLS on our connection", "the network can listen");
  }
  return check.Take();
}

absl::Status RefuseUnsafe(const std::vector<UnsafeSetting>& unsafe) {
  if (unsafe.empty()) return absl::OkStatus();
  std::vector<std::string> texts;
  std::vector<std::pair<std::string, std::string>> metadata;
  for (const UnsafeSetting& setting : unsafe) {
    texts.push_back(StrCat(setting.name, ": got '", setting.got, "', want ", setting.want, " (", setting.why, ")"));
    metadata.emplace_back(setting.name, setting.got);
  }
  return Error(Reason::kUnsafeSettings, StrCat("unsafe database settings: ", StrJoin(texts, "; ")),
               std::move(metadata));
}

}  // namespace tributary::mysql
