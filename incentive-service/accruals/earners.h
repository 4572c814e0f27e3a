#pragma once

// Who earns by whose lines, where that is not each partner by its own.
//
// Where growth is measured, the lines of a partner that another one has taken over count with that one's, of the period
// and of what it is measured against (SEMANTICS 9). What holds on the period's last day holds for all of it.
//
// Where a program rolls up, the lines of a partner that earns with another one count with that one's, each by the day
// on which it counts, and those of a partner that was taken over with its successor's.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/time/date.h"
#include "incentive-service/engine/group_share.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

class Earners {
 public:
  // Each partner by its own lines.
  Earners() = default;

  // `links`: SuccessorsOn (relationships/relationship.h) the last day. Who was taken over by one that was taken over
  // itself counts with the last of them. Where the program is not for both, each stands alone. VALIDITY_OVERLAP where a
  // partner has two successors; STATE_CONFLICT where they lead in a circle.
  static absl::StatusOr<Earners> OfSuccessions(const Program& program, absl::Span<const GroupLink> links,
                                               Date last_day);

  // `links`: EarningLinksOn the days of the period. On a day on which they lead from a partner in a circle, to two
  // partners or to one that the program is not for, it stands alone: nobody else's period waits for that.
  static Earners OfGroups(const Program& program, absl::Span<const GroupLink> links);

  // By a line of the partner that counts on that day.
  std::string EarnerOf(const std::string& partner, Date day) const;
  // By id, who may earn by lines of the partner.
  std::set<std::string> EarnersOf(const std::string& partner) const;
  // By id, others by whose lines the partner may earn; of successions none for one that was taken over itself.
  const std::set<std::string>& MembersOf(const std::string& partner) const;
  // Whether it earns by all of its own lines, and by no others.
  bool StandsAlone(const std::string& partner) const;

  // Writes down who earns by each line.
  void Attribute(Basis basis, std::vector<FactLine>* lines) const;

 private:
  Eligibility eligibility_;
  std::map<std::string, std::string> successors_;         // the last of them, of partners that were taken over
  std::map<std::string, std::vector<GroupLink>> groups_;  // by partner, the links that can be followed from it
  std::map<std::string, std::set<std::string>> members_;
};

// Those by which the partner earns.
std::vector<FactLine> EarnedBy(const std::string& partner, std::vector<FactLine> lines);

// What the lines of each partner come to among these, by which one partner earns: money, where units are paid units. By
// name; nobody where all are the earner's own. `lines`: those that count.
std::vector<MemberVolume> VolumesOf(const Program& program, absl::Span<const FactLine> lines);

}  // namespace tributary::incentive
