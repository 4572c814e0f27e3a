#include "incentive-service/engine/stack.h"

#include <algorithm>
#include <set>

#include "common/money/money.h"
#include "common/status/status.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

// One evaluation of a plan. Values are made when they are first asked for, which is upstream first.
class Evaluator {
 public:
  Evaluator(const StackingPlan& plan, absl::Span<const StackProgram> programs, const StackSums& sums,
            absl::Span<const StackLine> lines)
      : plan_(plan), sums_(sums), lines_(lines) {
    for (const StackProgram& program : programs) programs_[program.name].terms = &program.terms;
    for (const NetOfEdge& edge : plan.net_of) programs_.at(edge.program).upstreams[edge.upstream] = edge.lowers;
    for (const ExclusiveGroup& group : plan.groups) {
      for (const GroupMember& member : group.members) {
        programs_.at(member.program).group = &group;
        programs_.at(member.program).priority = member.priority;
      }
    }
    for (const SharedCap& cap : plan.caps) {
      for (const std::string& member : cap.members) programs_.at(member).caps.insert(cap.name);
    }
  }

  absl::StatusOr<Stack> Run(bool with_shares) && {
    for (auto& [name, program] : programs_) AfterGroup(name);
    Stack stack;
    stack.caps = ApplyCaps();
    RETURN_IF_ERROR(Round(stack.caps));
    if (with_shares) {
      for (auto& [name, program] : programs_) program.value.shares = ShareOut(program.value.minor, PartsLeft(program));
    }
    for (auto& [name, program] : programs_) {
      stack.minor += program.value.minor;
      stack.values.push_back(std::move(program.value));
    }
    return stack;
  }

 private:
  struct Node {
    const Terms* terms = nullptr;
    std::map<std::string, Lowers> upstreams;
    const ExclusiveGroup* group = nullptr;
    int64_t priority = 0;
    std::set<std::string> caps;

    bool has_own = false, has_after = false;
    StackedValue value;
    std::set<std::string> lost_units;
    bool lost_all = false;
    std::vector<Rational> parts;  // b by line, once asked for
    bool has_parts = false;
  };

  static const std::string& UnitOf(const StackLine& line) { return line.unit.empty() ? line.key.fact : line.unit; }
  static bool PerUnit(const Node& node) { return node.terms->scale.shape == Shape::kPerUnit; }
  // What the program's money lies on.
  static Rational Weight(const Node& node, const Portion& portion) {
    return PerUnit(node) ? Rational(portion.earning_quantity) : portion.is_paid_on();
  }

  Portion SumsFor(const std::string& name) const {
    const auto found = sums_.programs.find(name);
    return found == sums_.programs.end() ? Portion() : found->second;
  }

  // E(u) and E(u and g), of the lines that u won.
  std::pair<Rational, Rational> WonBy(const std::string& upstream, const std::string& program) {
    const Node& node = programs_.at(upstream);
    Portion all, both;
    if (node.lost_units.empty()) {
      const auto overlap = sums_.overlaps.find({upstream, program});
      if (overlap != sums_.overlaps.end()) both = overlap->second;
      return {Weight(node, node.value.sums), Weight(node, both)};
    }
    for (const StackLine& line : lines_) {
      const Portion* portion = line.Earning(upstream);
      if (portion == nullptr || node.lost_units.contains(UnitOf(line))) continue;
      all += *portion;
      if (line.Earning(program) != nullptr) both += *portion;
    }
    return {Weight(node, all), Weight(node, both)};
  }

  // V_u / E(u): what the upstream pays for each unit of its weight.
  Rational RateOf(const std::string& upstream, const Rational& all) {
    const Rational& value = programs_.at(upstream).value.after_groups;
    return !Positive(all) || value.zero() ? Rational() : value / all;
  }

  // V, with own floor and cap.
  Node& Own(const std::string& name) {
    Node& node = programs_.at(name);
    if (node.has_own) return node;
    node.has_own = true;
    StackedValue& value = node.value;
    value.program = name;
    value.sums = SumsFor(name);
    const Scale& scale = node.terms->scale;
    Bases& bases = value.bases;
    bases.reach = scale.measure == Measure::kAmount ? value.sums.reaches() : Rational(value.sums.qualifying_quantity);
    bases.base = value.sums.is_paid_on();
    bases.quantity = Rational(value.sums.earning_quantity);
    for (const auto& [upstream, lowers] : node.upstreams) {
      AfterGroup(upstream);
      const auto [all, both] = WonBy(upstream, name);
      NetOfDeduction deduction{upstream, lowers, ToBillionth(RateOf(upstream, all) * both)};
      bases.base = bases.base - deduction.amount;
      if (lowers == Lowers::kBoth) bases.reach = bases.reach - deduction.amount;
      value.net_of.push_back(std::move(deduction));
    }
    value.own = EvaluateExactly(*node.terms, bases);
    value.after_groups = value.own.exact;
    return node;
  }

