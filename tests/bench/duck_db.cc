#include "tests/bench/duck_db.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "tests/bench/bench.h"
#include "tests/support/command.h"

extern char** environ;

namespace tributary::bench {

bool DuckDb::Installed(const std::string& benchmark) {
  if (std::filesystem::exists(testing::SourceFolder() + "/tests/bench/duckdb/node_modules/@duckdb/node-api")) {
    return true;
  }
  std::fprintf(stderr, "%s: without its peer, which npm ci --prefix tests/bench/duckdb installs\n", benchmark.c_str());
  return false;
}

DuckDb::DuckDb(const std::string& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> in, out;
  if (pipe(in.data()) != 0 || pipe(out.data()) != 0) Must(absl::UnknownError("no pipe"), "DuckDB");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  for (int end : {in[0], in[1], out[0], out[1]}) posix_spawn_file_actions_addclose(&actions, end);
  std::vector<std::string> words = {"node", testing::SourceFolder() + "/tests/bench/duckdb/" + program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> given;
  for (std::string& word : words) given.push_back(word.data());
  given.push_back(nullptr);
  const int failed = posix_spawnp(&process_, "node", &actions, nullptr, given.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (failed != 0) Must(absl::UnknownError("node cannot be started"), "DuckDB");
  to_.reset(fdopen(in[1], "w"));
  from_.reset(fdopen(out[0], "r"));
  ready_ = Answer();
}

DuckDb::~DuckDb() {
  to_.reset();
  waitpid(process_, nullptr, 0);
}

nlohmann::json DuckDb::Ask(const std::string& command) {
  std::fprintf(to_.get(), "%s\n", command.c_str());
  std::fflush(to_.get());
  return Answer();
}

nlohmann::json DuckDb::Answer() {
  std::string line;
  for (int c; (c = std::fgetc(from_.get())) != '\n';) {
    if (c == EOF) Must(absl::UnavailableError("it ended"), "DuckDB");
    line += static_cast<char>(c);
  }
  nlohmann::json answer = nlohmann::json::parse(line);
  if (answer.contains("error")) Must(absl::UnknownError(line), "DuckDB");
  return answer;
}

}  // namespace tributary::bench
