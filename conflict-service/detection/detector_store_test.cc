// The detector on a real database: the open findings are a function of the facts, in whatever order, grouping and
// company they come.

#include <algorithm>
#include <barrier>
#include <functional>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict-service/rules/rules.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RegionFact Region(const std::string& id, const std::string& parent = "") {
  return {"regions/" + id, parent.empty() ? "" : "regions/" + parent};
}

Grant GrantOf(const std::string& partner, const std::string& id, std::vector<std::string> regions,
              Grant::Exclusivity exclusivity = Grant::Exclusivity::kExclusive) {
  for (std::string& region : regions) region.insert(0, "regions/");
  return {.name = "partners/" + partner + "/territoryGrants/" + id,
          .partner = "partners/" + partner,
          .exclusivity = exclusivity,
          .scope = {.regions = regions, .time = {Day("2026-01-01"), OpenEnd()}}};
}

Grant Revoked(Grant grant) {
  grant.active = false;
  return grant;
}

Sale SaleOf(const std::string& partner, const std::string& id, const std::string& region) {
  return {.name = "partners/" + partner + "/sales/" + id,
          .partner = "partners/" + partner,
          .date = Day("2026-03-01"),
          .region = "regions/" + region};
}

Sale ReversalOf(Sale sale) {
  sale.reverses = sale.name;
  sale.name += ".r1";
  sale.is_return = true;
  return sale;
}

Deal DealOf(const std::string& partner, const std::string& customer, const std::string& region) {
  Deal deal;
  deal.partner = "partners/" + partner;
  deal.name = deal.partner + "/deals/d-" + region;
  deal.uid = Uuid::New(kNow);
  deal.create_time = deal.update_time = kNow;
  deal.state = Deal::State::kSubmitted;
  deal.customer_name = customer;
  deal.scope = {.regions = {"regions/" + region}, .time = {Day("2026-01-01"), Day("2027-01-01")}};
  return deal;
}

// Something that becomes known: a fact of a feed, or a deal that is handed in or taken back.
struct Telling {
  FactBatch facts;
  std::optional<Deal> deal;
};
Telling Of(RegionFact region) { return {{.regions = {std::move(region)}}, {}}; }
Telling Of(Grant grant) { return {{.grants = {std::move(grant)}}, {}}; }
Telling Of(Sale sale) { return {{.sales = {std::move(sale)}}, {}}; }
Telling Of(Deal deal) { return {{}, std::move(deal)}; }

void Add(const FactBatch& facts, FactBatch* to) {
  to->regions.insert(to->regions.end(), facts.regions.begin(), facts.regions.end());
  to->grants.insert(to->grants.end(), facts.grants.begin(), facts.grants.end());
  to->sales.insert(to->sales.end(), facts.sales.begin(), facts.sales.end());
}

// What must be open, from all facts at once and every pair of them.
std::vector<std::string> Oracle(const std::vector<Telling>& steps) {
  std::map<std::string, std::string> parents;
  std::map<std::string, Grant> grants;
  std::map<std::string, Sale> sales;
  std::map<std::string, Deal> deals;
  for (const Telling& step : steps) {
    for (const RegionFact& region : step.facts.regions) parents[region.name] = region.active ? region.parent : "";
    for (const Grant& grant : step.facts.grants) grants[grant.name] = grant;
    for (const Sale& sale : step.facts.sales) sales[sale.name] = sale;
    if (step.deal) deals[step.deal->name] = *step.deal;
  }
  for (const auto& [name, sale] : sales) {
    if (sales.contains(sale.reverses)) sales[sale.reverses].reversed = true;
  }
  const RegionTree tree = RegionTree::FromParents(parents);
  std::vector<std::string> open;
  const auto add = [&open](const std::optional<Conclusion>& conclusion) {
    if (conclusion)
      open.push_back(StrCat(FindingId(conclusion->kind, conclusion->subjects), " ", conclusion->explanation));
  };
  std::vector<Grant> all;
  for (const auto& [name, grant] : grants) all.push_back(grant);
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = i + 1; j < all.size(); ++j) add(ExclusiveOverlap(all[i], all[j], tree));
  }
  for (auto a = deals.begin(); a != deals.end(); ++a) {
    for (auto b = std::next(a); b != deals.end(); ++b) add(DuplicateDeal(a->second, b->second, tree));
  }
  for (const auto& [name, sale] : sales) add(OutOfTerritory(sale, all, tree));
  std::sort(open.begin(), open.end());
  return open;
}

