#include "common/mysql/error_map.h"

#include <string>

#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

// "Duplicate entry 'a-b' for key 'PRIMARY'" -> PRIMARY. MySQL writes 'table.PRIMARY'.
std::string_view KeyOf(std::string_view message) {
  const size_t end = message.rfind('\'');
  if (end == std::string_view::npos || end == 0) return {};
  const size_t start = message.rfind('\'', end - 1);
  if (start == std::string_view::npos) return {};
  std::string_view key = message.substr(start + 1, end - start - 1);
  const size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace

ErrorKind KindOf(int code) {
  switch (code) {
    case 1213:  // deadlock; on a cluster also a lost certification
    case 1205:  // lock wait time-out
    case 1020:  // record has changed since last read
    case 1047:  // the cluster's node is not ready
      return ErrorKind::kRetry;
    case 2002:  // no server behind the socket
    case 2003:  // no server at host and port
    case 2005:  // unknown host
    case 2006:  // server has gone away
    case 2013:  // connection lost during a query (the read time-out, too)
    case 2014:  // commands out of sync
    case 2026:  // TLS failed
    case 2055:  // connection lost, with the system's error
    case 1053:  // server shutdown in progress
    case 1152:  // aborted connection
    case 1158:  // network read error
    case 1159:  // network read time-out
    case 1160:  // network write error
    case 1161:  // network write time-out
    case 1184:  // aborted new connection
    case 1927:  // connection was killed (MariaDB)
    case 3169:  // session was killed (MySQL)
    case 4031:  // disconnected for inactivity (MySQL)
      return ErrorKind::kLost;
    case 1021:  // disk full
    case 1037:  // out of memory
    case 1040:  // too many connections
    case 1041:  // out of resources
    case 1044:  // access denied to the schema
    case 1045:  // access denied
    case 1049:  // unknown schema
    case 1114:  // table is full
    case 1129:  // host blocked
    case 1203:  // user has too many connections
    case 1226:  // user's resource limit
    case 1290:  // server runs read-only
    case 1317:  // query interrupted by an operator
    case 1461:  // too many prepared statements
    case 1698:  // access denied, no password
    case 1836:  // read-only mode
      return ErrorKind::kUnavailable;
    case 1062:
    case 1586:
      return ErrorKind::kDuplicate;
    case 1969:  // max_statement_time (MariaDB)
    case 3024:  // max_execution_time (MySQL)
      return ErrorKind::kTooSlow;
    case 1264:  // out of range for column
    case 1690:  // expression out of range
      return ErrorKind::kOutOfRange;
    default:
      return ErrorKind::kOther;
  }
}

absl::Status ToStatus(int code, std::string_view sql_state, std::string_view message) {
  const std::string text = StrCat("database error ", code, " (", sql_state, "): ", message);
  const std::string number = StrCat(code);
  switch (KindOf(code)) {
    case ErrorKind::kRetry:
      return Error(Reason::kConflictRetry, text, {{"code", number}});
    case ErrorKind::kLost:
    case ErrorKind::kUnavailable:
      return Error(Reason::kDatabaseUnavailable, text, {{"code", number}});
    case ErrorKind::kDuplicate: {
      const std::string key(KeyOf(message));
      return Error(Reason::kAlreadyExists, StrCat("a row with this key exists already (key ", key, ")"),
                   {{"code", number}, {"key", key}});
    }
    case ErrorKind::kTooSlow:
      return Error(Reason::kDeadlineExceeded, text, {{"code", number}});
    case ErrorKind::kOutOfRange:
      return Error(Reason::kOverflow, text, {{"code", number}});
    case ErrorKind::kOther:
      break;
  }
  return Error(Reason::kInternal, text, {{"code", number}});
}

int CodeOf(const absl::Status& status) {
  int code = 0;
  for (const auto& [key, value] : DetailOf(status).metadata) {
    if (key == "code" && absl::SimpleAtoi(value, &code)) return code;
  }
  return 0;
}

}  // namespace tributary::mysql
