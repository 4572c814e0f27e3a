// Which of many territory grants (--grants) overlap: share a region, a product line and a day, and are of two partners.
// Regions are countries, provinces and cities; each grant names one of them, one product line and some months of ten
// years. The peer is DuckDB with the same grants in tables in memory, on as many threads, asked in SQL; both find the
// same pairs.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "conflict-service/scopes/territories.h"
#include "nlohmann/json.hpp"
#include "tests/bench/bench.h"
#include "tests/bench/duck_db.h"
#include "tests/support/command.h"

namespace tributary::bench {
namespace {

using conflict::Territories;

constexpr int kThreads = 2;
constexpr int kCountries = 20, kProvinces = 20, kCities = 25;  // of one country, of one province
constexpr int kLines = 20;
constexpr int kPartners = 5000;

// Regions by number: the countries, then all provinces, then all cities.
constexpr int kFirstProvince = kCountries, kFirstCity = kFirstProvince + kCountries * kProvinces;
int Parent(int region) {
  if (region < kFirstProvince) return -1;
  return region < kFirstCity ? (region - kFirstProvince) / kProvinces
                             : kFirstProvince + (region - kFirstCity) / kCities;
}
std::string RegionName(int region) { return StrCat("regions/r-", region); }

struct TestGrant {
  int partner, region, line, start, end;
};

std::vector<TestGrant> Grants(int count) {
  std::mt19937 random(20260801);
  const auto pick = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  std::vector<TestGrant> grants;
  grants.reserve(static_cast<size_t>(count));
  for (int n = 0; n < count; ++n) {
    // Of a hundred one is of a country and nine are of provinces.
    const int level = pick(100);
    const int region = level < 1    ? pick(kCountries)
                       : level < 10 ? kFirstProvince + pick(kCountries * kProvinces)
                                    : kFirstCity + pick(kCountries * kProvinces * kCities);
    const int partner = pick(kPartners), line = pick(kLines), start = 18'000 + pick(3650);
    grants.push_back({partner, region, line, start, start + 30 + pick(336)});
  }
  return grants;
}

// What was found, so that it tells any other set of pairs: in each sum a pair counts.
struct Found {
  int64_t pairs = 0, ids = 0, mixed = 0, days = 0;
  void Add(const Found& other) {
    pairs += other.pairs;
    ids += other.ids;
    mixed += other.mixed;
    days += other.days;
  }
  friend bool operator==(const Found&, const Found&) = default;
};
std::string ToString(const Found& found) {
  return StrCat(found.pairs, " pairs, sums ", found.ids, ", ", found.mixed, ", ", found.days);
}

Found Pair(const Territories& territories) {
  struct alignas(64) OfThread {
    Found found;
  };
  std::array<OfThread, kThreads> found;
  territories.Pairs(kThreads, [&](int thread, std::span<const Territories::Overlap> pairs) {
    Found these;
    for (const Territories::Overlap& pair : pairs) {
      these.Add({1, int64_t{pair.a} + pair.b, pair.a ^ pair.b, pair.end - pair.start});
    }
    found[static_cast<size_t>(thread)].found.Add(these);
  });
  Found all;
  for (const OfThread& of_thread : found) all.Add(of_thread.found);
  return all;
}

// The same grants at DuckDB (tests/bench/duckdb/overlap.mjs).
class PeerGrants {
 public:
  explicit PeerGrants(const std::vector<TestGrant>& grants)
      : duckdb_("overlap.mjs", {WriteGrants(grants, folder_.path() + "/grants.csv"),
                                WriteParents(folder_.path() + "/parents.csv"), StrCat(kThreads)}) {
    if (duckdb_.ready().at("grants") != grants.size()) Must(absl::DataLossError(duckdb_.ready().dump()), "DuckDB");
  }

  std::string Name() const {
    return StrCat("DuckDB ", duckdb_.version(), " by ", duckdb_.ready().at("join").get<std::string>());
  }
  Found Pair() {
    const nlohmann::json answer = duckdb_.Ask("pairs");
    const auto number = [&answer](const char* field) { return std::stoll(answer.at(field).get<std::string>()); };
    return {number("pairs"), number("ids"), number("mixed"), number("days")};
  }

