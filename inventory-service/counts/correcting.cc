#include "inventory-service/counts/correcting.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/time/today.h"
#include "inventory-service/counts/count_store.h"
#include "inventory-service/counts/rederivation.h"

namespace tributary::inventory {

absl::StatusOr<std::vector<Posting>> CountCorrections(mysql::Transaction& sql, absl::Span<const Posting> postings) {
  std::vector<Posting> corrections;
  std::set<std::string_view> partners;
  for (const Posting& posting : postings) {
    if (!posting.partner.empty()) partners.insert(posting.partner);
  }
  ASSIGN_OR_RETURN(const auto closings, CountStore().LastClosings(sql, {partners.begin(), partners.end()}));
  if (closings.empty()) return corrections;
  for (const Posting& posting : postings) {
    std::set<PositionKey> positions;
    for (const auto& [key, change] : PositionChanges({&posting, 1})) positions.insert(key.position);
    for (const PositionKey& position : positions) {
      const auto last = closings.find({position.partner, position.site});
      if (last == closings.end() || last->second < posting.effective_date) continue;
      ASSIGN_OR_RETURN(const auto counts, CountStore().Standing(sql, position, posting.effective_date));
      for (Posting& correction : Corrections(posting, position, counts)) corrections.push_back(std::move(correction));
    }
  }
  return corrections;
}

absl::StatusOr<ClosingDays> LastClosings(mysql::Transaction& sql, std::string_view partner) {
  return CountStore().LastClosings(sql, {partner});
}

Date DayOfMove(const ClosingDays& closings, const std::set<std::pair<std::string, std::string>>& sites,
               absl::Time now) {
  Date day = UtcToday(now);
  for (const auto& site : sites) {
    const auto last = closings.find(site);
    if (last != closings.end()) day = std::max(day, last->second.AddDays(1));
  }
  return day;
}

absl::StatusOr<Date> DayOfMove(mysql::Transaction& sql, const std::set<std::pair<std::string, std::string>>& sites,
                               absl::Time now) {
  std::set<std::string_view> partners;
  for (const auto& [partner, site] : sites) partners.insert(partner);
  ASSIGN_OR_RETURN(const ClosingDays closings, CountStore().LastClosings(sql, {partners.begin(), partners.end()}));
  return DayOfMove(closings, sites, now);
}

}  // namespace tributary::inventory
