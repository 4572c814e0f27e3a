// Simulations: what SimulateProgram decides (each partner's value under the terms and under those of another program,
// who wins and who loses) on the real lines, where TRIBUTARY_REAL_DATA names them; the same for a year of lines that
// are held in memory; and how fast lines come from the database into memory.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "incentive-service/engine/resident/resident_lines.h"
#include "incentive-service/simulations/simulation.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using incentive::Comparison;
using incentive::FactTotal;
using incentive::Grouping;
using incentive::PartnerResult;
using incentive::Program;
using incentive::RatedCell;
using incentive::ResidentLine;
using incentive::ResidentLines;
using incentive::SimulationResult;
using incentive::StraightTerms;

constexpr int kThreads = 2;

template <typename T>
T Value(absl::StatusOr<T> value, const char* what) {
  Must(value.status(), what);
  return *std::move(value);
}

// 1 %, from 20,000 2 %, from 60,000 3.5 %, by widths; and the same on the whole.
Program Marginal() {
  Program program = incentive::GrowthProgram("marginal", incentive::Basis::kOrder, "2010-10-01");
  return program;
}
Program Retroactive() {
  Program program = Marginal();
  program.terms.scale.shape = incentive::Shape::kRetroactive;
  return program;
}

// --- the real lines -------------------------------------------------------------------------------------------------