  // V after the program's group.
  Node& AfterGroup(const std::string& name) {
    Node& node = Own(name);
    if (node.has_after) return node;
    if (node.group == nullptr) {
      node.has_after = true;
      return node;
    }
    std::vector<Node*> members;
    for (const GroupMember& member : node.group->members) members.push_back(&Own(member.program));
    std::sort(members.begin(), members.end(), [](const Node* a, const Node* b) {
      return a->priority != b->priority ? a->priority > b->priority : a->value.program < b->value.program;
    });
    if (node.group->scope == GroupScope::kLine) {
      CompareLines(*node.group, members);
    } else {
      ComparePeriods(*node.group, members);
    }
    for (Node* member : members) member->has_after = true;
    return node;
  }

  // `members` in the order that ties go by.
  static void ComparePeriods(const ExclusiveGroup& group, const std::vector<Node*>& members) {
    const Node* winner = *std::max_element(members.begin(), members.end(), [](const Node* a, const Node* b) {
      return a->value.own.exact < b->value.own.exact;
    });
    for (Node* member : members) {
      if (member == winner) continue;
      member->value.losses.push_back({group.name, winner->value.program, "", member->value.own.exact});
      member->value.after_groups = Rational();
      member->lost_all = true;
    }
  }

  void CompareLines(const ExclusiveGroup& group, const std::vector<Node*>& members) {
    struct Bid {
      Node* member;
      Rational value;
    };
    std::map<std::string, std::vector<Bid>> units;  // bids in the order of members
    for (Node* member : members) {
      const std::vector<Rational>& parts = PartsOf(*member);
      std::map<std::string, Rational> sums;
      Rational all;
      for (size_t i = 0; i < lines_.size(); ++i) {
        if (lines_[i].Earning(member->value.program) == nullptr) continue;
        Rational& sum = sums[UnitOf(lines_[i])];
        sum = sum + parts[i];
        all = all + parts[i];
      }
      const Rational rate = all.zero() ? Rational() : member->value.own.exact / all;
      for (const auto& [unit, sum] : sums) units[unit].push_back({member, sum * rate});
    }
    for (const auto& [unit, bids] : units) {
      const auto less = [](const Bid& a, const Bid& b) { return a.value < b.value; };
      auto winner = std::max_element(bids.begin(), bids.end(), less);
      if (!Positive(winner->value)) winner = std::min_element(bids.begin(), bids.end(), less);
      for (const Bid& bid : bids) {
        if (bid.member == winner->member) continue;
        StackedValue& loser = bid.member->value;
        loser.losses.push_back({group.name, winner->member->value.program, unit, bid.value});
        loser.after_groups = loser.after_groups - bid.value;
        bid.member->lost_units.insert(unit);
      }
    }
    for (Node* member : members) {
      if (member->value.after_groups.negative()) member->value.after_groups = Rational();
    }
  }

