#include "incentive-service/programs/program_proto.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/programs/margin_proto.h"

namespace tributary::incentive {
namespace {

Rounding FromProto(v1::Program::Rounding rounding) {
  switch (rounding) {
    case v1::Program::HALF_UP:
      return Rounding::kHalfUp;
    case v1::Program::DOWN:
      return Rounding::kDown;
    default:
      return Rounding::kHalfEven;
  }
}

// The violations of a status, below `field`, to the others.
void Collect(const absl::Status& status, std::string_view field, std::vector<FieldViolation>* violations) {
  for (FieldViolation& violation : DetailOf(AtField(status, field)).violations) violations->push_back(violation);
}

// Names of one pattern, sorted, each once; as ids where `ids`.
std::vector<std::string> ReadNames(const google::protobuf::RepeatedPtrField<std::string>& names,
                                   std::string_view pattern, const std::string& path, bool ids,
                                   std::vector<FieldViolation>* violations) {
  std::vector<std::string> read;
  for (int i = 0; i < names.size(); ++i) {
    const absl::StatusOr<std::vector<std::string>> id = ParseResourceName(names[i], pattern);
    if (!id.ok()) {
      violations->push_back({StrCat(path, "[", i, "]"), names[i], std::string(pattern)});
      continue;
    }
    read.push_back(ids ? id->front() : names[i]);
  }
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return read;
}

std::vector<PartnerTier> ReadTiers(
    const google::protobuf::RepeatedPtrField<v1::Program::Eligibility::PartnerTier>& tiers, const std::string& path,
    std::vector<FieldViolation>* violations) {
  constexpr std::string_view kPattern = "partnerPrograms/{partner_program}";
  std::vector<PartnerTier> read;
  for (int i = 0; i < tiers.size(); ++i) {
    const absl::StatusOr<std::vector<std::string>> id = ParseResourceName(tiers[i].partner_program(), kPattern);
    if (!id.ok()) {
      violations->push_back(
          {StrCat(path, "[", i, "].partner_program"), tiers[i].partner_program(), std::string(kPattern)});
      continue;
    }
    read.push_back({id->front(), tiers[i].level()});
  }
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return read;
}

std::vector<ChannelType> ReadChannelTypes(const google::protobuf::RepeatedField<int>& types) {
  std::set<ChannelType> read;
  for (const int type : types) read.insert(static_cast<ChannelType>(type));
  return {read.begin(), read.end()};
}

std::vector<std::string> ReadSegments(const google::protobuf::RepeatedPtrField<std::string>& segments) {
  const std::set<std::string> read(segments.begin(), segments.end());
  return {read.begin(), read.end()};
}

Eligibility ReadEligibility(const v1::Program::Eligibility& message, const std::string& path,
                            std::vector<FieldViolation>* violations) {
  const auto names = [&](const auto& list, std::string_view pattern, std::string_view field) {
    return ReadNames(list, pattern, StrCat(path, ".", field), true, violations);
  };
  constexpr std::string_view kPartner = "partners/{partner}", kRegion = "regions/{region}",
                             kPartnerProgram = "partnerPrograms/{partner_program}";
  return {
      .partners = names(message.partners(), kPartner, "partners"),
      .except_partners = names(message.except_partners(), kPartner, "except_partners"),
      .tiers = ReadTiers(message.tiers(), path + ".tiers", violations),
      .except_tiers = ReadTiers(message.except_tiers(), path + ".except_tiers", violations),
      .channel_types = ReadChannelTypes(message.channel_types()),
      .except_channel_types = ReadChannelTypes(message.except_channel_types()),
      .regions = names(message.regions(), kRegion, "regions"),
      .except_regions = names(message.except_regions(), kRegion, "except_regions"),
      .partner_programs = names(message.partner_programs(), kPartnerProgram, "partner_programs"),
      .except_partner_programs = names(message.except_partner_programs(), kPartnerProgram, "except_partner_programs"),
      .customer_segments = ReadSegments(message.customer_segments()),
      .except_customer_segments = ReadSegments(message.except_customer_segments())};
}

v1::Program::Eligibility EligibilityToProto(const Eligibility& eligibility) {
  v1::Program::Eligibility message;
  const auto names = [](const std::vector<std::string>& ids, std::string_view prefix, auto* list) {
    for (const std::string& id : ids) *list->Add() = StrCat(prefix, id);
  };
  const auto tiers = [](const std::vector<PartnerTier>& held, auto* list) {
    for (const PartnerTier& tier : held) {
      v1::Program::Eligibility::PartnerTier* added = list->Add();
      added->set_partner_program(StrCat("partnerPrograms/", tier.partner_program));
      added->set_level(tier.level);
    }
  };
  const auto types = [](const std::vector<ChannelType>& sold, auto* list) {
    for (const ChannelType type : sold) list->Add(static_cast<int>(type));
  };
  names(eligibility.partners, "partners/", message.mutable_partners());
  names(eligibility.except_partners, "partners/", message.mutable_except_partners());
  tiers(eligibility.tiers, message.mutable_tiers());
  tiers(eligibility.except_tiers, message.mutable_except_tiers());
  types(eligibility.channel_types, message.mutable_channel_types());
  types(eligibility.except_channel_types, message.mutable_except_channel_types());
  names(eligibility.regions, "regions/", message.mutable_regions());
  names(eligibility.except_regions, "regions/", message.mutable_except_regions());
  names(eligibility.partner_programs, "partnerPrograms/", message.mutable_partner_programs());
  names(eligibility.except_partner_programs, "partnerPrograms/", message.mutable_except_partner_programs());
  names(eligibility.customer_segments, "", message.mutable_customer_segments());
  names(eligibility.except_customer_segments, "", message.mutable_except_customer_segments());
  return message;
}

LineFilter ReadFilter(const v1::Program::LineFilter& lines, const std::string& path,
                      std::vector<FieldViolation>* violations) {
  const auto read = [&](const auto& names, std::string_view pattern, std::string_view field) {
    return ReadNames(names, pattern, StrCat(path, ".", field), false, violations);
  };
  return {read(lines.products(), "products/{product}", "products"),
          read(lines.product_lines(), "productLines/{product_line}", "product_lines"),
          read(lines.except_products(), "products/{product}", "except_products"),
          read(lines.except_product_lines(), "productLines/{product_line}", "except_product_lines")};
}

v1::Program::LineFilter FilterToProto(const LineFilter& filter) {
  v1::Program::LineFilter message;
  *message.mutable_products() = {filter.products.begin(), filter.products.end()};
  *message.mutable_product_lines() = {filter.product_lines.begin(), filter.product_lines.end()};
  *message.mutable_except_products() = {filter.except_products.begin(), filter.except_products.end()};
  *message.mutable_except_product_lines() = {filter.except_product_lines.begin(), filter.except_product_lines.end()};
  return message;
}

std::optional<Decimal> ReadAmount(bool given, const google::type::Decimal& amount, const std::string& path,
                                  std::vector<FieldViolation>* violations) {
  if (!given) return std::nullopt;
  const absl::StatusOr<Decimal> read = wire::FromProto(amount);
  if (read.ok()) return *read;
  Collect(read.status(), path, violations);
  return std::nullopt;
}

void ReadGuarantee(const v1::Program& message, const std::string& path, Program* program,
                   std::vector<FieldViolation>* violations) {
  if (!message.has_guarantee()) return;
  const v1::Program::Guarantee& guarantee = message.guarantee();
  const std::optional<Decimal> amount =
      ReadAmount(guarantee.has_amount(), guarantee.amount(), path + ".amount", violations);
  program->guarantee = {amount.value_or(Decimal()), guarantee.cumulative(), guarantee.recoupable()};
}

void ReadBudget(const v1::Program& message, const std::string& path, Program* program,
                std::vector<FieldViolation>* violations) {
  if (!message.has_budget()) return;
  const v1::Program::PeriodBudget& budget = message.budget();
  const std::optional<Decimal> amount = ReadAmount(budget.has_amount(), budget.amount(), path + ".amount", violations);
  const bool by_event = budget.policy() == v1::Program::PeriodBudget::BY_EVENT;
  program->budget =
      PeriodBudget{amount.value_or(Decimal()), by_event ? BudgetPolicy::kByEvent : BudgetPolicy::kProRata};
}

void ReadClawbackCap(const v1::Program& message, const std::string& path, Program* program,
                     std::vector<FieldViolation>* violations) {
  if (!message.has_clawback_cap()) return;
  const v1::Program::ClawbackCap& cap = message.clawback_cap();
  program->clawback_cap = ClawbackCap{ReadAmount(cap.has_amount(), cap.amount(), path + ".amount", violations),
                                      ReadAmount(cap.has_share(), cap.share(), path + ".share", violations)};
}

void ReadGrowth(const v1::Program& message, const std::string& path, Program* program,
                std::vector<FieldViolation>* violations) {
  if (!message.has_growth()) return;
  const v1::Program::Growth& growth = message.growth();
  if (growth.reference() == v1::Program::Growth::REFERENCE_UNSPECIFIED) {
    violations->push_back({path + ".reference", "nothing", "PREVIOUS_PERIOD, YEAR_BEFORE or FIXED"});
  }
  GrowthTerms read{.reference = static_cast<GrowthReference>(growth.reference())};
  if (growth.fallback() != v1::Program::Growth::FALLBACK_UNSPECIFIED) {
    read.fallback = static_cast<GrowthFallback>(growth.fallback());
  }
  program->terms.growth_pays =
      growth.pays() == v1::Program::Growth::INCREMENT ? GrowthPays::kIncrement : GrowthPays::kTotal;
  for (int i = 0; i < growth.partners_size(); ++i) {
    const v1::Program::Growth::Partner& one = growth.partners(i);
    const std::string at = StrCat(path, ".partners[", i, "]");
    const absl::StatusOr<std::vector<std::string>> id = ParseResourceName(one.partner(), "partners/{partner}");
    if (!id.ok()) {
      violations->push_back({at + ".partner", one.partner(), "partners/{partner}"});
      continue;
    }
    GrowthPartner agreed{.partner = id->front(),
                         .baseline = ReadAmount(one.has_baseline(), one.baseline(), at + ".baseline", violations)};
    if (one.has_active_from()) {
      const absl::StatusOr<Date> day = wire::FromProto(one.active_from());
      if (day.ok()) agreed.active_from = *day;
      if (!day.ok()) Collect(day.status(), at + ".active_from", violations);
    }
    read.partners.push_back(std::move(agreed));
  }
  program->growth = std::move(read);
}

void ReadCount(const v1::Program& message, const std::string& path, Program* program,
               std::vector<FieldViolation>* violations) {
  if (!message.has_count()) return;
  if (message.count().of() == v1::Program::Count::OF_UNSPECIFIED) {
    violations->push_back({path + ".of", "nothing", "ORDER, CUSTOMER, PRODUCT or SITE"});
    return;
  }
  program->count_of = static_cast<CountOf>(message.count().of());
}

void ReadMix(const v1::Program& message, const std::string& path, Program* program,
             std::vector<FieldViolation>* violations) {
  if (!message.has_mix()) return;
  program->mix_set = ReadFilter(message.mix().set(), path + ".set", violations);
  program->terms.mix_pays = message.mix().pays() == v1::Program::Mix::ALL ? MixPays::kAll : MixPays::kSet;
}

void ReadFreeGoods(const v1::Program& message, const std::string& path, Program* program,
                   std::vector<FieldViolation>* violations) {
  if (!message.has_free_goods()) return;
  const v1::Program::FreeGoods& goods = message.free_goods();
  FreeGoodsTerms read;
  read.paid_units =
      ReadAmount(goods.has_paid_units(), goods.paid_units(), path + ".paid_units", violations).value_or(Decimal());
  read.free_units =
      ReadAmount(goods.has_free_units(), goods.free_units(), path + ".free_units", violations).value_or(Decimal());
  if (goods.scope() == v1::Program::FreeGoods::SCOPE_UNSPECIFIED) {
    violations->push_back({path + ".scope", "nothing", "ORDER or PERIOD"});
  } else {
    read.scope = static_cast<FreeGoodsScope>(goods.scope());
  }
  if (goods.kind() == v1::Program::FreeGoods::INCLUSIVE) read.kind = FreeGoodsKind::kInclusive;
  program->terms.free_goods = read;
}

v1::Program::FreeGoods FreeGoodsToProto(const FreeGoodsTerms& terms) {
  v1::Program::FreeGoods message;
  *message.mutable_paid_units() = wire::ToProto(terms.paid_units);
  *message.mutable_free_units() = wire::ToProto(terms.free_units);
  message.set_scope(static_cast<v1::Program::FreeGoods::Scope>(terms.scope));
  message.set_kind(static_cast<v1::Program::FreeGoods::Kind>(terms.kind));
  return message;
}

void ReadComposite(const v1::Program& message, const std::string& path, Program* program,
                   std::vector<FieldViolation>* violations) {
  if (!message.has_composite()) return;
  const v1::Program::Composite& composite = message.composite();
  CompositeTerms read;
  if (const std::string& name = composite.scorecard_template(); !name.empty()) {
    constexpr std::string_view kPattern = "scorecardTemplates/{scorecard_template}";
    const absl::StatusOr<std::vector<std::string>> id = ParseResourceName(name, kPattern);
    if (id.ok()) read.scorecard = id->front();
    if (!id.ok()) violations->push_back({path + ".scorecard_template", name, std::string(kPattern)});
  }
  for (int i = 0; i < composite.components_size(); ++i) {
    const v1::Program::Composite::Component& one = composite.components(i);
    const std::string at = StrCat(path, ".components[", i, "]");
    ScoreComponent component{.id = one.component(), .weight = one.weight()};
    component.low = ReadAmount(one.has_low(), one.low(), at + ".low", violations).value_or(Decimal());
    component.high = ReadAmount(one.has_high(), one.high(), at + ".high", violations).value_or(Decimal());
    if (one.source() == v1::Program::Composite::SOURCE_UNSPECIFIED) {
      violations->push_back({at + ".source", "nothing", "AMOUNT or EVALUATION"});
    } else {
      component.source = static_cast<ScoreSource>(one.source());
    }
    read.components.push_back(std::move(component));
  }
  program->terms.composite = std::move(read);
}

v1::Program::Composite CompositeToProto(const CompositeTerms& terms) {
  v1::Program::Composite message;
  if (!terms.scorecard.empty()) message.set_scorecard_template("scorecardTemplates/" + terms.scorecard);
  for (const ScoreComponent& one : terms.components) {
    v1::Program::Composite::Component* added = message.add_components();
    added->set_component(one.id);
    added->set_weight(one.weight);
    *added->mutable_low() = wire::ToProto(one.low);
    *added->mutable_high() = wire::ToProto(one.high);
    added->set_source(static_cast<v1::Program::Composite::Source>(one.source));
  }
  return message;
}

v1::Program::Growth GrowthToProto(const GrowthTerms& growth, GrowthPays pays) {
  v1::Program::Growth message;
  message.set_reference(static_cast<v1::Program::Growth::Reference>(growth.reference));
  message.set_pays(static_cast<v1::Program::Growth::Pays>(pays));
  message.set_fallback(static_cast<v1::Program::Growth::Fallback>(growth.fallback));
  for (const GrowthPartner& one : growth.partners) {
    v1::Program::Growth::Partner* added = message.add_partners();
    added->set_partner("partners/" + one.partner);
    if (one.baseline.has_value()) *added->mutable_baseline() = wire::ToProto(*one.baseline);
    if (one.active_from.has_value()) *added->mutable_active_from() = wire::ToProto(*one.active_from);
  }
  return message;
}

}  // namespace

void ReadConditions(const v1::Program& message, std::string_view field, Program* program,
                    std::vector<FieldViolation>* violations) {
  const auto path = [&](std::string_view name) { return StrCat(field, ".", name); };
  if (message.payout_period() != v1::Program::PERIOD_UNSPECIFIED) {
    program->payout_period = static_cast<PeriodKind>(message.payout_period());
  }
  if (!message.fiscal_calendar().empty()) {
    const absl::StatusOr<std::vector<std::string>> id =
        ParseResourceName(message.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}");
    if (id.ok()) program->fiscal_calendar = id->front();
    if (!id.ok()) {
      violations->push_back({path("fiscal_calendar"), message.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}"});
    }
  }
  if (message.amount_of() != v1::Program::AMOUNT_OF_UNSPECIFIED) {
    program->amount_of = static_cast<CountedAmount>(message.amount_of());
  }
  if (message.has_grace_days()) program->grace_days = message.grace_days();
  if (message.has_clawback_days()) program->clawback_days = message.clawback_days();
  program->time_zone = message.time_zone();
  program->rate_type = message.rate_type();
  program->lines = ReadFilter(message.lines(), path("lines"), violations);
  program->eligibility = ReadEligibility(message.eligibility(), path("eligibility"), violations);
  if (message.measure() != v1::Program::MEASURE_UNSPECIFIED) {
    program->terms.scale.measure = static_cast<Measure>(message.measure());
  }
  program->terms.floor = ReadAmount(message.has_floor(), message.floor(), path("floor"), violations);
  program->terms.cap = ReadAmount(message.has_cap(), message.cap(), path("cap"), violations);
  program->terms.max_penalty =
      ReadAmount(message.has_max_penalty(), message.max_penalty(), path("max_penalty"), violations);
  ReadGuarantee(message, path("guarantee"), program, violations);
  ReadBudget(message, path("budget"), program, violations);
  ReadClawbackCap(message, path("clawback_cap"), program, violations);
  ReadGrowth(message, path("growth"), program, violations);
  ReadCount(message, path("count"), program, violations);
  ReadMix(message, path("mix"), program, violations);
  ReadFreeGoods(message, path("free_goods"), program, violations);
  ReadComposite(message, path("composite"), program, violations);
  program->rolls_up = message.group() == v1::Program::ROLL_UP;
  program->terms.carry_negative = message.carry_negative();
  if (message.return_policy() == v1::Program::MATCH_LATEST) program->return_policy = ReturnPolicy::kMatchLatest;
  program->terms.margin = ReadMargin(message, path("margin"), violations);
}

v1::Program::Rounding ToProto(Rounding rounding) {
  switch (rounding) {
    case Rounding::kHalfUp:
      return v1::Program::HALF_UP;
    case Rounding::kDown:
      return v1::Program::DOWN;
    default:
      return v1::Program::HALF_EVEN;
  }
}

void ConditionsToProto(const Program& program, v1::Program* message) {
  const Terms& terms = program.terms;
  const auto set = [](const std::optional<Decimal>& value, auto mutable_field) {
    if (value.has_value()) *mutable_field() = wire::ToProto(*value);
  };
  if (program.payout_period.has_value()) {
    message->set_payout_period(static_cast<v1::Program::Period>(program.payout_period->kind()));
  }
  if (!program.fiscal_calendar.empty()) {
    message->set_fiscal_calendar(StrCat("fiscalCalendars/", program.fiscal_calendar));
  }
  message->set_amount_of(static_cast<v1::Program::AmountOf>(program.amount_of));
  if (program.grace_days.has_value()) message->set_grace_days(*program.grace_days);
  if (program.clawback_days.has_value()) message->set_clawback_days(*program.clawback_days);
  message->set_time_zone(program.time_zone);
  message->set_rate_type(program.rate_type);
  if (!program.lines.empty()) *message->mutable_lines() = FilterToProto(program.lines);
  if (program.eligibility != Eligibility()) *message->mutable_eligibility() = EligibilityToProto(program.eligibility);
  message->set_measure(static_cast<v1::Program::Measure>(terms.scale.measure));
  set(terms.floor, [&] { return message->mutable_floor(); });
  set(terms.cap, [&] { return message->mutable_cap(); });
  set(terms.max_penalty, [&] { return message->mutable_max_penalty(); });
  if (program.guarantee.has_value()) {
    v1::Program::Guarantee* guarantee = message->mutable_guarantee();
    *guarantee->mutable_amount() = wire::ToProto(program.guarantee->amount);
    guarantee->set_cumulative(program.guarantee->cumulative);
    guarantee->set_recoupable(program.guarantee->recoupable);
  }
  if (program.budget.has_value()) {
    *message->mutable_budget()->mutable_amount() = wire::ToProto(program.budget->amount);
    message->mutable_budget()->set_policy(static_cast<v1::Program::PeriodBudget::Policy>(program.budget->policy));
  }
  if (const std::optional<ClawbackCap>& cap = program.clawback_cap; cap.has_value()) {
    v1::Program::ClawbackCap* added = message->mutable_clawback_cap();
    set(cap->amount, [&] { return added->mutable_amount(); });
    set(cap->share, [&] { return added->mutable_share(); });
  }
  if (program.growth.has_value()) *message->mutable_growth() = GrowthToProto(*program.growth, terms.growth_pays);
  if (program.count_of.has_value()) {
    message->mutable_count()->set_of(static_cast<v1::Program::Count::Of>(*program.count_of));
  }
  if (program.mix_set.has_value()) {
    *message->mutable_mix()->mutable_set() = FilterToProto(*program.mix_set);
    message->mutable_mix()->set_pays(static_cast<v1::Program::Mix::Pays>(terms.mix_pays));
  }
  if (terms.free_goods.has_value()) *message->mutable_free_goods() = FreeGoodsToProto(*terms.free_goods);
  if (terms.composite.has_value()) *message->mutable_composite() = CompositeToProto(*terms.composite);
  message->set_group(program.rolls_up ? v1::Program::ROLL_UP : v1::Program::EACH);
  message->set_return_policy(static_cast<v1::Program::ReturnPolicy>(program.return_policy));
  message->set_carry_negative(terms.carry_negative);
  if (terms.margin.has_value()) *message->mutable_margin() = MarginToProto(*terms.margin);
}

v1::Program ToProto(const Program& program) {
  v1::Program message;
  message.set_name(program.name());
  message.set_uid(program.uid.ToString());
  message.set_etag(EtagOf(program.version));
  *message.mutable_create_time() = wire::ToProto(program.create_time);
  *message.mutable_update_time() = wire::ToProto(program.update_time);
  message.set_state(static_cast<v1::Program::State>(program.state));
  message.set_display_name(program.display_name);
  message.set_basis(static_cast<v1::Program::Basis>(program.basis));
  message.set_shape(static_cast<v1::Program::Shape>(program.terms.scale.shape));
  message.set_bound(static_cast<v1::Program::Bound>(program.terms.scale.bound));
  for (const Tier& tier : program.terms.scale.tiers) {
    v1::Program::Tier* added = message.add_tiers();
    *added->mutable_from_amount() = wire::ToProto(tier.from);
    if (tier.amount.zero()) {
      *added->mutable_rate() = wire::ToProto(tier.rate);
    } else {
      *added->mutable_amount() = wire::ToProto(tier.amount);
    }
  }
  message.set_period(static_cast<v1::Program::Period>(program.period.kind()));
  if (program.period.is_fiscal() && !program.period.fiscal().empty()) {
    *message.mutable_fiscal_periods_end() = wire::ToProto(program.period.days().end);
  }
  message.set_currency(program.terms.currency);
  message.set_rounding(ToProto(program.terms.rounding));
  *message.mutable_effective_from() = wire::ToProto(program.effective.start);
  if (program.effective.end != OpenEnd()) *message.mutable_effective_to() = wire::ToProto(program.effective.end);
  ConditionsToProto(program, &message);
  for (const TermsRevision& revision : program.revisions) {
    v1::Program::TermsRevision& added = *message.add_terms_revisions();
    *added.mutable_starts_on() = wire::ToProto(revision.starts_on);
    added.set_revision(StrCat(program.name(), "@", revision.version));
  }
  return message;
}

v1::Program ToProto(const Program& program, std::string_view partner) {
  Program shown = program;
  for (std::vector<std::string>* ids : {&shown.eligibility.partners, &shown.eligibility.except_partners}) {
    std::erase_if(*ids, [&](const std::string& id) { return id != partner; });
  }
  if (shown.growth.has_value()) {
    std::erase_if(shown.growth->partners, [&](const GrowthPartner& one) { return one.partner != partner; });
  }
  v1::Program message = ToProto(shown);
  if (message.has_budget()) message.mutable_budget()->clear_amount();
  return message;
}

absl::StatusOr<Program> TermsFromProto(const v1::Program& message, std::string_view field,
                                       const std::optional<FiscalCalendar>& calendar) {
  std::vector<FieldViolation> violations;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations.push_back({StrCat(field, ".", name), std::string(got), std::string(wanted)});
  };
  want(!message.display_name().empty(), "display_name", "nothing", "a name for people");
  want(message.basis() != v1::Program::BASIS_UNSPECIFIED, "basis", "nothing",
       "ORDER, SELL_IN, INVOICED, SELL_THROUGH, PAID or WON_DEAL");
  want(message.shape() != v1::Program::SHAPE_UNSPECIFIED, "shape", "nothing", "MARGINAL or another shape");
  want(message.period() != v1::Program::PERIOD_UNSPECIFIED, "period", "nothing", "MONTH, QUARTER or YEAR");
  const bool fiscal = !message.fiscal_calendar().empty();
  want(fiscal || message.period() != v1::Program::HALF_YEAR, "period", "HALF_YEAR",
       "MONTH, QUARTER or YEAR, or a fiscal_calendar");
  want(fiscal || message.payout_period() != v1::Program::HALF_YEAR, "payout_period", "HALF_YEAR",
       "MONTH or QUARTER, or a fiscal_calendar");
  want(CurrencyExponent(message.currency()).has_value(), "currency", message.currency(), "an ISO 4217 code");
  Program program;
  program.display_name = message.display_name();
  program.basis = static_cast<Basis>(message.basis());
  program.terms.scale.shape = static_cast<Shape>(message.shape());
  program.terms.scale.bound = message.bound() == v1::Program::UPTO ? Bound::kUpto : Bound::kFrom;
  for (int i = 0; i < message.tiers_size(); ++i) {
    const std::string path = StrCat(field, ".tiers[", i, "]");
    const absl::StatusOr<Decimal> from = wire::FromProto(message.tiers(i).from_amount());
    absl::StatusOr<Decimal> rate = Decimal(), amount = Decimal();
    if (message.tiers(i).has_rate()) rate = wire::FromProto(message.tiers(i).rate());
    if (message.tiers(i).has_amount()) amount = wire::FromProto(message.tiers(i).amount());
    if (!from.ok()) Collect(from.status(), path + ".from_amount", &violations);
    if (!rate.ok()) Collect(rate.status(), path + ".rate", &violations);
    if (!amount.ok()) Collect(amount.status(), path + ".amount", &violations);
    if (!message.tiers(i).has_rate() && !message.tiers(i).has_amount()) {
      violations.push_back({path + ".rate", "nothing", "a rate or an amount"});
    }
    program.terms.scale.tiers.push_back(
        {from.value_or(Decimal()), rate.value_or(Decimal()), amount.value_or(Decimal())});
  }
  program.period = static_cast<PeriodKind>(message.period());
  program.terms.currency = message.currency();
  program.terms.rounding = FromProto(message.rounding());
  program.effective.end = OpenEnd();
  const auto read = [&](const google::type::Date& date, std::string_view name, Date* into) {
    const absl::StatusOr<Date> day = wire::FromProto(date);
    if (!day.ok()) return Collect(day.status(), StrCat(field, ".", name), &violations);
    *into = *day;
  };
  read(message.effective_from(), "effective_from", &program.effective.start);
  if (message.has_effective_to()) read(message.effective_to(), "effective_to", &program.effective.end);
  ReadConditions(message, field, &program, &violations);
  if (violations.empty() && fiscal) {
    want(calendar.has_value() && calendar->id == program.fiscal_calendar, "fiscal_calendar", message.fiscal_calendar(),
         "a fiscal calendar that is known");
    if (violations.empty()) violations = UseCalendar(*calendar, field, &program);
  }
  if (violations.empty()) violations = CheckTerms(program, field);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return program;
}

absl::StatusOr<std::string> ProgramIdOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "programs/{program}", field));
  return std::move(ids.front());
}

}  // namespace tributary::incentive
