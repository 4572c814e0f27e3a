#include "incentive-service/engine/stack_sums.h"

namespace tributary::incentive {
namespace {

// Adds where there is something; a sum that comes back to nothing leaves no entry behind.
template <typename Map, typename Key, typename Value>
void Move(Map* map, const Key& key, const Value& by) {
  const auto entry = map->try_emplace(key).first;
  entry->second += by;
  if (entry->second == Value()) map->erase(entry);
}

// Whether it is more that is paid on, by size.
bool IsLarger(const Portion& one, const Portion& other) {
  if (one.converted.zero() && other.converted.zero()) return Abs(one.earning) > Abs(other.earning);
  const auto size = [](const Portion& portion) {
    const Rational paid = portion.is_paid_on();
    return paid.negative() ? -paid : paid;
  };
  return size(one) > size(other);
}

}  // namespace

Portion& Portion::operator+=(const Portion& other) {
  qualifying += other.qualifying;
  earning += other.earning;
  qualifying_quantity += other.qualifying_quantity;
  earning_quantity += other.earning_quantity;
  if (!other.converted.zero()) converted = converted + other.converted;
  return *this;
}

Portion Portion::operator-() const {
  return {-qualifying, -earning, -qualifying_quantity, -earning_quantity, -converted};
}

const Portion* StackLine::Earning(const std::string& program) const {
  const auto found = portions.find(program);
  return found == portions.end() || !found->second.Earns() ? nullptr : &found->second;
}

void AddLine(const StackingPlan& plan, const StackLine& line, StackSums* sums) {
  for (const auto& [program, portion] : line.portions) Move(&sums->programs, program, portion);
  for (const NetOfEdge& edge : plan.net_of) {
    const Portion* upstream = line.Earning(edge.upstream);
    if (upstream == nullptr || line.Earning(edge.program) == nullptr) continue;
    Move(&sums->overlaps, std::pair(edge.upstream, edge.program), *upstream);
  }
  for (const SharedCap& cap : plan.caps) {
    if (!cap.rate.has_value()) continue;
    Portion largest;
    for (const std::string& member : cap.members) {
      const Portion* portion = line.Earning(member);
      if (portion != nullptr && IsLarger(*portion, largest)) {
        largest = {.earning = portion->earning, .converted = portion->converted};
      }
    }
    Move(&sums->cap_bases, cap.name, largest);
  }
}

void RemoveLine(const StackingPlan& plan, const StackLine& line, StackSums* sums) {
  StackLine negative = line;
  for (auto& [program, portion] : negative.portions) portion = -portion;
  AddLine(plan, negative, sums);
}

StackSums SumsOf(const StackingPlan& plan, absl::Span<const StackLine> lines) {
  StackSums sums;
  for (const StackLine& line : lines) AddLine(plan, line, &sums);
  return sums;
}

}  // namespace tributary::incentive