class DetectorTest : public ::testing::Test {
 protected:
  void Apply(const FactBatch& facts) {
    ASSERT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      events::Outbox outbox;
                                      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
                                      return outbox.Write(sql);
                                    }),
                IsOk());
  }

  void Move(const Deal& deal) {
    ASSERT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      events::Outbox outbox;
                                      RETURN_IF_ERROR(detector_.LockDeals(sql));
                                      RETURN_IF_ERROR(deals_.Update(sql, deal));
                                      RETURN_IF_ERROR(detector_.DealChanged(sql, deal, kNow, outbox));
                                      return outbox.Write(sql);
                                    }),
                IsOk());
  }

  void Draft(const Deal& deal) {
    Deal draft = deal;
    draft.state = Deal::State::kDraft;
    ASSERT_THAT(database_->Transact({}, [&](mysql::Transaction& sql) { return deals_.Create(sql, draft); }), IsOk());
  }

  std::vector<Finding> Findings(bool withdrawn_too = false) {
    std::vector<Finding> findings;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      ASSIGN_OR_RETURN(findings,
                                                       findings_.List(sql, SqlPredicate(), withdrawn_too, "", 100000));
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return findings;
  }

  std::vector<std::string> Open() {
    std::vector<std::string> open;
    for (const Finding& finding : Findings()) open.push_back(StrCat(finding.id, " ", finding.conclusion.explanation));
    return open;  // by id already
  }

  std::vector<std::vector<std::string>> OpenSubjects() {
    std::vector<std::vector<std::string>> subjects;
    for (const Finding& finding : Findings()) subjects.push_back(finding.conclusion.subjects);
    return subjects;
  }

  // The verbs of all events of findings so far, in the order of shards.
  std::vector<std::string> Verbs() {
    std::vector<std::string> verbs;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      ASSIGN_OR_RETURN(const mysql::Rows rows,
                                                       sql.Query("SELECT verb FROM event WHERE name LIKE 'findings/%' "
                                                                 "ORDER BY shard, seq"));
                                      for (const mysql::Row& row : rows) verbs.push_back(row.Text(0));
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return verbs;
  }

  // Lets all this become known: each world in its order, all of them side by side, what they tell at one step as one
  // batch. With a generator, facts of a world that follow each other come in groups of its choosing.
  void Tell(const std::vector<std::vector<Telling>>& worlds, std::mt19937* grouping = nullptr) {
    std::set<std::string> drafted;
    std::vector<FactBatch> waiting(worlds.size());
    size_t steps = 0;
    for (const std::vector<Telling>& world : worlds) steps = std::max(steps, world.size());
    for (size_t step = 0; step <= steps; ++step) {
      FactBatch batch;
      std::vector<Deal> deals;
      for (size_t i = 0; i < worlds.size(); ++i) {
        bool waits = false;
        if (step < worlds[i].size()) {
          const Telling& next = worlds[i][step];
          Add(next.facts, &waiting[i]);
          if (next.deal.has_value()) {
            deals.push_back(*next.deal);
          } else {
            waits = grouping != nullptr && (*grouping)() % 2 != 0;
          }
        }
        if (!waits) Add(std::exchange(waiting[i], FactBatch()), &batch);
      }
      Apply(batch);
      for (const Deal& deal : deals) {
        if (drafted.insert(deal.name).second) Draft(deal);
        Move(deal);
      }
    }
  }

  void Forget() {
    ASSERT_THAT(
        database_->Transact({},
                            [&](mysql::Transaction& sql) -> absl::Status {
                              for (const char* table :
                                   {"region", "region_ancestor", "territory_grant", "grant_region", "sale", "deal",
                                    "deal_progress", "deal_region", "finding", "finding_subject", "conflict_case"}) {
                                RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
                              }
                              return absl::OkStatus();
                            }),
        IsOk());
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
};