// No field of these files that is read is quoted before the ones that are.
std::vector<std::string_view> Fields(std::string_view row) {
  std::vector<std::string_view> fields;
  for (size_t begin = 0; begin <= row.size();) {
    const size_t end = std::min(row.find(',', begin), row.size());
    fields.push_back(row.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

template <typename Take>
void ReadRows(const std::string& file, Take take) {
  std::ifstream stream(file);
  if (!stream.is_open()) Must(absl::NotFoundError(file), "real data");
  std::string row;
  std::getline(stream, row);
  while (std::getline(stream, row)) take(Fields(row));
}

// The lines as the database adds them up: by partner, day and currency.
class Adding {
 public:
  void Add(std::string partner, Date date, Decimal net, Decimal quantity) {
    FactTotal& total = totals_[{std::move(partner), date}];
    total.net += net;
    total.quantity += quantity;
    ++total.lines;
    ++lines_;
  }
  std::vector<FactTotal> Totals() const {
    std::vector<FactTotal> totals;
    totals.reserve(totals_.size());
    for (const auto& [key, total] : totals_) {
      totals.push_back(total);
      std::tie(totals.back().partner, totals.back().basis_date) = key;
      totals.back().currency = "USD";
    }
    return totals;
  }
  int64_t lines() const { return lines_; }

 private:
  std::map<std::pair<std::string, Date>, FactTotal> totals_;
  int64_t lines_ = 0;
};

// AdventureWorks' reseller lines and UCI's order lines; the amounts of both as if in one currency.
void ReadReal(const std::string& folder, Adding* adding) {
  ReadRows(folder + "/adventureworks_dw/reseller_order_lines.csv", [&](const std::vector<std::string_view>& row) {
    adding->Add(StrCat("r", row[5]), Value(Date::Parse(row[2]), "date"), Value(Decimal::Parse(row[16]), "amount"),
                Value(Decimal::Parse(row[11]), "quantity"));
  });
  std::unordered_map<std::string, std::pair<std::string, Date>> orders;  // customer and day
  ReadRows(folder + "/uci_online_retail/orders.csv", [&](const std::vector<std::string_view>& row) {
    orders[std::string(row[0])] = {StrCat("c", row[3]), Value(Date::Parse(row[2].substr(0, 10)), "date")};
  });
  ReadRows(folder + "/uci_online_retail/order_lines.csv", [&](const std::vector<std::string_view>& row) {
    const auto& [customer, day] = orders.at(std::string(row[0]));
    int64_t quantity = 0;
    std::from_chars(row[2].data(), row[2].data() + row[2].size(), quantity);
    const auto price = static_cast<int64_t>(Value(Decimal::Parse(row[3]), "price").micros());
    adding->Add(customer, day, Decimal::FromMicros(price * quantity), Decimal::FromInt(quantity));
  });
}

Comparison Decide(const std::vector<FactTotal>& totals, const Program& simulated, const Program& other) {
  SimulationResult result = Value(Simulate(simulated, totals), "simulated");
  const SimulationResult compared =
      Value(Simulate(Value(Comparable(other, simulated, "compare_with"), "comparable"), totals), "compared");
  return Value(CompareWith(other, compared, &result), "comparison");
}

// --- a year in memory -----------------------------------------------------------------------------------------------

// Each partner's value. Names that fall as their codes do.
SimulationResult ResultOf(const std::vector<RatedCell>& cells) {
  SimulationResult result;
  uint32_t last = 0;
  for (const RatedCell& cell : cells) {
    if (result.partners.empty() || cell.partner != last) {
      char name[16];
      std::snprintf(name, sizeof name, "p%09u", cell.partner);
      result.partners.push_back({.partner = name});
      last = cell.partner;
    }
    result.partners.back().value += cell.minor;
    result.total += cell.minor;
  }
  return result;
}

std::vector<ResidentLine> YearOf(int count) {
  std::mt19937_64 random(20260101);
  const auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  const int partners = count / 2000 + 1;
  std::vector<ResidentLine> lines(static_cast<size_t>(count));
  for (ResidentLine& line : lines) {
    const int64_t micros = pick(1, 20'000'000) * 100;
    line = {static_cast<uint32_t>(pick(0, partners - 1)), static_cast<uint16_t>(pick(0, 11)),
            static_cast<uint16_t>(pick(0, 3)), pick(1, 25) == 1 ? -micros : micros};
  }
  return lines;
}

Comparison DecideResident(const ResidentLines& lines, const Program& simulated, const StraightTerms& terms,
                          const StraightTerms& other) {
  SimulationResult result = ResultOf(Value(lines.Rate(terms, Grouping::Together(12), kThreads), "rate"));
  const SimulationResult compared = ResultOf(Value(lines.Rate(other, Grouping::Together(12), kThreads), "rate"));
  return Value(CompareWith(simulated, compared, &result), "comparison");
}

// --- from the database ----------------------------------------------------------------------------------------------

// Facts in the database, and what a cold start reads of them, some partners at a time.
class Stored {
 public:
  explicit Stored(int lines) : database_(testing::FreshDatabase({&schema::incentive()})) {
    const Date first = *Date::FromYmd(2026, 1, 1);
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    constexpr int kBatch = 1000;
    for (int at = 0; at < lines; at += kBatch) {
      std::vector<std::string> texts;
      texts.reserve(3 * kBatch);
      mysql::Values values;
      for (int n = at; n < std::min(lines, at + kBatch); ++n) {
        char partner[16];
        std::snprintf(partner, sizeof partner, "p%06d", n % kPartners);
        const std::string& name = texts.emplace_back(partner);
        const std::string& fact = texts.emplace_back(StrCat("shipments/SO-", n, "/lines/1"));
        const std::string& category = texts.emplace_back(StrCat("productLines/c", n % 12));
        const Date day = first.AddDays(n / kPartners % 365);
        values.insert(values.end(),
                      {name, fact, 1, 1, n, now, "SO", 1, day, day, "products/x", category, Decimal::FromInt(1),
                       Decimal::FromMicros(n % 977 * 12'345'600LL), "USD", day, day});
      }
      Must(database_->Transact({},
                               [&](mysql::Transaction& sql) {
                                 return sql.InsertRows(
                                     "INSERT INTO fact_line (partner, fact, kind, shard, seq, recorded_at, document, "
                                     "line, order_date, ship_date, product, product_line, quantity, net_amount, "
                                     "currency, order_basis, ship_basis) VALUES",
                                     17, values);
                               }),
           "facts");
    }
  }

  // Calls `take` with the rows, some partners at a time: (partner, day, product line, amount).
  template <typename Take>
  void Read(Take take) {
    for (int from = 0; from < kPartners; from += kAtOnce) {
      char low[16], high[16];
      std::snprintf(low, sizeof low, "p%06d", from);
      std::snprintf(high, sizeof high, "p%06d", from + kAtOnce);
      mysql::Rows rows;
      Must(database_->Transact({.autocommit_reads = true},
                               [&](mysql::Transaction& sql) -> absl::Status {
                                 ASSIGN_OR_RETURN(rows, sql.Query("SELECT partner, order_basis, product_line, "
                                                                  "net_amount FROM fact_line WHERE partner >= ? AND "
                                                                  "partner < ? AND kind <> 3 AND reversed_seq IS NULL",
                                                                  {low, high}));
                                 return absl::OkStatus();
                               }),
           "read facts");
      take(rows);
    }
  }

 private:
  static constexpr int kPartners = 500, kAtOnce = 25;
  const std::unique_ptr<mysql::Database> database_;
};

}  // namespace

void SimulateProgram(const Settings& settings) {
  const char* folder = std::getenv("TRIBUTARY_REAL_DATA");
  if (folder == nullptr) {
    std::fprintf(stderr, "simulate_program: left out, TRIBUTARY_REAL_DATA names no folder\n");
    return;
  }
  Adding adding;
  ReadReal(folder, &adding);
  const std::vector<FactTotal> totals = adding.Totals();
  const Program simulated = Retroactive(), other = Marginal();
  const Comparison comparison = Decide(totals, simulated, other);
  std::fprintf(stderr,
               "simulate_program: %lld lines in %zu sums; %lld partners win %lld, %lld lose %lld, %lld are as before\n",
               static_cast<long long>(adding.lines()), totals.size(), static_cast<long long>(comparison.winners),
               static_cast<long long>(comparison.gained), static_cast<long long>(comparison.losers),
               static_cast<long long>(comparison.lost), static_cast<long long>(comparison.unchanged));
  const double rate = MedianRate(settings.round, [&] {
    if (Decide(totals, simulated, other) != comparison) Must(absl::DataLossError("comparison"), "simulate_program");
  });
  Print({.name = "simulate_program",
         .value = rate,
         .unit = "decisions/s",
         .peer = "200 ms a decision",
         .peer_value = 5,
         .ratio = rate / 5,
         .goal = 1});
}

void SimulateYear(const Settings& settings) {
  ResidentLines lines;
  const absl::Time start = absl::Now();
  Must(lines.Load(YearOf(settings.lines)), "load");
  std::fprintf(stderr, "simulate_year: %zu lines made and loaded in %.1f s\n", lines.size(),
               absl::ToDoubleSeconds(absl::Now() - start));
  const Program simulated = Retroactive();
  const StraightTerms terms = Value(StraightTerms::Of(simulated.terms), "terms"),
                      other = Value(StraightTerms::Of(Marginal().terms), "terms");
  const Comparison comparison = DecideResident(lines, simulated, terms, other);
  const double rate = MedianRate(settings.round, [&] {
    if (DecideResident(lines, simulated, terms, other) != comparison) {
      Must(absl::DataLossError("comparison"), "simulate_year");
    }
  });
  Print({.name = "simulate_year",
         .value = rate,
         .unit = StrCat("decisions/s on ", settings.lines, " lines, ", kThreads, " threads"),
         .peer = "2 s a decision",
         .peer_value = 0.5,
         .ratio = rate / 0.5,
         .goal = 1});
}

void LoadFacts(const Settings& settings) {
  const int lines = std::max(1000, settings.lines / 20);
  Stored stored(lines);
  const Date first = *Date::FromYmd(2026, 1, 1);
  Compare(
      {.name = "load_facts",
       .unit = "lines/s from the database into memory",
       .peer = "the SELECT of the same rows alone",
       .goal = 0.5},
      settings,
      [&] {
        const absl::Time start = absl::Now();
        ResidentLines resident;
        incentive::Dictionary partners, categories;
        stored.Read([&](const mysql::Rows& rows) {
          std::vector<ResidentLine> chunk;
          chunk.reserve(rows.size());
          for (const mysql::Row& row : rows) {
            chunk.push_back({partners.CodeOf(row.Bytes(0)), static_cast<uint16_t>(categories.CodeOf(row.Bytes(2))),
                             static_cast<uint16_t>((row.Day(1).days() - first.days()) / 92),
                             static_cast<int64_t>(row.Dec(3).micros())});
          }
          Must(resident.Load(chunk), "load");
        });
        if (resident.size() != static_cast<size_t>(lines)) Must(absl::DataLossError("lines"), "load_facts");
        return lines / absl::ToDoubleSeconds(absl::Now() - start);
      },
      [&] {
        const absl::Time start = absl::Now();
        size_t read = 0;
        stored.Read([&](const mysql::Rows& rows) { read += rows.size(); });
        if (read != static_cast<size_t>(lines)) Must(absl::DataLossError("lines"), "load_facts");
        return lines / absl::ToDoubleSeconds(absl::Now() - start);
      });
}

}  // namespace tributary::bench
