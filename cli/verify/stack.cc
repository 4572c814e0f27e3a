#include "cli/verify/stack.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tributary::cli::verify {
namespace {

bool Paid(const Brought& brought) {
  return brought.earning != 0 || brought.earning_units != 0 || brought.converted.num != 0;
}

// Works the plan out in rounds: in each, whatever has all that it waits for.
class Sheet {
 public:
  explicit Sheet(const PlanInput& input) : input_(input) {
    for (const StackedProgram& program : input.programs) entries_[program.name].program = &program;
  }

  std::optional<std::map<std::string, StackedResult>> Run() && {
    if (!NamesAreKnown()) return std::nullopt;
    for (bool moved = true; moved;) {
      moved = false;
      for (auto& [name, entry] : entries_) moved = (!entry.has_own && OwnValue(name, entry)) || moved;
      for (auto& [name, entry] : entries_) moved = (!entry.settled && Settle(name, entry)) || moved;
    }
    for (const auto& [name, entry] : entries_) {
      if (!entry.settled) return std::nullopt;
    }
    Caps();
    Rounding();
    std::map<std::string, StackedResult> results;
    for (auto& [name, entry] : entries_) {
      entry.result.shares = Shares(entry.result.minor, Kept(entry));
      results.emplace(name, std::move(entry.result));
    }
    return results;
  }

 private:
  struct Entry {
    const StackedProgram* program = nullptr;
    StackedResult result;
    bool has_own = false;
    bool settled = false;
    std::vector<Fraction> parts;  // of B, or of units, by line
    Fraction left;                // after its group
    std::set<std::string> tight;  // caps whose members are rounded together
  };

  static const std::string& UnitOf(const PlanLine& line) { return line.unit.empty() ? line.fact : line.unit; }
  static bool ByUnits(const Entry& entry) { return entry.program->terms.shape == ScaleShape::kPerUnit; }
  const Brought* BroughtTo(const std::string& program, size_t line) const {
    const auto found = input_.lines[line].brought.find(program);
    return found == input_.lines[line].brought.end() || !Paid(found->second) ? nullptr : &found->second;
  }
  static Fraction Weight(const Entry& entry, const Brought& brought) {
    return ByUnits(entry) ? Whole(brought.earning_units) : brought.is_paid_on();
  }
  static bool Lost(const Entry& entry, const PlanLine& line) {
    return entry.result.lost.contains("") || entry.result.lost.contains(UnitOf(line));
  }

  bool NamesAreKnown() const {
    const auto known = [&](const std::string& name) { return entries_.contains(name); };
    for (const PlanEdge& edge : input_.edges) {
      if (!known(edge.program) || !known(edge.upstream)) return false;
    }
    for (const PlanGroup& group : input_.groups) {
      for (const auto& [member, priority] : group.members) {
        if (!known(member)) return false;
      }
    }
    for (const PlanCap& cap : input_.caps) {
      if (!std::all_of(cap.members.begin(), cap.members.end(), known)) return false;
    }
    return true;
  }

  // V, once all upstreams are settled. Answers whether it could.
  bool OwnValue(const std::string& name, Entry& entry) {
    for (const PlanEdge& edge : input_.edges) {
      if (edge.program == name && !entries_.at(edge.upstream).settled) return false;
    }
    ScaleSums sums;
    entry.parts.assign(input_.lines.size(), Fraction());
    for (size_t i = 0; i < input_.lines.size(); ++i) {
      const auto brought = input_.lines[i].brought.find(name);
      if (brought == input_.lines[i].brought.end()) continue;
      const Brought& here = brought->second;
      sums.reach = Plus(sums.reach, entry.program->terms.by_units ? Whole(here.qualifying_units) : here.reaches());
      sums.base = Plus(sums.base, here.is_paid_on());
      sums.units = Plus(sums.units, Whole(here.earning_units));
      entry.parts[i] = Weight(entry, here);
    }
    for (const PlanEdge& edge : input_.edges) {
      if (edge.program != name) continue;
      const Entry& above = entries_.at(edge.upstream);
      Fraction all, both;
      for (size_t i = 0; i < input_.lines.size(); ++i) {
        const Brought* brought = BroughtTo(edge.upstream, i);
        if (brought == nullptr || Lost(above, input_.lines[i])) continue;
        all = Plus(all, Weight(above, *brought));
        if (BroughtTo(name, i) != nullptr) both = Plus(both, Weight(above, *brought));
      }
      const Fraction rate = all.num > 0 ? Over(above.left, all) : Fraction();
      const Fraction net = Times(rate, both);
      const Integer rounded = verify::Round({net.num * Unit(), net.den}, RoundingRule::kHalfEven);
      entry.result.net_of[edge.upstream] = rounded;
      sums.base = Minus(sums.base, Whole(rounded));
      if (edge.both) sums.reach = Minus(sums.reach, Whole(rounded));
      if (ByUnits(entry)) continue;
      for (size_t i = 0; i < input_.lines.size(); ++i) {
        const Brought* brought = BroughtTo(edge.upstream, i);
        if (brought == nullptr || BroughtTo(name, i) == nullptr || Lost(above, input_.lines[i])) continue;
        entry.parts[i] = Minus(entry.parts[i], Times(rate, Weight(above, *brought)));
      }
    }
    entry.result.base = sums.base;
    entry.result.own = entry.left = WorkOut(entry.program->terms, sums).value;
    return entry.has_own = true;
  }