TEST_F(DetectorTest, AFindingLivesAsLongAsTheFactsShowIt) {
  const Grant wide = GrantOf("p-1", "g", {"cn"});
  const Grant narrow = GrantOf("p-2", "g", {"cn-50"});
  Apply({.grants = {wide, narrow}});
  EXPECT_THAT(OpenSubjects(), IsEmpty());  // nobody has said yet where cn-50 lies
  Apply({.regions = {Region("cn-50", "cn")}});
  EXPECT_THAT(OpenSubjects(), ElementsAre(ElementsAre(wide.name, narrow.name)));
  const Finding opened = Findings()[0];
  EXPECT_EQ(opened.conclusion.intersection->regions, std::vector<std::string>{"regions/cn-50"});
  Apply({.grants = {Revoked(narrow)}});
  EXPECT_THAT(OpenSubjects(), IsEmpty());
  EXPECT_THAT(Findings(true), SizeIs(1));
  Apply({.grants = {narrow}});
  ASSERT_THAT(OpenSubjects(), SizeIs(1));
  EXPECT_EQ(Findings()[0].uid, opened.uid);
  EXPECT_EQ(Findings()[0].version, 3);
  RegionFact gone = Region("cn-50", "cn");
  gone.active = false;
  Apply({.regions = {gone}});
  EXPECT_THAT(OpenSubjects(), IsEmpty());
  EXPECT_THAT(Verbs(), ElementsAre("opened", "withdrawn", "reopened", "withdrawn"));
}

TEST_F(DetectorTest, OnlyExclusiveGrantsArePairedAndEveryPairOnce) {
  FactBatch batch{.regions = {Region("cn"), Region("cn-50", "cn")}};
  for (int i = 0; i < 300; ++i) {
    batch.grants.push_back(GrantOf(StrCat("n-", i), "g", {"cn"}, Grant::Exclusivity::kNonExclusive));
  }
  for (int i = 0; i < 4; ++i) batch.grants.push_back(GrantOf(StrCat("x-", i), "g", {i % 2 == 0 ? "cn" : "cn-50"}));
  Apply(batch);
  EXPECT_THAT(OpenSubjects(), SizeIs(6));
  Apply({.grants = {batch.grants.back()}});
  EXPECT_THAT(OpenSubjects(), SizeIs(6));
  EXPECT_THAT(Verbs(), SizeIs(6));
}

TEST_F(DetectorTest, SalesAreSeenAgainWhenTheirSellersGrantsChange) {
  const Sale sale = SaleOf("p-1", "S.1", "us");
  Apply({.sales = {sale, SaleOf("p-1", "S.2", "cn")}});
  EXPECT_THAT(OpenSubjects(), SizeIs(2));
  const Grant grant = GrantOf("p-1", "g", {"cn"}, Grant::Exclusivity::kNonExclusive);
  Apply({.grants = {grant}});
  EXPECT_THAT(OpenSubjects(), ElementsAre(ElementsAre(sale.name)));
  EXPECT_THAT(Findings()[0].conclusion.explanation, ::testing::HasSubstr("g covers regions/cn"));
  EXPECT_EQ(Findings()[0].version, 2);  // the reason changed
  Apply({.sales = {ReversalOf(sale)}});
  EXPECT_THAT(OpenSubjects(), IsEmpty());
  Apply({.grants = {Revoked(grant)}});
  EXPECT_THAT(OpenSubjects(), ElementsAre(ElementsAre("partners/p-1/sales/S.2")));
}

TEST_F(DetectorTest, AReversalBeforeItsSale) {
  const Sale sale = SaleOf("p-1", "S.1", "us");
  Apply({.sales = {ReversalOf(sale)}});
  Apply({.sales = {sale}});
  EXPECT_THAT(Findings(true), IsEmpty());
}

