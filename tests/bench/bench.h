#pragma once

// How a benchmark measures and what it prints. Ours and its peer's rounds alternate, so that whatever else the machine
// does meets both; the ratio is the median of the rounds' own ratios.

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tributary::bench {

struct Settings {
  int rounds = 7;
  absl::Duration round = absl::Seconds(2);
  int partners = 10'000;   // of many_partners
  int millions = 0;        // of postings that sell_in_growth writes, of lines of simulate_year; 0: they are left out
  int lines = 10'000'000;  // that resident_engine rates; simulate_program has no more
  int deals = 10'000;      // of deal_index
  int grants = 1'000'000;  // of territory_overlap
};

struct Line {
  std::string name;
  double value = 0;  // ours, per second
  std::string unit;
  std::string peer;  // what ours is compared with
  double peer_value = 0;
  double ratio = 0;  // ours to the peer's
  double goal = 0;   // what the ratio should be at least
};
void Print(const Line& line);

// Runs `ours` and `theirs` in turn, each answering a rate, and prints the line. One round before the first is for both
// to warm up.
void Compare(Line line, const Settings& settings, const std::function<double()>& ours,
             const std::function<double()>& theirs);

// The rate at which `call` returns, one after the other for so long: one call in its median time.
double MedianRate(absl::Duration round, const std::function<void()>& call);

// The rate at which so many clients together return from `call`, each one after the other for so long.
double RateOf(int clients, absl::Duration round, const std::function<void()>& call);
// One call in the time that 99 of 100 keep.
double SlowRate(absl::Duration round, const std::function<void()>& call);

// Sends batches 0 to `batches` - 1 over so many senders at a time; batches a second.
double BatchRate(int senders, int batches, const std::function<void(int batch)>& send);

// Ends the program where something that a benchmark stands on fails.
void Must(const absl::Status& status, const std::string& what);

// The benchmarks.
void GetRegion(const Settings& settings);
void GetPartner(const Settings& settings);
void ManyPartners(const Settings& settings);
void GetPosition(const Settings& settings);
void OnePosting(const Settings& settings);
void CrowdedPostings(const Settings& settings);
void RouteLead(const Settings& settings);
void Screening(const Settings& settings);
void RouteLeadCall(const Settings& settings);
void ScorePartner(const Settings& settings);
void SellIn(const Settings& settings);
void SellInStream(const Settings& settings);
void SellInAgainstSingles(const Settings& settings);
void SellInGrowth(const Settings& settings);
void ResidentEngine(const Settings& settings);
void ResidentLineGrowth(const Settings& settings);
void AccrualIngest(const Settings& settings);
void SimulateProgram(const Settings& settings);
void SimulateYear(const Settings& settings);
void DealIndexOfMany(const Settings& settings);
void TerritoryOverlap(const Settings& settings);
void ConflictReplay(const Settings& settings);
void ConflictEvent(const Settings& settings);

}  // namespace tributary::bench