 private:
  static std::string WriteGrants(const std::vector<TestGrant>& grants, std::string file) {
    std::ofstream csv(file);
    csv << "id,partner,region,line,begins,ends\n";
    for (size_t id = 0; id < grants.size(); ++id) {
      const TestGrant& grant = grants[id];
      csv << id << ',' << grant.partner << ',' << grant.region << ',' << grant.line << ',' << grant.start << ','
          << grant.end << '\n';
    }
    return file;
  }
  static std::string WriteParents(std::string file) {
    std::ofstream csv(file);
    csv << "region,parent\n";
    const int regions = kFirstCity + kCountries * kProvinces * kCities;
    for (int region = kFirstProvince; region < regions; ++region) csv << region << ',' << Parent(region) << '\n';
    return file;
  }

  testing::TestFolder folder_;
  DuckDb duckdb_;
};

}  // namespace

void TerritoryOverlap(const Settings& settings) {
  const std::vector<TestGrant> grants = Grants(settings.grants);
  std::vector<ScopeBox> scopes;
  scopes.reserve(grants.size());
  std::map<std::string, std::string> parents;
  for (int region = kFirstProvince; region < kFirstCity + kCountries * kProvinces * kCities; ++region) {
    parents[RegionName(region)] = RegionName(Parent(region));
  }
  const RegionTree tree = RegionTree::FromParents(parents);
  std::vector<const ScopeBox*> given;
  std::vector<uint32_t> owners;
  for (const TestGrant& grant : grants) {
    ScopeBox& scope = scopes.emplace_back();
    scope.regions = {RegionName(grant.region)};
    scope.product_lines = {StrCat("productLines/l-", grant.line)};
    scope.time = {Date::FromDays(grant.start), Date::FromDays(grant.end)};
    given.push_back(&scope);
    owners.push_back(static_cast<uint32_t>(grant.partner));
  }
  const absl::Time start = absl::Now();
  const Territories territories(given, tree, owners);
  std::fprintf(stderr, "territory_overlap: %zu grants loaded in %.1f s, %.0f bytes a grant\n", grants.size(),
               absl::ToDoubleSeconds(absl::Now() - start),
               static_cast<double>(territories.bytes()) / static_cast<double>(grants.size()));
  const Found wanted = Pair(territories);
  std::fprintf(stderr, "territory_overlap: %s\n", ToString(wanted).c_str());
  if (!DuckDb::Installed("territory_overlap")) return;
  PeerGrants duckdb(grants);
  const Found theirs = duckdb.Pair();
  if (theirs != wanted) Must(absl::DataLossError(ToString(theirs)), "territory_overlap: pairs differ");
  std::fprintf(stderr, "territory_overlap: the peer finds the same\n");

  const auto check = [&](const Found& found, const char* who) {
    if (found != wanted) Must(absl::DataLossError(ToString(found)), who);
  };
  const auto peer = [&] {
    return settings.grants * MedianRate(settings.round, [&] { check(duckdb.Pair(), "DuckDB"); });
  };
  Line line{"territory_overlap"};
  line.unit = "grants/s";
  line.peer = StrCat(duckdb.Name(), ", the same grants in memory, sorted, with the regions that they lie in, ",
                     kThreads, " threads");
  line.goal = 5;
  Compare(
      line, settings,
      [&] {
        return settings.grants * MedianRate(settings.round, [&] { check(Pair(territories), "territory_overlap"); });
      },
      peer);
  // With the loading, from names, on our side alone.
  line.name = "territory_overlap_loaded";
  line.goal = 1;
  Compare(
      line, settings,
      [&] {
        return settings.grants *
               MedianRate(settings.round, [&] { check(Pair(Territories(given, tree, owners)), "loaded"); });
      },
      peer);
}

}  // namespace tributary::bench
