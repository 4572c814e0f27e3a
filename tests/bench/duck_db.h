#pragma once

// DuckDB as a peer, in a process of its own: a program of tests/bench/duckdb that says a JSON line when it is ready,
// and one for each line that it reads.

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"

namespace tributary::bench {

class DuckDb {
 public:
  // Whether npm ci --prefix tests/bench/duckdb was run; says on standard error that `benchmark` goes without where not.
  static bool Installed(const std::string& benchmark);

  // Runs node tests/bench/duckdb/`program` with the arguments and waits until it is ready.
  DuckDb(const std::string& program, const std::vector<std::string>& arguments);
  ~DuckDb();
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  // What it said when it was ready.
  const nlohmann::json& ready() const { return ready_; }
  std::string version() const { return ready_.at("version"); }

  // Ends the benchmark's process where the answer is an error.
  nlohmann::json Ask(const std::string& command);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  nlohmann::json Answer();

  pid_t process_ = -1;
  std::unique_ptr<std::FILE, Close> to_, from_;
  nlohmann::json ready_;
};

}  // namespace tributary::bench
