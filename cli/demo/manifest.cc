#include "cli/demo/manifest.h"

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "yaml-cpp/yaml.h"

namespace tributary::cli {
namespace {

absl::StatusOr<Manifest> Parse(const YAML::Node& root, const std::string& dataset) {
  Manifest manifest;
  manifest.dataset = dataset;
  for (const auto& name : root["reference_imports"]) manifest.reference_imports.push_back(name.as<std::string>());
  for (const auto& name : root["fact_imports"]) manifest.fact_imports.push_back(name.as<std::string>());
  ASSIGN_OR_RETURN(manifest.effective_from, Date::Parse(root["effective_from"].as<std::string>()));
  manifest.agreement_title = root["agreement"]["title"].as<std::string>();
  manifest.agreement_text = root["agreement"]["text"].as<std::string>();
  const YAML::Node deal = root["duplicate_deal"];
  manifest.deal_customer = deal["customer"].as<std::string>();
  manifest.deal_customer_again = deal["customer_again"].as<std::string>();
  const YAML::Node node = root["program"];
  incentive::v1::Program& program = manifest.program;
  manifest.program_id = node["id"].as<std::string>();
  program.set_display_name(node["display_name"].as<std::string>());
  program.set_basis(incentive::v1::Program::ORDER);
  program.set_shape(incentive::v1::Program::MARGINAL);
  program.set_bound(incentive::v1::Program::FROM);
  program.set_period(incentive::v1::Program::QUARTER);
  program.set_rounding(incentive::v1::Program::HALF_EVEN);
  program.set_currency(node["currency"].as<std::string>());
  *program.mutable_effective_from() = wire::ToProto(manifest.effective_from);
  for (const auto& tier : node["tiers"]) {
    auto* out = program.add_tiers();
    ASSIGN_OR_RETURN(Decimal from, Decimal::Parse(tier["from"].as<std::string>()));
    ASSIGN_OR_RETURN(Decimal rate, Decimal::Parse(tier["rate"].as<std::string>()));
    *out->mutable_from_amount() = wire::ToProto(from);
    *out->mutable_rate() = wire::ToProto(rate);
  }
  return manifest;
}

}  // namespace

absl::StatusOr<Manifest> ReadManifest(const std::string& mappings, const std::string& dataset) {
  const std::string path = StrCat(mappings, "/", dataset, "/demo.yaml");
  try {
    absl::StatusOr<Manifest> manifest = Parse(YAML::LoadFile(path), dataset);
    return manifest.ok() ? std::move(manifest) : absl::StatusOr<Manifest>(Annotate(manifest.status(), path));
  } catch (const YAML::BadFile&) {
    return absl::NotFoundError(StrCat("there are no mappings for the data set ", dataset, ": ", path, " is not there"));
  } catch (const YAML::Exception& e) {
    return absl::InvalidArgumentError(StrCat(path, ":", e.mark.line + 1, ": ", e.msg));
  }
}

}  // namespace tributary::cli