  // What is left after the program's group, once all members have their values.
  bool Settle(const std::string& name, Entry& entry) {
    if (!entry.has_own) return false;
    const auto group = std::find_if(input_.groups.begin(), input_.groups.end(),
                                    [&](const PlanGroup& one) { return one.members.contains(name); });
    if (group == input_.groups.end()) return entry.settled = true;
    for (const auto& [member, priority] : group->members) {
      if (!entries_.at(member).has_own) return false;
    }
    if (group->by_line) {
      std::set<std::string> units;
      for (const PlanLine& line : input_.lines) units.insert(UnitOf(line));
      for (const std::string& unit : units) Contest(*group, unit);
    } else {
      Contest(*group, "");
    }
    for (const auto& [member, priority] : group->members) {
      Entry& fellow = entries_.at(member);
      if (fellow.left.num < 0) fellow.left = Fraction();
      fellow.settled = true;
    }
    return true;
  }

  // Who pays on a unit, or ("") for the period: the highest, then the higher priority, then the smaller name. Where
  // nobody has more than 0 on a unit, the lowest.
  void Contest(const PlanGroup& group, const std::string& unit) {
    std::map<std::string, Fraction> bids;
    for (const auto& [member, priority] : group.members) {
      const Entry& entry = entries_.at(member);
      if (unit.empty()) {
        bids[member] = entry.result.own;
        continue;
      }
      Fraction here, all;
      bool there = false;
      for (size_t i = 0; i < input_.lines.size(); ++i) {
        if (BroughtTo(member, i) == nullptr) continue;
        all = Plus(all, entry.parts[i]);
        if (UnitOf(input_.lines[i]) != unit) continue;
        here = Plus(here, entry.parts[i]);
        there = true;
      }
      if (there) bids[member] = all.num == 0 ? Fraction() : Times(entry.result.own, Over(here, all));
    }
    const bool turned =
        !unit.empty() && std::none_of(bids.begin(), bids.end(), [](const auto& bid) { return bid.second.num > 0; });
    std::string winner;
    for (const auto& [member, value] : bids) {  // by name
      if (winner.empty()) {
        winner = member;
        continue;
      }
      const Fraction& best = bids.at(winner);
      const bool better = turned ? Less(value, best) : Less(best, value);
      const bool first = group.members.at(member) > group.members.at(winner);
      if (better || (Equal(value, best) && first)) winner = member;
    }
    for (const auto& [member, value] : bids) {
      if (member == winner) continue;
      Entry& loser = entries_.at(member);
      loser.left = unit.empty() ? Fraction() : Minus(loser.left, value);
      loser.result.lost[unit] = winner;
    }
  }

  std::vector<Fraction> Kept(const Entry& entry) const {
    std::vector<Fraction> kept = entry.parts;
    for (size_t i = 0; i < kept.size(); ++i) {
      if (BroughtTo(entry.program->name, i) == nullptr || Lost(entry, input_.lines[i])) kept[i] = Fraction();
    }
    return kept;
  }

  Fraction LimitOf(const PlanCap& cap) const {
    if (cap.amount.has_value()) return Whole(*cap.amount);
    Fraction of;
    for (const PlanLine& line : input_.lines) of = Plus(of, line.LargestOf(cap.members));
    return of.num > 0 ? Times(of, Whole(*cap.rate)) : Fraction();
  }

  void Caps() {
    std::map<std::string, Fraction> factors;
    for (auto& [name, entry] : entries_) factors[name] = {1, 1};
    for (const PlanCap& cap : input_.caps) {
      Fraction sum, charged;  // what is charged stays whole
      for (const std::string& member : cap.members) {
        const Fraction& left = entries_.at(member).left;
        sum = Plus(sum, left);
        if (left.num < 0) charged = Plus(charged, left);
      }
      const Fraction limit = LimitOf(cap);
      if (!Less(limit, sum)) continue;
      const Fraction factor = Over(Minus(limit, charged), Minus(sum, charged));
      for (const std::string& member : cap.members) {
        Entry& entry = entries_.at(member);
        if (entry.left.num < 0) continue;
        entry.tight.insert(cap.name);
        if (Less(factor, factors[member])) factors[member] = factor;
      }
    }
    for (auto& [name, entry] : entries_) entry.result.exact = Times(entry.left, factors[name]);
  }

  Integer InUnits(const Fraction& value, RoundingRule rule) const {
    const Integer units = SmallestUnits(input_.currency);
    return verify::Round({value.num * units, value.den}, rule);
  }