TEST_F(DetectorTest, ManySalesOfOneSeller) {
  FactBatch batch;
  for (int i = 0; i < 4500; ++i) batch.sales.push_back(SaleOf("p-1", StrCat("S", i, ".1"), i % 3 == 0 ? "us" : "cn"));
  Apply(batch);
  EXPECT_THAT(Findings(), SizeIs(4500));
  Apply({.grants = {GrantOf("p-1", "g", {"cn"})}});
  EXPECT_THAT(Findings(), SizeIs(1500));
}

// Each order in a world of its own, whose names tell it. Told side by side are those that bring facts of the same kinds
// at each step, so that no fact has another kind for company.
TEST_F(DetectorTest, EveryOrderOfAFewFacts) {
  struct Company {
    std::vector<std::vector<Telling>> worlds;
    std::vector<std::string> expected;
  };
  std::map<std::string, Company> by_kinds;
  std::vector<int> order = {0, 1, 2, 3, 4, 5};
  do {
    const std::string world = StrJoin(order, "");
    const std::string cn = StrCat("cn-", world), part = StrCat("cn-50-", world);
    const std::string p1 = StrCat("p-1-", world), p2 = StrCat("p-2-", world);
    const std::vector<Telling> facts = {
        Of(Region(part, cn)),        Of(GrantOf(p1, "g", {cn})), Of(GrantOf(p2, "g", {part})),
        Of(SaleOf(p1, "S.1", part)), Of(SaleOf(p2, "S.1", cn)),  Of(ReversalOf(SaleOf(p2, "S.1", cn))),
    };
    std::vector<Telling> steps;
    std::string kinds;
    for (int i : order) {
      steps.push_back(facts[i]);
      kinds += facts[i].facts.regions.empty() ? facts[i].facts.grants.empty() ? 's' : 'g' : 'r';
    }
    const std::vector<std::string> expected = Oracle(facts);
    ASSERT_THAT(expected, SizeIs(1));
    Company& company = by_kinds[kinds];
    company.worlds.push_back(std::move(steps));
    company.expected.push_back(expected[0]);
  } while (std::next_permutation(order.begin(), order.end()));
  ASSERT_THAT(by_kinds, SizeIs(60));  // of 12 orders each
  for (auto& [kinds, company] : by_kinds) {
    ASSERT_THAT(company.worlds, SizeIs(12));
    std::sort(company.expected.begin(), company.expected.end());
    Forget();
    Tell(company.worlds);
    ASSERT_EQ(Open(), company.expected) << kinds;
  }
}

// The facts of a world, each list in order.
std::vector<std::vector<Telling>> ManyFacts(const std::string& world, const std::string& customer) {
  std::vector<std::vector<Telling>> lanes;
  const auto lane = [&lanes](auto... steps) { lanes.push_back({Of(steps)...}); };
  const auto of = [&world](const char* id) { return StrCat(id, "-", world); };
  const std::string cn = of("cn"), part = of("cn-50"), deep = of("cn-50-1"), us = of("us"), x = of("x"), y = of("y");
  const std::string p1 = of("p-1"), p2 = of("p-2"), p3 = of("p-3"), p4 = of("p-4"), p5 = of("p-5");
  lane(Region(cn));
  lane(Region(part, cn));
  lane(Region(deep, part));
  lane(Region(us));
  RegionFact moved = Region(x, us);
  RegionFact inactive = Region(y, us);
  inactive.active = false;
  lane(Region(x, cn), moved);
  lane(Region(y, us), inactive);
  lane(GrantOf(p1, "g-1", {cn}));
  lane(GrantOf(p2, "g-1", {part, us}), Revoked(GrantOf(p2, "g-1", {part, us})), GrantOf(p2, "g-1", {us}));
  lane(GrantOf(p3, "g-1", {x}));
  lane(GrantOf(p4, "g-1", {deep}), Revoked(GrantOf(p4, "g-1", {deep})));
  lane(GrantOf(p5, "g-1", {us, y}, Grant::Exclusivity::kNonExclusive));
  lane(SaleOf(p1, "A.1", deep));
  lane(SaleOf(p1, "A.2", x));
  lane(SaleOf(p2, "A.1", part));
  lane(SaleOf(p2, "A.2", x));
  lane(SaleOf(p3, "A.1", us), ReversalOf(SaleOf(p3, "A.1", us)));
  lane(ReversalOf(SaleOf(p4, "A.1", us)));
  lane(SaleOf(p4, "A.1", us));
  lane(SaleOf(p5, "A.1", y));
  lane(DealOf(p1, StrCat(customer, " Ltd"), cn));
  lane(DealOf(p2, absl::AsciiStrToUpper(customer), deep));
  Deal back = DealOf(p3, StrCat(customer, ", Limited"), part);
  back.state = Deal::State::kWithdrawn;
  lane(DealOf(p3, StrCat(customer, ", Limited"), part), back);
  lane(DealOf(p4, customer, x));
  return lanes;
}

