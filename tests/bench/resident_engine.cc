// Lines in memory rated under terms they were not loaded for, which is what a simulation does: by widths, over partner
// x category x quarter, on two threads. The peer is DuckDB with the same lines in a table in memory, on two threads,
// asked in SQL; both answer the same cells to the cent. And what one more line costs, at the history of one busy
// partner.

#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "incentive-service/engine/resident/resident_lines.h"
#include "nlohmann/json.hpp"
#include "tests/bench/bench.h"
#include "tests/bench/duck_db.h"
#include "tests/support/command.h"

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

// The same lines at DuckDB (tests/bench/duckdb/peer.mjs).
class PeerLines {
 public:
  explicit PeerLines(const std::vector<ResidentLine>& lines)
      : duckdb_("peer.mjs", {Write(lines, folder_.path() + "/lines.csv"), StrCat(kThreads)}) {
    if (duckdb_.ready().at("lines") != lines.size()) Must(absl::DataLossError(duckdb_.ready().dump()), "DuckDB");
  }

  std::string version() const { return duckdb_.version(); }
  nlohmann::json Ask(const std::string& command) { return duckdb_.Ask(command); }

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
  static std::string Write(const std::vector<ResidentLine>& lines, std::string file) {
    std::ofstream csv(file);
    csv << "partner,category,quarter,micros\n";
    for (const ResidentLine& line : lines) {
      csv << line.partner << ',' << line.category << ',' << line.quarter << ',' << line.micros << '\n';
    }
    return file;
  }

  testing::TestFolder folder_;
  DuckDb duckdb_;
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
  if (!DuckDb::Installed("resident_engine")) return;
  PeerLines duckdb(lines);
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
