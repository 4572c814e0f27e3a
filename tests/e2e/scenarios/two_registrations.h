#pragma once

// Scenario 5: two partners that register one customer, and what they may say of it. Its days are put so that the
// Wednesday on which the first one registers, 07-01 of the scenario, is the last one by which the contest has ended by
// now: real processes then see its deals run.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/date.h"
#include "tests/e2e/scenarios/scenario_world.h"

namespace tributary::testing {

inline constexpr char kWholeName[] = "臺灣水泥股份有限公司";
inline constexpr char kBriefName[] = "台泥";

class TwoRegistrations : public ScenarioTest {
 protected:
  TwoRegistrations(std::string_view scenario, int acts_between_kills);
  // Two partners who may sell in all regions, none of them alone.
  void SetUp() override;

  // A day of the scenario: "07-01".
  Date Day(std::string_view month_and_day) const;
  json OnDay(std::string_view month_and_day) const { return On(Day(month_and_day).ToString()); }

  // Users whose tokens are good on all days of the contest, and now.
  GatewayUser Staff(const std::string& role, const std::string& subject) const;
  GatewayUser UserOf(const std::string& partner) const;

  // "productLines/{the run's pl-a}".
  std::string Line(std::string_view word) const;
  // {PL-A, PL-B} x {CN-50, CN-51}, and {PL-B, PL-C} x {CN-50, CN-53}: 360 cells each, of which they share 66.
  json First(const std::string& customer = kWholeName) const;
  json Second(const std::string& customer = kBriefName) const;
  // Makes a draft; its name.
  std::string Draft(const std::string& partner, std::string_view id, const json& deal);
  // Makes a draft and hands it in.
  json Register(const std::string& partner, std::string_view id, const json& deal);

  // The days of every product line, region and route of the boxes.
  static std::multiset<std::string> CellsOf(const json& boxes);
  // "270 + 24": what is granted and what is waitlisted.
  static std::string SharesOf(const json& deal);
  // All that is granted or waitlisted to the deals: "654", or "720, 66 of them twice".
  static std::string CellsOfAll(const std::vector<json>& deals);

  const Date start_;     // 07-01
  std::string p1_, p2_;  // names of partners
};

}  // namespace tributary::testing
