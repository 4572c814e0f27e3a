#include "incentive-service/stacking_plans/stacking_plan_proto.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kPrograms = "programs/{program}";

std::string NameOfProgram(const std::string& id) { return "programs/" + id; }

// Without what comes before the last segment; names of ours alone.
std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::optional<Decimal> ReadAmount(FieldReader& fields, const std::string& path, bool given,
                                  const google::type::Decimal& value) {
  if (!given) return std::nullopt;
  return fields.Take(path, wire::FromProto(value));
}

StackingPlan ReadRules(FieldReader& fields, const v1::StackingPlan& message, std::string_view field) {
  StackingPlan rules;
  for (int i = 0; i < message.net_of_size(); ++i) {
    const v1::StackingPlan::NetOf& edge = message.net_of(i);
    const std::string path = StrCat(field, ".net_of[", i, "]");
    rules.net_of.push_back({fields.Id(path + ".program", edge.program(), kPrograms),
                            fields.Id(path + ".upstream", edge.upstream(), kPrograms),
                            edge.lowers() == v1::StackingPlan::BOTH ? Lowers::kBoth : Lowers::kBase});
  }
  for (int i = 0; i < message.groups_size(); ++i) {
    const v1::StackingPlan::ExclusiveGroup& group = message.groups(i);
    const std::string path = StrCat(field, ".groups[", i, "]");
    if (group.scope() == v1::StackingPlan::SCOPE_UNSPECIFIED) {
      fields.Refuse(path + ".scope", "nothing", "LINE or PARTNER_PERIOD");
    }
    ExclusiveGroup& read = rules.groups.emplace_back();
    read.name = group.group();
    read.scope = static_cast<GroupScope>(group.scope());
    for (int m = 0; m < group.members_size(); ++m) {
      read.members.push_back(
          {fields.Id(StrCat(path, ".members[", m, "].program"), group.members(m).program(), kPrograms),
           group.members(m).priority()});
    }
  }
  for (int i = 0; i < message.caps_size(); ++i) {
    const v1::StackingPlan::SharedCap& cap = message.caps(i);
    const std::string path = StrCat(field, ".caps[", i, "]");
    SharedCap& read = rules.caps.emplace_back();
    read.name = cap.cap();
    for (int m = 0; m < cap.members_size(); ++m) {
      read.members.push_back(fields.Id(StrCat(path, ".members[", m, "]"), cap.members(m), kPrograms));
    }
    read.amount = ReadAmount(fields, path + ".amount", cap.has_amount(), cap.amount());
    read.rate = ReadAmount(fields, path + ".rate", cap.has_rate(), cap.rate());
  }
  return rules;
}

void LimitToProto(const SharedCap& cap, auto* message) {
  if (cap.amount.has_value()) *message->mutable_amount() = wire::ToProto(*cap.amount);
  if (cap.rate.has_value()) *message->mutable_rate() = wire::ToProto(*cap.rate);
}

// A fact under its partner's name, and back.
std::string NamedFact(std::string_view partner, const std::string& fact) {
  return fact.empty() ? "" : StrCat("partners/", partner, "/", fact);
}
std::string FactOf(std::string_view partner, const std::string& name) {
  return name.empty() ? "" : name.substr(StrCat("partners/", partner, "/").size());
}

Rational ExactOf(const google::type::Money& money) {
  return Rational::FromInt(money.units()) + Rational(Rational::Integer(money.nanos()), Rational::Integer(1000000000));
}

}  // namespace

absl::StatusOr<std::string> StackingPlanIdOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "stackingPlans/{stacking_plan}", field));
  return std::move(ids.front());
}

void RulesToProto(const StackingPlan& rules, v1::StackingPlan* message) {
  for (const NetOfEdge& edge : rules.net_of) {
    v1::StackingPlan::NetOf* added = message->add_net_of();
    added->set_program(NameOfProgram(edge.program));
    added->set_upstream(NameOfProgram(edge.upstream));
    added->set_lowers(static_cast<v1::StackingPlan::Lowers>(edge.lowers));
  }
  for (const ExclusiveGroup& group : rules.groups) {
    v1::StackingPlan::ExclusiveGroup* added = message->add_groups();
    added->set_group(group.name);
    added->set_scope(static_cast<v1::StackingPlan::Scope>(group.scope));
    for (const GroupMember& member : group.members) {
      v1::StackingPlan::GroupMember* one = added->add_members();
      one->set_program(NameOfProgram(member.program));
      one->set_priority(member.priority);
    }
  }
  for (const SharedCap& cap : rules.caps) {
    v1::StackingPlan::SharedCap* added = message->add_caps();
    added->set_cap(cap.name);
    for (const std::string& member : cap.members) added->add_members(NameOfProgram(member));
    LimitToProto(cap, added);
  }
}

absl::StatusOr<StackingPlan> RulesFromProto(const v1::StackingPlan& message, std::string_view field) {
  FieldReader fields;
  StackingPlan rules = ReadRules(fields, message, field);
  RETURN_IF_ERROR(fields.status());
  return rules;
}

v1::StackingPlan ToProto(const DeclaredPlan& plan) {
  v1::StackingPlan message;
  message.set_name(plan.name());
  message.set_uid(plan.uid.ToString());
  message.set_etag(EtagOf(plan.version));
  *message.mutable_create_time() = wire::ToProto(plan.create_time);
  *message.mutable_update_time() = wire::ToProto(plan.update_time);
  message.set_state(static_cast<v1::StackingPlan::State>(plan.state));
  message.set_display_name(plan.display_name);
  *message.mutable_effective_from() = wire::ToProto(plan.effective.start);
  if (plan.effective.end != OpenEnd()) *message.mutable_effective_to() = wire::ToProto(plan.effective.end);
  RulesToProto(plan.rules, &message);
  return message;
}

