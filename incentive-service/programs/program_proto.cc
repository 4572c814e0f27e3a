#include "incentive-service/programs/program_proto.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

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

}  // namespace

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
    *added->mutable_rate() = wire::ToProto(tier.rate);
  }
  message.set_period(static_cast<v1::Program::Period>(program.period));
  message.set_currency(program.terms.currency);
  message.set_rounding(ToProto(program.terms.rounding));
  *message.mutable_effective_from() = wire::ToProto(program.effective.start);
  if (program.effective.end != OpenEnd()) *message.mutable_effective_to() = wire::ToProto(program.effective.end);
  return message;
}

absl::StatusOr<Program> TermsFromProto(const v1::Program& message, std::string_view field) {
  std::vector<FieldViolation> violations;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations.push_back({StrCat(field, ".", name), std::string(got), std::string(wanted)});
  };
  want(!message.display_name().empty(), "display_name", "nothing", "a name for people");
  want(message.basis() != v1::Program::BASIS_UNSPECIFIED, "basis", "nothing", "ORDER or SELL_IN");
  want(message.shape() != v1::Program::SHAPE_UNSPECIFIED, "shape", "nothing", "MARGINAL or RETROACTIVE");
  want(message.period() != v1::Program::PERIOD_UNSPECIFIED, "period", "nothing", "QUARTER");
  want(CurrencyExponent(message.currency()).has_value(), "currency", message.currency(), "an ISO 4217 code");
  Program program;
  program.display_name = message.display_name();
  program.basis = static_cast<Basis>(message.basis());
  program.terms.scale.shape = static_cast<Shape>(message.shape());
  program.terms.scale.bound = message.bound() == v1::Program::UPTO ? Bound::kUpto : Bound::kFrom;
  for (int i = 0; i < message.tiers_size(); ++i) {
    const std::string path = StrCat(field, ".tiers[", i, "]");
    const absl::StatusOr<Decimal> from = wire::FromProto(message.tiers(i).from_amount());
    const absl::StatusOr<Decimal> rate = wire::FromProto(message.tiers(i).rate());
    if (!from.ok()) Collect(from.status(), path + ".from_amount", &violations);
    if (!rate.ok()) Collect(rate.status(), path + ".rate", &violations);
    program.terms.scale.tiers.push_back({from.value_or(Decimal()), rate.value_or(Decimal())});
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
  if (violations.empty()) violations = CheckTerms(program, field);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return program;
}

absl::StatusOr<std::string> ProgramIdOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "programs/{program}", field));
  return std::move(ids.front());
}

}  // namespace tributary::incentive
