#pragma once

// A private PostgreSQL with pg_trgm, to measure against: in a folder of its own, on a socket there and no port, ended
// and removed with this object. Debian's package postgresql-15 brings all of it.

#include <sys/types.h>

#include <memory>
#include <string>

namespace tributary::matching_quality {

class Postgres {
 public:
  // nullptr, saying why on standard error, where no PostgreSQL is installed.
  static std::unique_ptr<Postgres> Start();
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  // Runs statements (psql's commands too) and answers what they print: a line a row, tabs between columns. Ends the
  // program where one fails.
  std::string Run(const std::string& statements) const;
  std::string version() const { return Run("SHOW server_version;"); }

 private:
  Postgres(std::string folder, pid_t pid) : folder_(std::move(folder)), pid_(pid) {}

  const std::string folder_;
  const pid_t pid_;
};

}  // namespace tributary::matching_quality
