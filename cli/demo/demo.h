#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/demo/manifest.h"
#include "cli/suite.h"
#include "nlohmann/json.hpp"

namespace tributary::cli {

struct DemoOptions {
  std::string mappings;    // folder of mappings
  std::string dataset;     // the mappings' folder in it
  std::string data;        // folder of the CSV files
  std::string summary;     // file to write the summary to
  std::string stop_after;  // the step that is the last one, such as "program"; empty: all
};

// The main job, end to end, against a running suite. Runs again where it was interrupted: what is there already stays.
absl::Status RunDemo(Suite& suite, const DemoOptions& options);

// What the parts of the job share.
struct DemoRun {
  Suite& suite;
  const DemoOptions& options;
  const Manifest& manifest;
  nlohmann::ordered_json summary;
};

// Applications -> screened, approved, partners with signed agreement and territory, activated.
absl::Status OnboardPartners(DemoRun& run);
// Waits until a service has consumed another's feed up to its head of now.
absl::Status WaitForFeed(DemoRun& run, const std::string& consumer, const std::string& feed);
// Program, accruals, closes, statements; the simulation of the retroactive shape.
absl::Status CreateProgram(DemoRun& run);
absl::Status ClosePeriods(DemoRun& run);
absl::Status Simulate(DemoRun& run);
absl::Status VerifyStatements(DemoRun& run);
// Totals of sell-in and direct sales, the ledger's balance, partners.
absl::Status ReadTotals(DemoRun& run);
// Two exclusive grants that overlap, two registrations of one company, a sale outside its seller's territory.
absl::Status InjectConflicts(DemoRun& run);
absl::Status CountFindings(DemoRun& run, const std::string& key);

// One step's progress on standard error: silent for two seconds, then a line a second.
class Progress {
 public:
  explicit Progress(std::string step) : step_(std::move(step)), start_(absl::Now()), told_(start_) {}
  void Tell(const std::string& what) {
    const absl::Time now = absl::Now();
    std::lock_guard lock(mutex_);
    if (now - start_ < absl::Seconds(2) || now - told_ < absl::Seconds(1)) return;
    told_ = now;
    std::fprintf(stderr, "  %s: %s\n", step_.c_str(), what.c_str());
  }

 private:
  const std::string step_;
  const absl::Time start_;
  std::mutex mutex_;
  absl::Time told_;
};

}  // namespace tributary::cli