  // Each by itself; but members of a cap that binds, or that their rounded values would pass, together.
  void Rounding() {
    std::map<std::string, int> caps_of;
    for (auto& [name, entry] : entries_) entry.result.minor = InUnits(entry.result.exact, entry.program->rounding);
    for (const PlanCap& cap : input_.caps) {
      Integer sum = 0;
      for (const std::string& member : cap.members) {
        sum += entries_.at(member).result.minor;
        ++caps_of[member];
      }
      if (sum <= InUnits(LimitOf(cap), RoundingRule::kDown)) continue;
      for (const std::string& member : cap.members) {
        if (entries_.at(member).left.num >= 0) entries_.at(member).tight.insert(cap.name);
      }
    }
    for (const PlanCap& cap : input_.caps) {
      std::vector<std::string> members = cap.members;
      std::sort(members.begin(), members.end());
      Fraction sum;
      std::vector<Fraction> values;
      std::vector<Entry*> together;
      Integer room = InUnits(LimitOf(cap), RoundingRule::kDown);
      for (const std::string& member : members) {
        Entry& entry = entries_.at(member);
        if (entry.left.num < 0) room -= entry.result.minor;
        if (entry.tight.empty()) continue;
        if (caps_of[member] > 1) {
          entry.result.minor = InUnits(entry.result.exact, RoundingRule::kDown);
          continue;
        }
        sum = Plus(sum, entry.result.exact);
        values.push_back(entry.result.exact);
        together.push_back(&entry);
      }
      const Integer total = InUnits(sum, RoundingRule::kDown);
      const std::vector<Integer> parts = Shares(total < room ? total : room, values);
      for (size_t i = 0; i < together.size(); ++i) together[i]->result.minor = parts[i];
    }
  }

  const PlanInput& input_;
  std::map<std::string, Entry> entries_;
};

std::string Text(const std::map<std::string, Integer>& values) {
  std::string text;
  for (const auto& [name, value] : values) text += (text.empty() ? "" : ", ") + name + " " + verify::Text(value);
  return text.empty() ? "none" : text;
}
std::string Text(const std::map<std::string, std::string>& values) {
  std::string text;
  for (const auto& [name, value] : values) {
    text += (text.empty() ? "" : ", ") + (name.empty() ? "the period" : name) + " to " + value;
  }
  return text.empty() ? "none" : text;
}
std::string Text(const std::vector<Integer>& values) {
  std::string text;
  for (const Integer& value : values) text += (text.empty() ? "" : ", ") + value.str();
  return text.empty() ? "none" : text;
}

}  // namespace

Fraction PlanLine::LargestOf(const std::vector<std::string>& programs) const {
  const auto size = [](const Fraction& amount) {
    return amount.num < 0 ? Fraction{Integer(-amount.num), amount.den} : amount;
  };
  Fraction largest;
  for (const std::string& program : programs) {
    const auto here = brought.find(program);
    if (here == brought.end() || !Paid(here->second)) continue;
    const Fraction amount = here->second.is_paid_on();
    if (Less(size(largest), size(amount))) largest = amount;
  }
  return largest;
}

std::optional<std::map<std::string, StackedResult>> WorkOutStack(const PlanInput& input) { return Sheet(input).Run(); }

std::vector<std::string> VerifyStack(const PlanInput& input, const std::map<std::string, StackedResult>& claimed) {
  std::vector<std::string> differences;
  const auto want = [&](bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) differences.push_back(what + ": stated " + stated + ", worked out " + found);
  };
  const std::optional<std::map<std::string, StackedResult>> worked = WorkOutStack(input);
  if (!worked.has_value()) return {"plan: goes in circles, or names programs that it has not"};
  for (const auto& [name, result] : claimed) {
    if (!worked->contains(name)) differences.push_back(name + ": no program of the plan");
  }
  for (const auto& [name, found] : *worked) {
    const auto stated = claimed.find(name);
    if (stated == claimed.end()) {
      differences.push_back(name + ": not stated");
      continue;
    }
    const StackedResult& claim = stated->second;
    want(claim.net_of == found.net_of, name + ".net_of", Text(claim.net_of), Text(found.net_of));
    want(Equal(claim.base, found.base), name + ".base", verify::Text(claim.base), verify::Text(found.base));
    want(Equal(claim.own, found.own), name + ".own", verify::Text(claim.own), verify::Text(found.own));
    want(claim.lost == found.lost, name + ".lost", Text(claim.lost), Text(found.lost));
    want(Equal(claim.exact, found.exact), name + ".exact", verify::Text(claim.exact), verify::Text(found.exact));
    want(claim.minor == found.minor, name + ".minor", claim.minor.str(), found.minor.str());
    want(claim.shares == found.shares, name + ".shares", Text(claim.shares), Text(found.shares));
  }
  return differences;
}

}  // namespace tributary::cli::verify