absl::StatusOr<DeclaredPlan> FromProto(const v1::StackingPlan& message, std::string_view field) {
  FieldReader fields;
  DeclaredPlan plan{.display_name = message.display_name()};
  if (plan.display_name.empty()) fields.Refuse(StrCat(field, ".display_name"), "nothing", "a name for people");
  plan.effective = {fields.Take(StrCat(field, ".effective_from"), wire::FromProto(message.effective_from())),
                    OpenEnd()};
  plan.rules = ReadRules(fields, message, field);
  RETURN_IF_ERROR(fields.status());
  return plan;
}

v1::StackedValue ToProto(const Stacking& stacking, std::string_view partner, std::string_view currency) {
  v1::StackedValue message;
  message.set_stacking_plan("stackingPlans/" + stacking.plan);
  for (const NetOfDeduction& deduction : stacking.net_of) {
    v1::StackedValue::Deduction* added = message.add_net_of();
    added->set_upstream(NameOfProgram(deduction.upstream));
    added->set_lowers(static_cast<v1::StackingPlan::Lowers>(deduction.lowers));
    *added->mutable_amount() = MoneyToProto(deduction.amount, currency);  // it ends at nine decimals
  }
  message.set_exact_reach(stacking.bases.reach.ToString());
  message.set_exact_base(stacking.bases.base.ToString());
  message.set_exact_own_value(stacking.own.ToString());
  if (!stacking.group.empty()) {
    message.set_group(stacking.group);
    message.set_scope(static_cast<v1::StackingPlan::Scope>(stacking.scope));
    message.set_priority(stacking.priority);
  }
  for (const Loss& loss : stacking.losses) {
    v1::StackedValue::Loss* added = message.add_losses();
    added->set_fact(NamedFact(partner, loss.unit));
    added->set_winner(NameOfProgram(loss.winner));
    added->set_exact_amount(loss.amount.ToString());
  }
  message.set_exact_after_group(stacking.after_group.ToString());
  for (const StackedCap& cap : stacking.caps) {
    v1::StackedValue::Cap* added = message.add_caps();
    added->set_cap(cap.cap.name);
    LimitToProto(cap.cap, added);
    added->set_exact_limit(cap.use.limit.ToString());
    added->set_exact_sum(cap.use.sum.ToString());
    added->set_factor(cap.use.factor.ToString());
  }
  message.set_binding_cap(stacking.binding_cap);
  message.set_factor(stacking.factor.ToString());
  for (const LinkedReturn& one : stacking.linked_returns) {
    v1::StackedValue::LinkedReturn* added = message.add_linked_returns();
    added->set_fact(NamedFact(partner, one.fact));
    added->set_sale(NamedFact(partner, one.sale));
  }
  return message;
}

absl::StatusOr<Stacking> FromProto(const v1::StackedValue& message, std::string_view partner) {
  Stacking stacking{.plan = IdOf(message.stacking_plan()),
                    .group = message.group(),
                    .scope = static_cast<GroupScope>(message.scope()),
                    .priority = message.priority(),
                    .binding_cap = message.binding_cap()};
  for (const v1::StackedValue::Deduction& one : message.net_of()) {
    stacking.net_of.push_back({IdOf(one.upstream()), static_cast<Lowers>(one.lowers()), ExactOf(one.amount())});
  }
  ASSIGN_OR_RETURN(stacking.bases.reach, Rational::Parse(message.exact_reach()));
  ASSIGN_OR_RETURN(stacking.bases.base, Rational::Parse(message.exact_base()));
  ASSIGN_OR_RETURN(stacking.own, Rational::Parse(message.exact_own_value()));
  for (const v1::StackedValue::Loss& one : message.losses()) {
    ASSIGN_OR_RETURN(Rational amount, Rational::Parse(one.exact_amount()));
    stacking.losses.push_back({message.group(), IdOf(one.winner()), FactOf(partner, one.fact()), std::move(amount)});
  }
  ASSIGN_OR_RETURN(stacking.after_group, Rational::Parse(message.exact_after_group()));
  for (const v1::StackedValue::Cap& one : message.caps()) {
    FieldReader fields;
    StackedCap& cap = stacking.caps.emplace_back();
    cap.cap.name = cap.use.cap = one.cap();
    cap.cap.amount = ReadAmount(fields, "amount", one.has_amount(), one.amount());
    cap.cap.rate = ReadAmount(fields, "rate", one.has_rate(), one.rate());
    RETURN_IF_ERROR(fields.status());
    ASSIGN_OR_RETURN(cap.use.limit, Rational::Parse(one.exact_limit()));
    ASSIGN_OR_RETURN(cap.use.sum, Rational::Parse(one.exact_sum()));
    ASSIGN_OR_RETURN(cap.use.factor, Rational::Parse(one.factor()));
  }
  ASSIGN_OR_RETURN(stacking.factor, Rational::Parse(message.factor()));
  stacking.exact = stacking.after_group * stacking.factor;
  for (const v1::StackedValue::LinkedReturn& one : message.linked_returns()) {
    stacking.linked_returns.push_back({FactOf(partner, one.fact()), FactOf(partner, one.sale())});
  }
  return stacking;
}

}  // namespace tributary::incentive
