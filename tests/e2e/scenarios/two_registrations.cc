#include "tests/e2e/scenarios/two_registrations.h"

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

// The last Wednesday that is at least a week ago.
Date LastContestBegan() {
  Date day = UtcToday(absl::Now()).AddDays(-7);
  while ((day.days() + 4) % 7 != 3) day = day.AddDays(-1);  // 1970-01-01 was a Thursday
  return day;
}

Date DateAt(const json& answer, const char* field) {
  const json& date = answer.at(field);
  return *Date::FromYmd(date.value("year", 0), date.value("month", 0), date.value("day", 0));
}

json ListAt(const json& answer, const char* field) {
  return answer.is_object() && answer.contains(field) ? answer[field] : json::array();
}

}  // namespace

TwoRegistrations::TwoRegistrations(std::string_view scenario, int acts_between_kills)
    : ScenarioTest(scenario, acts_between_kills), start_(LastContestBegan()) {}

void TwoRegistrations::SetUp() {
  p1_ = NewPartner("p1");
  p2_ = NewPartner("p2");
  for (const std::string& partner : {p1_, p2_}) {
    json grant = json::object();
    grant["regions"] = json::array({"regions/cn-50", "regions/cn-51", "regions/cn-53"});
    grant["exclusivity"] = "NON_EXCLUSIVE";
    grant["effectiveFrom"] = On("2024-01-01");
    admin_.Do(StrCat("/v1/", partner, "/territoryGrants?territoryGrantId=home"), grant);
  }
  CatchUp();
}

Date TwoRegistrations::Day(std::string_view month_and_day) const {
  const Date day = *Date::Parse(StrCat("2026-", month_and_day));
  return start_.AddDays(day.days() - Date::Parse("2026-07-01")->days());
}

GatewayUser TwoRegistrations::Staff(const std::string& role, const std::string& subject) const {
  const absl::Time before = absl::UnixEpoch() + absl::Hours(24) * (start_.days() - 1);
  return {suite_, suite_.Token(role, "", subject, absl::Hours(24 * 60), before)};
}

GatewayUser TwoRegistrations::UserOf(const std::string& partner) const {
  const absl::Time before = absl::UnixEpoch() + absl::Hours(24) * (start_.days() - 1);
  const std::string id = partner.substr(partner.find('/') + 1);
  return {suite_, suite_.Token("PARTNER_USER", id, StrCat("clerk-of-", id), absl::Hours(24 * 60), before)};
}

std::string TwoRegistrations::Line(std::string_view word) const { return StrCat("productLines/", Id(word)); }

json TwoRegistrations::First(const std::string& customer) const {
  json deal = json::object();
  deal["customerName"] = customer;
  deal["productLines"] = json::array({Line("pl-a"), Line("pl-b")});
  deal["regions"] = json::array({"regions/cn-50", "regions/cn-51"});
  deal["route"] = "RESELL";
  deal["effectiveFrom"] = OnDay("07-08");
  deal["effectiveTo"] = OnDay("10-06");
  deal["value"] = Yuan(7654321);
  return deal;
}

json TwoRegistrations::Second(const std::string& customer) const {
  json deal = json::object();
  deal["customerName"] = customer;
  deal["productLines"] = json::array({Line("pl-b"), Line("pl-c")});
  deal["regions"] = json::array({"regions/cn-50", "regions/cn-53"});
  deal["route"] = "RESELL";
  deal["effectiveFrom"] = OnDay("08-01");
  deal["effectiveTo"] = OnDay("10-30");
  deal["value"] = Yuan(100000);
  return deal;
}

std::string TwoRegistrations::Draft(const std::string& partner, std::string_view id, const json& deal) {
  return TextAt(Do(UserOf(partner), StrCat("/v1/", partner, "/deals?dealId=", id), deal), "/name");
}

json TwoRegistrations::Register(const std::string& partner, std::string_view id, const json& deal) {
  return Do(UserOf(partner), StrCat("/v1/", Draft(partner, id, deal), ":submit"));
}

std::multiset<std::string> TwoRegistrations::CellsOf(const json& boxes) {
  std::multiset<std::string> cells;
  for (const json& box : boxes) {
    const int to = DateAt(box, "effectiveTo").days();
    for (const json& line : ListAt(box, "productLines")) {
      for (const json& region : ListAt(box, "regions")) {
        for (const json& route : ListAt(box, "routes")) {
          for (int day = DateAt(box, "effectiveFrom").days(); day < to; ++day) {
            cells.insert(StrCat(line.dump(), region.dump(), route.dump(), day));
          }
        }
      }
    }
  }
  return cells;
}

std::string TwoRegistrations::SharesOf(const json& deal) {
  return StrCat(CellsOf(ListAt(deal, "grantedBoxes")).size(), " + ", CellsOf(ListAt(deal, "waitlistedBoxes")).size());
}

std::string TwoRegistrations::CellsOfAll(const std::vector<json>& deals) {
  std::multiset<std::string> cells;
  for (const json& deal : deals) {
    for (const char* boxes : {"grantedBoxes", "waitlistedBoxes"}) cells.merge(CellsOf(ListAt(deal, boxes)));
  }
  const size_t distinct = std::set<std::string>(cells.begin(), cells.end()).size();
  return distinct == cells.size() ? StrCat(distinct)
                                  : StrCat(cells.size(), ", ", cells.size() - distinct, " of them twice");
}

}  // namespace tributary::testing
