#pragma once

// The route advisor: which type of channel suits a product and its market. A weighted sum of whole numbers, exactly
// additive; what is not known widens the interval, and the low end decides.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "partner-service/channels/channel.h"

namespace tributary::partner {

struct RouteFactor {
  std::string_view name;
  int weight = 0;
  std::optional<int> value;  // 0 to 10
};
// Product complexity, customization, market concentration, own resources, strategic control: each speaks for selling
// directly the more of it there is.
using RouteFactors = std::array<RouteFactor, 5>;
inline constexpr std::array<int, 5> kRouteWeights = {25, 20, 20, 20, 15};

struct RouteTerm {
  std::string_view factor;
  int weight = 0;
  std::optional<int> value;
  int low = 0;  // weight x fit; 0 where the value is missing
  int high = 0;
};

struct RouteScore {
  ChannelType type = ChannelType::kHybrid;
  int low = 0;
  int high = 0;
  std::vector<RouteTerm> terms;
};

struct RouteAdvice {
  std::optional<ChannelType> recommended;  // nullopt where nothing with a weight is known
  bool certain = false;                    // whatever the missing values are
  std::vector<RouteScore> scores;          // best first
};

// How well a factor of this value (0 to 10) fits a type: from 0 to 10.
int FitOf(ChannelType type, int value);

// INVALID_FIELD: the weights do not sum to 100.
absl::StatusOr<RouteAdvice> AdviseRoute(const RouteFactors& factors);

}  // namespace tributary::partner
