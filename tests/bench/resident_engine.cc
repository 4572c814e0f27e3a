// Lines in memory rated under terms they were not loaded for, which is what a simulation does: by widths, over partner
// x category x quarter, on two threads. The peer is DuckDB with the same lines in a table in memory, on two threads,
// asked in SQL; both answer the same cells to the cent. And what one more line costs, at the history of one busy
// partner.

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "incentive-service/engine/resident/resident_lines.h"
#include "nlohmann/json.hpp"
#include "tests/bench/bench.h"
#include "tests/support/command.h"

extern char** environ;

namespace tributary::bench {
namespace {

using incentive::Grouping;
using incentive::RatedCell;
using incentive::ResidentLine;
using incentive::ResidentLines;
using incentive::StraightTerms;

constexpr int kThreads = 2;
constexpr int kCategories = 12;
constexpr int kQuarters = 8;

template <typename T>
T Value(absl::StatusOr<T> value, const char* what) {
  Must(value.status(), what);
  return *std::move(value);
}

// 1 %, from 20,000 2 %, from 60,000 3.5 %, by widths; peer.mjs says the same in SQL.
StraightTerms Marginal() {
  incentive::Terms terms{{incentive::Shape::kMarginal,
                          incentive::Bound::kFrom,
                          {{Decimal(), Decimal::FromMicros(10'000)},
                           {Decimal::FromInt(20'000), Decimal::FromMicros(20'000)},
                           {Decimal::FromInt(60'000), Decimal::FromMicros(35'000)}}},
                         "USD"};
  return Value(StraightTerms::Of(terms), "terms");
}

class RandomLines {
 public:
  explicit RandomLines(int partners) : partners_(partners) {}
  // Amounts as documents state them, to 2,000 with four decimals; of 25 lines one is a return.
  ResidentLine Next() {
    const int64_t micros = Pick(1, 20'000'000) * 100;
    return {static_cast<uint32_t>(Pick(0, partners_ - 1)), static_cast<uint16_t>(Pick(0, kCategories - 1)),
            static_cast<uint16_t>(Pick(0, kQuarters - 1)), Pick(1, 25) == 1 ? -micros : micros};
  }

 private:
  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  std::mt19937_64 random_{20260101};
  int partners_;
};

std::vector<ResidentLine> Lines(int count, int partners) {
  RandomLines random(partners);
  std::vector<ResidentLine> lines(static_cast<size_t>(count));
  for (ResidentLine& line : lines) line = random.Next();
  return lines;
}

// DuckDB in a process of its own (tests/bench/duckdb/peer.mjs), asked line by line.
class DuckDb {
 public:
  static bool Installed() {
    return std::filesystem::exists(testing::SourceFolder() + "/tests/bench/duckdb/node_modules/@duckdb/node-api");
  }

  explicit DuckDb(const std::vector<ResidentLine>& lines) {
    const std::string file = folder_.path() + "/lines.csv";
    {
      std::ofstream csv(file);
      csv << "partner,category,quarter,micros\n";
      for (const ResidentLine& line : lines) {
        csv << line.partner << ',' << line.category << ',' << line.quarter << ',' << line.micros << '\n';
      }
    }
    std::array<int, 2> in, out;
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) Must(absl::UnknownError("no pipe"), "DuckDB");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    for (int end : {in[0], in[1], out[0], out[1]}) posix_spawn_file_actions_addclose(&actions, end);
    std::string script = testing::SourceFolder() + "/tests/bench/duckdb/peer.mjs", path = file,
                threads = StrCat(kThreads), node = "node";
    char* arguments[] = {node.data(), script.data(), path.data(), threads.data(), nullptr};
    const int failed = posix_spawnp(&process_, "node", &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (failed != 0) Must(absl::UnknownError("node cannot be started"), "DuckDB");
    to_.reset(fdopen(in[1], "w"));
    from_.reset(fdopen(out[0], "r"));
    const nlohmann::json ready = Answer();
    version_ = ready.at("version");
    if (ready.at("lines") != lines.size()) Must(absl::DataLossError(ready.dump()), "DuckDB");
  }
  ~DuckDb() {
    to_.reset();
    waitpid(process_, nullptr, 0);
  }

  const std::string& version() const { return version_; }

  nlohmann::json Ask(const std::string& command) {
    std::fprintf(to_.get(), "%s\n", command.c_str());
    std::fflush(to_.get());
    return Answer();
  }

  std::vector<RatedCell> Cells() {
    const std::string file = folder_.path() + "/cells.csv";
    Ask("export " + file);
    std::ifstream csv(file);
    std::vector<RatedCell> cells;
    char comma;
    int64_t partner, group, quarter, micros, minor;
    while (csv >> partner >> comma >> group >> comma >> quarter >> comma >> micros >> comma >> minor) {
      cells.push_back({static_cast<uint32_t>(partner), static_cast<uint16_t>(group), static_cast<uint16_t>(quarter),
                       micros, minor});
    }
    return cells;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  nlohmann::json Answer() {
    std::string line;
    for (int c; (c = std::fgetc(from_.get())) != '\n';) {
      if (c == EOF) Must(absl::UnavailableError("it ended"), "DuckDB");
      line += static_cast<char>(c);
    }
    nlohmann::json answer = nlohmann::json::parse(line);
    if (answer.contains("error")) Must(absl::UnknownError(line), "DuckDB");
    return answer;
  }

  testing::TestFolder folder_;
  pid_t process_ = -1;
  std::unique_ptr<std::FILE, Close> to_, from_;
  std::string version_;
};

int64_t Total(const std::vector<RatedCell>& cells) {
  int64_t total = 0;
  for (const RatedCell& cell : cells) total += cell.minor;
  return total;
}

// One line more for a partner of so much history (new, returned or back-dated), and all of the partner's cells after
// it; lines a second at the time that 99 of 100 keep.
class BusyPartner {
 public:
  explicit BusyPartner(int history) { Must(lines_.Load(Lines(history, 1)), "history"); }
  double Rate(absl::Duration round) {
    return SlowRate(round, [&] {
      Must(lines_.Add(random_.Next()), "line");
      const auto cells = lines_.RatePartner(0, terms_, Grouping::ByCategory(kCategories));
      if (Value(cells, "partner").empty()) Must(absl::UnknownError("no cells"), "partner");
    });
  }

 private:
  ResidentLines lines_;
  StraightTerms terms_ = Marginal();
  RandomLines random_{1};
};

}  // namespace

void ResidentEngine(const Settings& settings) {
  const StraightTerms terms = Marginal();
  const Grouping grouping = Grouping::ByCategory(kCategories);
  const std::vector<ResidentLine> lines = Lines(settings.lines, settings.lines / 2000 + 1);
  ResidentLines resident;
  const absl::Time start = absl::Now();
  Must(resident.Load(lines), "load");
  std::fprintf(stderr, "resident_engine: %zu lines loaded in %.1f s, %.2f bytes a line\n", resident.size(),
               absl::ToDoubleSeconds(absl::Now() - start),
               static_cast<double>(resident.Bytes()) / static_cast<double>(resident.size()));
  const std::vector<RatedCell> cells = Value(resident.Rate(terms, grouping, kThreads), "rate");
  if (!DuckDb::Installed()) {
    std::fprintf(stderr, "resident_engine: without its peer, which npm ci --prefix tests/bench/duckdb installs\n");
    return;
  }
  DuckDb duckdb(lines);
  if (duckdb.Cells() != cells) Must(absl::DataLossError("cells differ"), "resident_engine");
  std::fprintf(stderr, "resident_engine: all %zu cells are equal to the peer's\n", cells.size());

  const std::string total = StrCat(Total(cells));
  Line line{"resident_engine"};
  line.unit = "lines/s";
  line.peer =
      StrCat("DuckDB ", duckdb.version(), ", the same lines in memory, the same cells in SQL, ", kThreads, " threads");
  line.goal = 10;
  Compare(
      line, settings,
      [&] {
        return settings.lines * MedianRate(settings.round, [&] {
                 const auto rated = resident.Rate(terms, grouping, kThreads);
                 if (StrCat(Total(Value(rated, "rate"))) != total) Must(absl::DataLossError("total"), "rate");
               });
      },
      [&] {
        return settings.lines * MedianRate(settings.round, [&] {
                 if (duckdb.Ask("rate").at("total") != total) Must(absl::DataLossError("total"), "DuckDB");
               });
      });
}

void ResidentLineGrowth(const Settings& settings) {
  BusyPartner busy(settings.lines / 100), busier(settings.lines / 10);
  Line line{"resident_line"};
  line.unit = "lines/s";
  line.peer = StrCat("the same at ", settings.lines / 100, " lines of history instead of ", settings.lines / 10);
  line.goal = 0.8;
  Compare(
      line, settings, [&] { return busier.Rate(settings.round); }, [&] { return busy.Rate(settings.round); });
}

}  // namespace tributary::bench
