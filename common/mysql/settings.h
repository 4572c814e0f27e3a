#pragma once

// The server's settings that must hold before we serve. A server that may lose or bend what it acknowledged is
// refused, each unsafe setting by its name. MariaDB and MySQL name some of them differently; both are understood.

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/connection.h"

namespace tributary::mysql {

// Global variables by name, in lower case, as SHOW GLOBAL VARIABLES tells them; "ssl_cipher" is that of our own session
// (empty without TLS).
using Settings = std::map<std::string, std::string>;

struct UnsafeSetting {
  std::string name;
  std::string got;
  std::string want;
  std::string why;
};

absl::StatusOr<Settings> LoadSettings(Connection& connection);

// Empty where all is safe.
std::vector<UnsafeSetting> CheckSettings(const Settings& settings, const Options& options);

// UNSAFE_SETTINGS; the metadata maps each name to what it is.
absl::Status RefuseUnsafe(const std::vector<UnsafeSetting>& unsafe);

}  // namespace tributary::mysql
