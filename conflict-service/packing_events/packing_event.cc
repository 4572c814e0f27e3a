#include "conflict-service/packing_events/packing_event.h"

#include <algorithm>
#include <map>

namespace tributary::conflict {

std::set<Packed> ContentsOn(const std::vector<PackingEvent>& of_container, Date day) {
  std::map<Packed, Date> put_in;  // the last day on which it was
  for (const PackingEvent& event : of_container) {
    if (event.action != PackingEvent::Action::kAdd || event.date > day) continue;
    for (const Packed& packed : event.contents) {
      Date& last = put_in.try_emplace(packed, event.date).first->second;
      last = std::max(last, event.date);
    }
  }
  for (const PackingEvent& event : of_container) {
    if (event.action != PackingEvent::Action::kDelete || event.date >= day) continue;
    std::erase_if(put_in, [&](const auto& packed) {
      return packed.second <= event.date && (event.contents.empty() || event.contents.contains(packed.first));
    });
  }
  std::set<Packed> contents;
  for (const auto& [packed, date] : put_in) contents.insert(packed);
  return contents;
}

}  // namespace tributary::conflict
