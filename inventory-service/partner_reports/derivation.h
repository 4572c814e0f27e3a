#pragma once

// Which rows of a partner's reports stand: a function of the set of reports, whatever order they came in.
//
// A cell is (type, site, date). The snapshots that cover it are ranked by (revision, declared instant, content); the
// highest has the say. Additions of a higher rank than that add their rows; what ranks below is superseded. Reports of
// equal rank are one file that was sent several times: row n of each is the same row, and what somebody repaired in it
// beats what was read, a later repair an earlier one. Rows of one key are one row, whose highest rank tells what it
// says, in whichever cell; so a document's line that moved to another day is counted once.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/partner_reports/report_row.h"

namespace tributary::inventory {

// What the decision looks at of a report.
struct RankedReport {
  Uuid id;
  ReportMode mode = ReportMode::kSnapshot;
  ReportCoverage coverage;
  ReportRank rank;
};

// What the decision looks at of a row that was read.
struct RankedRow {
  Uuid report;
  int64_t number = 0;
  Cell cell;
  RowKey key;
  std::string digest;
  bool repaired = false;
  absl::Time read_time;
  RowState state = RowState::kSuperseded;  // as it is stored
};

// What stands for one key.
struct Standing {
  Cell cell;
  std::string digest;
  friend bool operator==(const Standing&, const Standing&) = default;
};

class Derivation {
 public:
  // `reports`: all of one partner that can have a say in the cells asked about.
  explicit Derivation(std::vector<RankedReport> reports);

  // The reports whose rows may stand in the cell.
  std::vector<const RankedReport*> ContributorsOf(const Cell& cell) const;
  // Whether the report is among them.
  bool Contributes(const Uuid& report, const Cell& cell) const;
  // What stands, of the rows given; all contributing rows of the keys in question must be among them.
  std::map<RowKey, Standing> StandingOf(const std::vector<RankedRow>& rows) const;

  // The other snapshots of the revision that has the say in the cell, each with whether it tells otherwise than the one
  // that has it; `told` gives the digest of what a report tells in the cell, empty for nothing.
  std::vector<Disagreement> DisagreementsIn(const Cell& cell, const std::map<Uuid, std::string>& told) const;

 private:
  const RankedReport* Find(const Uuid& id) const;
  // The snapshot that has the say; null where there is none.
  const RankedReport* TopOf(const Cell& cell) const;
  std::vector<RankedReport> reports_;  // by rank, the highest first; equal ones by id
  std::map<Uuid, size_t> by_id_;
};

// The states of all rows that were read of one key, once `standing` (none: nothing) does. Of the rows that tell the
// same, the one that stands already stays the bearer, else the first that was read; the others are duplicates, rows
// that tell otherwise are superseded.
std::vector<RowState> StatesOf(const std::vector<RankedRow>& rows, const std::optional<Standing>& standing);

}  // namespace tributary::inventory
