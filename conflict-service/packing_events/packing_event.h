#pragma once

// What is packed in what: units in boxes, boxes on pallets. Values and decisions.

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "common/time/date.h"

namespace tributary::conflict {

// A unit or a container.
struct Packed {
  std::string product;  // of a unit, products/{product}; empty of a container
  std::string code;     // the unit's serial, or the container's code
  friend auto operator<=>(const Packed&, const Packed&) = default;
};

// Something was put into a container or taken out of it. A fact.
struct PackingEvent {
  enum class Action { kAdd = 1, kDelete = 2 };
  std::string name;  // packingEvents/{packing_event}
  Action action = Action::kAdd;
  std::string container;      // its code
  std::set<Packed> contents;  // of kDelete: none is all that is in it
  Date date;
  friend bool operator==(const PackingEvent&, const PackingEvent&) = default;
};

// What was in a container on that day, by all events of it in any order. Of one day what is put in comes first, and
// what is taken out was in it that day: it may have been seen before.
std::set<Packed> ContentsOn(const std::vector<PackingEvent>& of_container, Date day);

}  // namespace tributary::conflict