// Facts of one key come in their order, as a feed gives them; everything else comes as it may, alone or in groups. Five
// worlds at a time, each in an order of its own, whose customers are not alike: 150 orders.
TEST_F(DetectorTest, RandomOrdersAndGroupsOfManyFacts) {
  std::mt19937 random(20260801);
  std::vector<std::vector<std::vector<Telling>>> facts;  // of each world, in lanes
  std::vector<std::vector<size_t>> ends;                 // of each world: the lanes, as often as they have steps
  std::vector<std::string> expected;
  for (const char* customer : {"Contoso", "Fabrikam", "Northwind", "Tailspin", "Wingtip"}) {
    const auto& lanes = facts.emplace_back(ManyFacts(std::to_string(facts.size()), customer));
    std::vector<size_t>& order = ends.emplace_back();
    std::vector<Telling> all;
    for (size_t i = 0; i < lanes.size(); ++i) {
      order.insert(order.end(), lanes[i].size(), i);
      all.insert(all.end(), lanes[i].begin(), lanes[i].end());
    }
    const std::vector<std::string> of_world = Oracle(all);
    ASSERT_THAT(of_world, SizeIs(4));
    expected.insert(expected.end(), of_world.begin(), of_world.end());
  }
  std::sort(expected.begin(), expected.end());
  for (int round = 0; round < 30; ++round) {
    std::vector<std::vector<Telling>> worlds;
    for (size_t world = 0; world < facts.size(); ++world) {
      std::shuffle(ends[world].begin(), ends[world].end(), random);
      std::vector<size_t> next(facts[world].size());
      std::vector<Telling>& steps = worlds.emplace_back();
      for (const size_t i : ends[world]) steps.push_back(facts[world][i][next[i]++]);
    }
    Forget();
    Tell(worlds, &random);
    ASSERT_EQ(Open(), expected) << "round " << round;
  }
}

// Two replicas, each of which sees one half of a pair.
TEST_F(DetectorTest, TwoReplicasAtTheSameMomentMissNothing) {
  for (int round = 0; round < 40; ++round) {
    const Deal deals[] = {DealOf("p-1", StrCat("Contoso ", round), StrCat("r", round)),
                          DealOf("p-2", StrCat("CONTOSO ", round), StrCat("r", round))};
    for (const Deal& deal : deals) Draft(deal);
    std::barrier start(2);
    std::vector<std::thread> replicas;
    for (int i = 0; i < 2; ++i) {
      replicas.emplace_back([&, i] {
        start.arrive_and_wait();
        Apply({.grants = {GrantOf(StrCat("p-", i), StrCat("g-", round), {StrCat("r", round)})}});
        Move(deals[i]);
      });
    }
    for (std::thread& replica : replicas) replica.join();
  }
  int overlaps = 0, duplicates = 0;
  for (const Finding& finding : Findings()) {
    ++(finding.conclusion.kind == FindingKind::kExclusiveOverlap ? overlaps : duplicates);
  }
  EXPECT_EQ(overlaps, 40);
  EXPECT_EQ(duplicates, 40);
}

}  // namespace
}  // namespace tributary::conflict