  // b of each line: its part of B, or its units.
  const std::vector<Rational>& PartsOf(Node& node) {
    if (node.has_parts) return node.parts;
    node.has_parts = true;
    const std::string& name = node.value.program;
    node.parts.assign(lines_.size(), Rational());
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (const Portion* portion = lines_[i].Earning(name)) node.parts[i] = Weight(node, *portion);
    }
    if (PerUnit(node)) return node.parts;
    for (const auto& [upstream, lowers] : node.upstreams) {
      const Node& above = programs_.at(upstream);
      const Rational rate = RateOf(upstream, WonBy(upstream, name).first);
      if (rate.zero()) continue;
      for (size_t i = 0; i < lines_.size(); ++i) {
        const Portion* portion = lines_[i].Earning(upstream);
        if (portion == nullptr || lines_[i].Earning(name) == nullptr) continue;
        if (above.lost_units.contains(UnitOf(lines_[i]))) continue;
        node.parts[i] = node.parts[i] - rate * Weight(above, *portion);
      }
    }
    return node.parts;
  }

  // b of the lines that the program kept.
  std::vector<Rational> PartsLeft(Node& node) {
    if (node.lost_all) return std::vector<Rational>(lines_.size());
    std::vector<Rational> parts = PartsOf(node);
    for (size_t i = 0; i < parts.size(); ++i) {
      if (node.lost_units.contains(UnitOf(lines_[i]))) parts[i] = Rational();
    }
    return parts;
  }

  std::vector<CapUse> ApplyCaps() {
    std::map<std::string, CapUse> uses;
    for (const SharedCap& cap : plan_.caps) {
      CapUse& use = uses[cap.name];
      use.cap = cap.name;
      if (cap.amount.has_value()) {
        use.limit = Rational(*cap.amount);
      } else if (const auto base = sums_.cap_bases.find(cap.name); base != sums_.cap_bases.end()) {
        const Rational paid_on = base->second.is_paid_on();
        if (Positive(paid_on)) use.limit = paid_on * Rational(*cap.rate);
      }
      Rational charged;
      for (const std::string& member : cap.members) {
        const Rational& value = programs_.at(member).value.after_groups;
        use.sum = use.sum + value;
        if (value.negative()) charged = charged + value;
      }
      use.factor = use.sum > use.limit ? (use.limit - charged) / (use.sum - charged) : Rational::FromInt(1);
    }
    for (auto& [name, node] : programs_) {
      StackedValue& value = node.value;
      value.factor = Rational::FromInt(1);
      for (const std::string& cap : node.caps) {
        if (value.after_groups.negative() || uses[cap].factor >= value.factor) continue;
        value.factor = uses[cap].factor;
        value.cap = cap;
      }
      value.exact = value.after_groups * value.factor;
    }
    std::vector<CapUse> all;
    for (auto& [name, use] : uses) all.push_back(std::move(use));
    return all;
  }

  // What is left for the cap's members that pay, once its charges are rounded, each by itself.
  absl::StatusOr<int64_t> RoomUnder(const std::string& cap, const std::vector<CapUse>& caps) const {
    const auto use = std::find_if(caps.begin(), caps.end(), [&](const CapUse& one) { return one.cap == cap; });
    const std::string& currency = programs_.begin()->second.terms->currency;
    ASSIGN_OR_RETURN(int64_t room, ToMinorUnits(use->limit, currency, Rounding::kDown));
    for (const auto& [name, node] : programs_) {
      if (node.caps.contains(cap) && node.value.exact.negative()) room -= node.value.minor;
    }
    return room;
  }

  absl::Status Round(const std::vector<CapUse>& caps) {
    for (auto& [name, node] : programs_) {
      ASSIGN_OR_RETURN(node.value.minor, ToMinorUnits(node.value.exact, node.terms->currency, node.terms->rounding));
    }
    std::map<std::string, std::vector<Node*>> together;  // by cap
    std::set<std::string> tight;
    for (const CapUse& use : caps) {
      Rational sum;
      for (auto& [name, node] : programs_) {
        if (!node.caps.contains(use.cap)) continue;
        ASSIGN_OR_RETURN(const Decimal rounded, FromMinorUnits(node.value.minor, node.terms->currency));
        sum = sum + Rational(rounded);
      }
      if (use.factor < Rational::FromInt(1) || sum > use.limit) tight.insert(use.cap);
    }
    for (auto& [name, node] : programs_) {
      const bool is_tight =
          std::any_of(node.caps.begin(), node.caps.end(), [&](const std::string& cap) { return tight.contains(cap); });
      if (!is_tight || node.value.exact.negative()) continue;
      if (node.caps.size() == 1) {
        together[*node.caps.begin()].push_back(&node);
      } else {
        ASSIGN_OR_RETURN(node.value.minor, ToMinorUnits(node.value.exact, node.terms->currency, Rounding::kDown));
      }
    }
    for (auto& [cap, members] : together) {
      Rational sum;
      std::vector<Rational> weights;
      for (const Node* member : members) {
        sum = sum + member->value.exact;
        weights.push_back(member->value.exact);
      }
      ASSIGN_OR_RETURN(int64_t total, ToMinorUnits(sum, members[0]->terms->currency, Rounding::kDown));
      ASSIGN_OR_RETURN(const int64_t room, RoomUnder(cap, caps));
      total = std::min(total, room);
      const std::vector<int64_t> parts = ShareOut(total, weights);
      for (size_t i = 0; i < members.size(); ++i) members[i]->value.minor = parts[i];
    }
    return absl::OkStatus();
  }

  const StackingPlan& plan_;
  const StackSums& sums_;
  const absl::Span<const StackLine> lines_;
  std::map<std::string, Node> programs_;
};

}  // namespace

absl::StatusOr<Stack> EvaluateStack(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                    const StackSums& sums, absl::Span<const StackLine> lines, bool with_shares) {
  return Evaluator(plan, programs, sums, lines).Run(with_shares);
}

}  // namespace tributary::incentive
