#pragma once

// Reports of partners: a file, or the word that there is nothing to tell. Values and decisions.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "inventory-service/partner_reports/activity.h"

namespace tributary::inventory {

// The rows of a report are kept; so many at most come in one call.
inline constexpr int kMostRows = 50000;
// Bytes of a file: what the frame takes in one message is a little more.
inline constexpr int kMostBytes = 6 * 1024 * 1024;
// Days that a report may cover.
inline constexpr int kMostDays = 400;
inline constexpr size_t kMostSites = 100;

// Whether a report is all there is to say of what it covers, or an addition. The numbers are stored and are those of
// the wire.
enum class ReportMode : int { kSnapshot = 1, kAppend = 2 };
std::string_view NameOf(ReportMode mode);

// The smallest thing that a report speaks of as a whole, within its partner.
struct Cell {
  Activity activity = Activity::kSellThrough;
  std::string site;  // id
  Date date;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

// Which cells a report speaks of: every combination.
struct ReportCoverage {
  Date from;
  Date to;  // the last day, which is covered
  Activities activities;
  std::vector<std::string> sites;  // ids, sorted; empty for all sites of the partner

  bool CoversSite(std::string_view site) const;
  bool Covers(const Cell& cell) const;
  friend bool operator==(const ReportCoverage&, const ReportCoverage&) = default;
};

// Which of two reports has the say: the higher one.
struct ReportRank {
  int64_t revision = 0;  // declared, else the microsecond of its creation
  absl::Time instant;    // declared; InfinitePast where it is not
  std::string content;   // 32 bytes: of the file and of how it is read
  friend bool operator==(const ReportRank&, const ReportRank&) = default;
  friend std::strong_ordering operator<=>(const ReportRank& a, const ReportRank& b) {
    if (a.revision != b.revision) return a.revision <=> b.revision;
    if (a.instant != b.instant)
      return a.instant < b.instant ? std::strong_ordering::less : std::strong_ordering::greater;
    return a.content <=> b.content;
  }
};

// Rows by what became of them; received is the sum of the others, at every moment.
struct ReportCounts {
  int64_t received = 0;
  int64_t accepted = 0;    // stand as they were read
  int64_t repaired = 0;    // stand as somebody repaired them
  int64_t rejected = 0;    // cannot be read or were discarded
  int64_t duplicate = 0;   // tell what another row tells already
  int64_t superseded = 0;  // gave way to a row that has the say
  bool balanced() const { return received == accepted + repaired + rejected + duplicate + superseded; }
  friend bool operator==(const ReportCounts&, const ReportCounts&) = default;
};

struct PartnerReport {
  std::string partner;
  Uuid id;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string profile;  // id; empty for a zero report
  std::string file;     // its own name, for people
  std::string sha256;   // 32 bytes, of the file
  int64_t size = 0;     // of the file, in bytes
  std::string encoding;
  ReportMode mode = ReportMode::kSnapshot;
  ReportCoverage coverage;
  ReportRank rank;
  bool revision_declared = false;
  bool zero_report = false;
  ReportCounts counts;
  int64_t disagreements = 0;  // cells in which another report of the same revision tells otherwise

  std::string name() const;
  // Whether it says something of its coverage: a zero report, or one of whose rows at least one was read.
  bool tells() const { return zero_report || counts.received > counts.rejected; }
};

// What an upload says of the file. Refused, in this order: days the wrong way round; too many days; an activity that
// reports of this profile do not tell of; too many sites; a zero report as an addition; a zero report with a file; no
// file otherwise.
absl::Status CheckTerms(ReportMode mode, const ReportCoverage& coverage, bool zero_report, bool has_file,
                        Activities of_profile);

// A cell in which two reports of one revision tell differently; `winner` has the say.
struct Disagreement {
  Cell cell;
  Uuid winner;
  Uuid other;
  friend auto operator<=>(const Disagreement&, const Disagreement&) = default;
};

}  // namespace tributary::inventory
