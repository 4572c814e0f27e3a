#pragma once

// What the tests of the whole suite ask of a channel: its figures, and the suites that many tests share.

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"
#include "tests/support/sell_in_file.h"
#include "tests/support/shared.h"
#include "tests/support/suite.h"

namespace tributary::testing {

// Sell-in as the services tell it, once incentive-service has consumed all of inventory-service's feed.
struct ChannelFigures {
  int64_t lines = 0;
  std::string units = "0";
  std::string net = "0";         // up to four decimals, without zeros at the end
  int64_t accruals = 0;          // pairs of partner and quarter with a line
  std::string accrued = "0.00";  // sum of their values
  bool balanced = true;          // the ledger
  friend bool operator==(const ChannelFigures&, const ChannelFigures&) = default;
};
void PrintTo(const ChannelFigures& figures, std::ostream* out);

// What the figures must be for these lines.
ChannelFigures FiguresOf(const SellInTotals& totals);
ChannelFigures ReadFigures(TestSuite& suite);
// Sell-in lines that stand.
int64_t LinesLoaded(TestSuite& suite);
// Waits until `consumer` has applied all that is in the feed of `feed` now. A failure of the test where it has parked
// something, or does not get there.
void WaitForFeed(TestSuite& suite, const std::string& consumer, const std::string& feed);

// Columns of the sample channel's sell_in.csv.
SellInColumns SampleColumns();

// An installation with the reference data and the active partners of a data set, and its program; no facts yet.
void LoadChannelWithoutFacts(TestSuite& suite, const std::string& dataset, const std::string& data);

// The sample channel, on which ./dev demo has run; started at its first use, shared by all tests of the binary, which
// may add to it but must leave the demo's own facts and statements alone.
class SampleDemo {
 public:
  static SampleDemo& Get();
  TestSuite suite;
  Outcome outcome;         // of ./dev demo
  nlohmann::json summary;  // var/demo/summary.json
  std::string data() const { return suite.var() + "/demo/sample"; }

 private:
  friend class Shared<SampleDemo>;
  SampleDemo();
};

}  // namespace tributary::testing
