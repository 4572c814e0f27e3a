#pragma once

// Who earns by whose lines where growth is measured: the lines of a partner that another one has taken over count with
// that one's, of the period and of what it is measured against (SEMANTICS 9). What holds on the period's last day holds
// for all of it.

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

class Successions {
 public:
  // Nobody was taken over.
  Successions() = default;

  // `links`: SuccessorsOn (relationships/relationship.h) the last day. Who was taken over by one that was taken over
  // itself counts with the last of them. Where the program is not for both, each stands alone. VALIDITY_OVERLAP where a
  // partner has two successors; STATE_CONFLICT where they lead in a circle.
  static absl::StatusOr<Successions> Of(const Program& program, absl::Span<const GroupLink> links, Date last_day);

  // Itself where nobody took it over. It lives as long as both.
  const std::string& EarnerOf(const std::string& partner) const;
  // By id; nobody for one that was taken over itself.
  const std::set<std::string>& PredecessorsOf(const std::string& partner) const;

  // Writes down who earns by each line.
  void Attribute(std::vector<FactLine>* lines) const;

 private:
  std::map<std::string, std::string> earners_;  // of partners that were taken over
  std::map<std::string, std::set<std::string>> predecessors_;
};

}  // namespace tributary::incentive
