#pragma once

// What an error code of the server or of the driver means to us. Codes, never SQL states: 1020 comes with HY000.

#include <string_view>

#include "absl/status/status.h"

namespace tributary::mysql {

enum class ErrorKind {
  kRetry,        // the transaction lost against another and may simply run again: 1213, 1205, 1020, 1047
  kLost,         // the connection is gone or useless; what it had open was rolled back, unless a COMMIT was under way
  kUnavailable,  // the server refuses to serve just now: too many connections, read-only, disk full
  kDuplicate,    // a key is there already; only the statement was undone
  kTooSlow,      // the statement was stopped at its time limit
  kOutOfRange,   // a number does not fit its column
  kOther,
};

ErrorKind KindOf(int code);

// The status that callers see. The text names code and SQL state; of a duplicate only the key is told, not the value.
absl::Status ToStatus(int code, std::string_view sql_state, std::string_view message);

// The code that ToStatus was made from; 0 where the status is none of ours.
int CodeOf(const absl::Status& status);

}  // namespace tributary::mysql
