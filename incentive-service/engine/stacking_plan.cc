#include "incentive-service/engine/stacking_plan.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// Who waits for whom. A program's own value waits for what its upstreams pay after their groups, which waits for their
// fellows' own values.
struct Waiting {
  std::map<std::string, std::set<std::string>> upstreams;                        // by program
  std::map<std::string, std::set<std::pair<std::string, std::string>>> fellows;  // (group, fellow) by program
};

Waiting WaitingOf(const StackingPlan& plan) {
  Waiting waiting;
  for (const NetOfEdge& edge : plan.net_of) waiting.upstreams[edge.program].insert(edge.upstream);
  for (const ExclusiveGroup& group : plan.groups) {
    for (const GroupMember& member : group.members) {
      for (const GroupMember& fellow : group.members) {
        if (fellow.program != member.program) waiting.fellows[member.program].insert({group.name, fellow.program});
      }
    }
  }
  return waiting;
}

// A shortest way from the program back to itself, or nothing.
std::vector<CycleStep> CycleFrom(const Waiting& waiting, const std::string& start) {
  std::map<std::string, std::vector<CycleStep>> reached;  // the way to each program
  std::deque<std::string> queue = {start};
  reached[start] = {};
  std::vector<CycleStep> best;
  const auto arrive = [&](const std::string& at, std::vector<CycleStep> way) {
    if (at == start) {
      if (best.empty() || way.size() < best.size()) best = std::move(way);
    } else if (const auto [known, fresh] = reached.try_emplace(at, way); fresh) {
      queue.push_back(at);
    } else if (way.size() < known->second.size()) {
      known->second = std::move(way);
      queue.push_back(at);
    }
  };
  while (!queue.empty()) {
    const std::string at = queue.front();
    queue.pop_front();
    const auto upstreams = waiting.upstreams.find(at);
    if (upstreams == waiting.upstreams.end()) continue;
    for (const std::string& upstream : upstreams->second) {
      std::vector<CycleStep> way = reached[at];
      way.push_back({at, ""});
      arrive(upstream, way);
      const auto fellows = waiting.fellows.find(upstream);
      if (fellows == waiting.fellows.end()) continue;
      for (const auto& [group, fellow] : fellows->second) {
        std::vector<CycleStep> on = way;
        on.push_back({upstream, group});
        arrive(fellow, std::move(on));
      }
    }
  }
  return best;
}

// Collects what is wrong with one plan.
class PlanCheck {
 public:
  PlanCheck(const StackingPlan& plan, absl::Span<const StackProgram> programs, std::string_view field)
      : plan_(plan), programs_(programs), field_(field) {
    for (const StackProgram& program : programs) terms_.emplace(program.name, &program.terms);
  }

  std::vector<FieldViolation> Run() && {
    Edges();
    Groups();
    Caps();
    Programs();
    if (const std::vector<CycleStep> cycle = FindCycle(plan_); !cycle.empty()) {
      Blame("net_of", CycleText(cycle), "no cycle: a program waits for its upstreams and their groups");
    }
    return std::move(violations_);
  }

 private:
  void Blame(std::string_view path, std::string got, std::string want) {
    violations_.push_back({StrCat(field_, ".", path), std::move(got), std::move(want)});
  }
  const Terms* TermsOf(const std::string& program) const {
    const auto found = terms_.find(program);
    return found == terms_.end() ? nullptr : found->second;
  }
  // Whether the program is known; blames it where not.
  bool Known(const std::string& program, std::string_view path) {
    if (TermsOf(program) != nullptr) return true;
    Blame(path, program, "a program of the plan");
    return false;
  }
  void NoPenalty(const std::string& program, std::string_view path) {
    if (TermsOf(program)->max_penalty.has_value()) Blame(path, program, "a program that pays, no penalty");
  }
  static bool HasRate(const Scale& scale) {
    if (scale.shape == Shape::kPerUnit) return false;
    if (scale.shape != Shape::kTarget) return true;
    for (const Tier& tier : scale.tiers) {
      if (!tier.rate.zero()) return true;
    }
    return false;
  }

  void Edges() {
    std::set<std::pair<std::string, std::string>> seen;
    for (size_t i = 0; i < plan_.net_of.size(); ++i) {
      const NetOfEdge& edge = plan_.net_of[i];
      const std::string at = StrCat("net_of[", i, "]");
      const bool program = Known(edge.program, at + ".program"), upstream = Known(edge.upstream, at + ".upstream");
      if (edge.program == edge.upstream) Blame(at + ".upstream", edge.upstream, "another program");
      if (!seen.insert({edge.program, edge.upstream}).second) {
        Blame(at, StrCat(edge.program, " net of ", edge.upstream), "each edge once");
      }
      if (program) {
        const Scale& scale = TermsOf(edge.program)->scale;
        if (!HasRate(scale) && edge.lowers == Lowers::kBase) {
          Blame(at + ".program", edge.program, "a program with rates: this one has no base to lower");
        }
        if (scale.measure == Measure::kQuantity && edge.lowers == Lowers::kBoth) {
          Blame(at + ".lowers", "BOTH", "BASE: the tiers are reached by units, which money does not lower");
        }
      }
      if (upstream) NoPenalty(edge.upstream, at + ".upstream");
    }
  }

