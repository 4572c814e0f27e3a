#include "incentive-service/programs/margin_proto.h"

namespace tributary::incentive {

std::optional<MarginTerms> ReadMargin(const v1::Program& message, const std::string& path,
                                      std::vector<FieldViolation>* violations) {
  if (!message.has_margin()) return std::nullopt;
  const v1::Program::Margin& margin = message.margin();
  MarginTerms read{.discloses_costs = margin.discloses_costs()};
  if (margin.of() == v1::Program::Margin::OF_UNSPECIFIED) {
    violations->push_back({path + ".of", "nothing", "PARTNER or VENDOR"});
  } else {
    read.of = static_cast<MarginOf>(margin.of());
  }
  if (margin.reaches_by() == v1::Program::Margin::SHARE) read.reaches_by = MarginReach::kShare;
  if (margin.pays() == v1::Program::Margin::NET) read.pays = MarginPays::kNet;
  return read;
}

v1::Program::Margin MarginToProto(const MarginTerms& terms) {
  v1::Program::Margin message;
  message.set_of(static_cast<v1::Program::Margin::Of>(terms.of));
  message.set_reaches_by(static_cast<v1::Program::Margin::Reach>(terms.reaches_by));
  message.set_pays(static_cast<v1::Program::Margin::Pays>(terms.pays));
  message.set_discloses_costs(terms.discloses_costs);
  return message;
}

}  // namespace tributary::incentive
