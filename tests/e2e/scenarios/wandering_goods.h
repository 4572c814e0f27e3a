#pragma once

// Scenario 4: the facts of a June in which units of lot L9 went from acme (CN-51) to cogs (CN-44), and what is asked of
// them. Years are those of the scenario less two, so that its periods have ended.

#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/scenarios/scenario_world.h"

namespace tributary::testing {

class WanderingGoods : public ScenarioTest {
 protected:
  WanderingGoods(std::string_view scenario, int acts_between_kills) : ScenarioTest(scenario, acts_between_kills) {}
  // Three partners with a territory each, which may upload files, and two products.
  void SetUp() override;

  // Facts. A shipment's units cost 1,000 each.
  Fact Ship(const std::string& partner, const std::string& document, const std::string& date,
            const std::string& product, int units, const json& more = json::object());
  Fact Sell(const std::string& partner, const std::string& document, int units, const std::string& region);
  // A file of acme's sales, rows of date and units of the lot; or of a partner's stock after closing.
  Fact UploadSales(const std::string& from, const std::string& to, int revision, const std::vector<std::string>& rows);
  Fact UploadStock(const std::string& partner, const std::string& date, int units);
  // A unit of the lot was seen in CN-44.
  Fact Scan(std::string_view id, const std::string& serial);
  // All facts of June but what cogs has at its end and the third unit that is seen.
  Facts June();

  // Reconciles the three for June.
  void Reconcile();
  // The balance of the lot over June, as it is now.
  json Balance() const;
  // "UNKNOWN", or "acme>cogs 35 to 40, odds 7, 1 more; " for every flow.
  std::string Flows() const;
  // "acme 40, bolt 10, cogs -45, " and what is unmatched.
  std::string Gaps() const;
  // The cases of diversion that acme is a party of.
  std::vector<json> Cases() const;
  // From the first fact to the one case, whose name this sets.
  void FindTheCase();
  // Its parties see it, and it is decided as CONFIRMED.
  void Confirm();

  // What the case comes to: acme pays 2,800 back, cogs 450, and acme is warned.
  json Measures() const;
  // Applies it as a channel manager; the remedy's name.
  std::string ApplyRemedy(const json& measures);
  // "RUNNING: APPLIED ORDERED WAITING".
  std::string StatesOf(const std::string& remedy) const;
  // The adjustments of the partner that the remedy asked for, with those that take them back.
  std::vector<json> PostingsOf(const std::string& partner, const std::string& remedy) const;
  // Waits for the one adjustment of the partner that the remedy has asked for, and approves it as somebody else.
  void ApprovePosting(const std::string& partner, const std::string& remedy);

  // The word that the partner was made with: "acme".
  std::string WordOf(const std::string& partner) const;

  std::string acme_, bolt_, cogs_;  // A1, A2 and B of the scenario: names of partners
  std::string lamp_, cart_;         // names of products: the one that wanders, and another
  std::string case_;                // its name, once it is found
};

}  // namespace tributary::testing