  void Name(const std::string& name, std::string_view path, std::set<std::string>* seen) {
    if (name.empty()) Blame(path, "none", "a name");
    if (!seen->insert(name).second) Blame(path, name, "a name of its own");
  }

  void Groups() {
    std::set<std::string> names;
    std::map<std::string, std::string> group_of;
    for (size_t i = 0; i < plan_.groups.size(); ++i) {
      const ExclusiveGroup& group = plan_.groups[i];
      const std::string at = StrCat("groups[", i, "]");
      Name(group.name, at + ".name", &names);
      if (group.members.size() < 2) {
        Blame(at + ".members", StrCat(group.members.size(), " members"), "two programs at least");
      }
      for (size_t m = 0; m < group.members.size(); ++m) {
        const std::string& program = group.members[m].program;
        const std::string path = StrCat(at, ".members[", m, "].program");
        if (!Known(program, path)) continue;
        if (const auto [other, fresh] = group_of.try_emplace(program, group.name); !fresh) {
          Blame(path, program, StrCat("a program of no other group; it is in ", other->second));
        }
        NoPenalty(program, path);
      }
    }
  }

  void Caps() {
    std::set<std::string> names;
    std::map<std::string, std::set<size_t>> caps_of;
    for (size_t i = 0; i < plan_.caps.size(); ++i) {
      for (const std::string& member : plan_.caps[i].members) caps_of[member].insert(i);
    }
    for (size_t i = 0; i < plan_.caps.size(); ++i) {
      const SharedCap& cap = plan_.caps[i];
      const bool charges = std::any_of(cap.members.begin(), cap.members.end(), [&](const std::string& member) {
        return TermsOf(member) != nullptr && TermsOf(member)->max_penalty.has_value();
      });
      const std::string at = StrCat("caps[", i, "]");
      Name(cap.name, at + ".name", &names);
      if (cap.members.empty()) Blame(at + ".members", "none", "one program at least");
      std::set<std::string> seen;
      for (size_t m = 0; m < cap.members.size(); ++m) {
        const std::string path = StrCat(at, ".members[", m, "]");
        if (!Known(cap.members[m], path)) continue;
        if (!seen.insert(cap.members[m]).second) Blame(path, cap.members[m], "each program once");
        if (charges && caps_of[cap.members[m]].size() > 1) {
          Blame(path, cap.members[m], "a program under no other cap: a member of this one charges");
        }
      }
      if (cap.amount.has_value() == cap.rate.has_value()) {
        Blame(at, cap.amount.has_value() ? "amount and rate" : "neither amount nor rate", "one of amount and rate");
      }
      if (cap.amount.has_value() && *cap.amount <= Decimal()) {
        Blame(at + ".amount", cap.amount->ToString(), "more than 0");
      }
      if (cap.rate.has_value() && (*cap.rate <= Decimal() || *cap.rate > Decimal::FromInt(1))) {
        Blame(at + ".rate", cap.rate->ToString(), "a rate above 0 up to 1, such as 0.075 for 7.5 %");
      }
    }
  }

  void Programs() {
    std::set<std::string> names;
    for (const StackProgram& program : programs_) {
      if (!names.insert(program.name).second) Blame("programs", program.name, "each program once");
      if (const std::string& first = programs_[0].terms.currency; program.terms.currency != first) {
        Blame("programs", StrCat(program.name, " in ", program.terms.currency), StrCat(first, " as the first"));
      }
    }
  }

  const StackingPlan& plan_;
  const absl::Span<const StackProgram> programs_;
  const std::string_view field_;
  std::map<std::string, const Terms*> terms_;
  std::vector<FieldViolation> violations_;
};

}  // namespace

std::vector<CycleStep> FindCycle(const StackingPlan& plan) {
  const Waiting waiting = WaitingOf(plan);
  std::vector<CycleStep> shortest;
  for (const auto& [program, upstreams] : waiting.upstreams) {
    std::vector<CycleStep> cycle = CycleFrom(waiting, program);
    if (!cycle.empty() && (shortest.empty() || cycle.size() < shortest.size())) shortest = std::move(cycle);
  }
  return shortest;
}

std::string CycleText(absl::Span<const CycleStep> cycle) {
  std::string text;
  for (size_t i = 0; i < cycle.size(); ++i) {
    const std::string& next = cycle[(i + 1) % cycle.size()].program;
    if (i > 0) text += ", ";
    if (cycle[i].group.empty()) {
      StrAppend(&text, cycle[i].program, " is net of ", next);
    } else {
      StrAppend(&text, cycle[i].program, " is exclusive with ", next, " in group ", cycle[i].group);
    }
  }
  return text;
}

std::vector<FieldViolation> CheckPlan(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                      std::string_view field) {
  return PlanCheck(plan, programs, field).Run();
}

}  // namespace tributary::incentive
