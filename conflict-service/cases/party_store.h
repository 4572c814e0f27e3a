#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "conflict-service/cases/case.h"

namespace tributary::conflict {

// The parties of cases: what each may be told, under which number of its own, and what was said. Stateless and
// thread-safe.
class PartyStore {
 public:
  // A case as a party is shown it.
  struct Listed {
    std::string partner;  // partners/{partner}
    std::string case_id;
    PartyView view;
  };

  // What the parties of these cases (by id) may be told; replaces what was stored.
  absl::Status PutFacts(mysql::Transaction& sql,
                        const std::vector<std::pair<std::string, std::vector<PartyFacts>>>& facts) const;

  // By partner, what each party is shown of a case.
  absl::StatusOr<std::vector<Listed>> ViewsOf(mysql::Transaction& sql, const std::string& case_id) const;
  // Gives the case the next number of each party that is not shown it yet. The case is held for update.
  absl::Status Show(mysql::Transaction& sql, const Case& one, absl::Time now) const;
  // The case of that number of partners/{partner}, and its view of it. NOT_FOUND.
  absl::StatusOr<std::pair<std::string, PartyView>> Get(mysql::Transaction& sql, const std::string& partner,
                                                        int64_t number) const;
  // By partner and number, those after; of one partner, or of all where `partner` is empty.
  absl::StatusOr<std::vector<Listed>> List(mysql::Transaction& sql, const std::string& partner,
                                           const std::string& after_partner, int64_t after_number, int limit) const;

  // Numbers it within the case, which is held for update; answers it with its number.
  absl::StatusOr<CaseMessage> AddMessage(mysql::Transaction& sql, const std::string& case_id,
                                         CaseMessage message) const;
  // By number, those after `after`.
  absl::StatusOr<std::vector<CaseMessage>> Messages(mysql::Transaction& sql, const std::string& case_id, int64_t after,
                                                    int limit) const;
  // Those from and to a party alone.
  absl::StatusOr<std::vector<CaseMessage>> MessagesOf(mysql::Transaction& sql, const std::string& case_id,
                                                      const std::string& party) const;
};

}  // namespace tributary::conflict
