#include "partner-service/partners/partner_activity.h"

namespace tributary::partner {

int ActiveDays(const Partner& partner, const std::vector<ActiveSpan>& spans, absl::Time now) {
  int days = 0;
  for (const ActiveSpan& span : spans) {
    days += TodayOf(partner, span.end.value_or(now)).days() - TodayOf(partner, span.start).days();
  }
  return days;
}

}  // namespace tributary::partner
