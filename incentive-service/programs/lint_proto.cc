#include "incentive-service/programs/lint_proto.h"

#include <optional>

#include "common/status/status.h"
#include "common/wire/wire.h"

namespace tributary::incentive {
namespace {

absl::StatusOr<std::optional<Decimal>> Read(bool given, const google::type::Decimal& value, std::string_view field) {
  if (!given) return std::nullopt;
  const absl::StatusOr<Decimal> read = wire::FromProto(value);
  if (!read.ok()) return AtField(read.status(), field);
  return *read;
}

}  // namespace

absl::StatusOr<LintSettings> LintSettingsFromProto(const v1::LintProgramRequest& request) {
  LintSettings settings;
  ASSIGN_OR_RETURN(settings.reachable.most, Read(request.has_most(), request.most(), "most"));
  ASSIGN_OR_RETURN(settings.reachable.budget, Read(request.has_budget(), request.budget(), "budget"));
  ASSIGN_OR_RETURN(settings.reachable.unit_price, Read(request.has_unit_price(), request.unit_price(), "unit_price"));
  ASSIGN_OR_RETURN(const std::optional<Decimal> percent,
                   Read(request.has_cliff_percent(), request.cliff_percent(), "cliff_percent"));
  settings.cliff_percent = percent.value_or(settings.cliff_percent);
  settings.per_order = request.per_order();
  return settings;
}

v1::LintFinding ToProto(const Finding& finding) {
  v1::LintFinding message;
  message.set_rule(finding.rule);
  message.set_severity(static_cast<v1::LintFinding::Severity>(finding.severity));
  message.set_message(finding.message);
  for (const auto& [name, value] : finding.counter_example) {
    v1::LintFinding::Example* example = message.add_counter_example();
    example->set_name(name);
    example->set_value(value);
  }
  return message;
}

}  // namespace tributary::incentive
