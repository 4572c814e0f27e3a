// Transfers and territories on a real database: whatever order they are told in, and however many look at the same
// time, the same findings are open.

#include <algorithm>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/wire/wire.h"
#include "events_schema.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/stock_findings/partner_feed.h"
#include "inventory-service/stock_findings/territory_derivation.h"
#include "inventory-service/testing_store.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }

// Books of their own, and what can be told to them.
class TerritoryBooks {
 public:
  TerritoryBooks() : database_(testing::FreshDatabase({&schema::events(), &schema::inventory()})) {}

  void Movement(const std::string& document, int generation, const std::string& from_partner, const std::string& to,
                const std::string& product, int64_t units, int day, const std::vector<KitPart>& parts = {}) {
    StockMovement movement;
    movement.document = document;
    movement.line = 1;
    movement.generation = generation;
    movement.partner = from_partner;
    movement.to_partner = to.substr(0, to.find('/'));
    movement.from = "main";
    movement.to = to.substr(to.find('/') + 1);
    movement.product = product;
    movement.product_line = "bikes";
    movement.quantity = Decimal::FromInt(IsReversal(generation) ? -units : units);
    movement.posted = true;
    movement.parts = parts;
    movement.effective_date = June(day);
    movement.reason = MovementReason::kTransfer;
    // The fact is there before anybody looks at it.
    Do([&](mysql::Transaction& sql) -> absl::Status {
      return movements_.table().Insert(sql, {&movement, 1}, {{{{5, NextSeq()}, kNow}}}).status();
    });
    Do([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      // As postings tell it: the parts of a kit.
      return TerritoryDerivation().Derive(sql, {{movement.to_partner, parts.empty() ? product : parts.front().product}},
                                          kNow, outbox);
    });
  }
  void Grant(const std::string& partner, const std::string& id, const std::string& region, int from,
             bool active = true) {
    partner::v1::TerritoryGrant grant;
    grant.set_name(StrCat("partners/", partner, "/territoryGrants/", id));
    grant.set_state(active ? partner::v1::TerritoryGrant::ACTIVE : partner::v1::TerritoryGrant::REVOKED);
    grant.add_regions(StrCat("regions/", region));
    *grant.mutable_effective_from() = wire::ToProto(June(from));
    Tell(grant);
  }
  void Region(const std::string& id, const std::string& parent) {
    partner::v1::Region region;
    region.set_name(StrCat("regions/", id));
    region.set_state(partner::v1::Region::ACTIVE);
    if (!parent.empty()) region.set_parent_region(StrCat("regions/", parent));
    Tell(region);
  }
  void Home(const std::string& id, const std::string& region) {
    partner::v1::Partner partner;
    partner.set_name(StrCat("partners/", id));
    partner.set_home_region(StrCat("regions/", region));
    Tell(partner);
  }
  void Site(const std::string& partner, const std::string& id, const std::string& region) {
    Do([&](mysql::Transaction& sql) {
      return SiteStore().Insert(sql, {.partner = partner, .id = id, .region = region});
    });
    Do([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return TerritoryDerivation().Derive(sql, {{partner, ""}}, kNow, outbox);
    });
  }

  // The open findings, a line each.
  std::vector<std::string> Open() {
    std::vector<std::string> lines;
    Do([&](mysql::Transaction& sql) -> absl::Status {
      lines.clear();
      ASSIGN_OR_RETURN(const SqlPredicate all, ParseFilter("", StockFindingStore::Fields()));
      ASSIGN_OR_RETURN(const auto findings, StockFindingStore().List(sql, "", false, "", "", all, 1000));
      for (const StockFinding& finding : findings) {
        const Conclusion& found = finding.conclusion;
        std::string line =
            StrCat(NameOf(found.subject.rule), " ", found.subject.partner, "/", found.subject.site, " ",
                   found.subject.product, " ", found.quantity.ToString(), " since ", found.first_day.ToString());
        for (const std::string& name : found.evidence) StrAppend(&line, " ", name);
        lines.push_back(line);
      }
      return absl::OkStatus();
    });
    std::sort(lines.begin(), lines.end());
    return lines;
  }

 private:
  static inline const absl::Time kNow = absl::FromUnixSeconds(1780000000);

  void Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); }));
  }
  void Tell(const google::protobuf::Message& told) {
    const std::string name = told.GetReflection()->GetString(told, told.GetDescriptor()->FindFieldByName("name"));
    const events::Event event{.recorded_at = kNow,
                              .name = name,
                              .type = told.GetDescriptor()->full_name(),
                              .payload = told.SerializeAsString()};
    Do([&](mysql::Transaction& sql) {
      const PageTokens tokens(std::string(32, 'k'));
      StockCountService counts(tokens);
      events::Outbox outbox;
      return ApplyPartnerFeed(sql, {&event, 1}, kNow, counts, outbox);
    });
  }
  int64_t NextSeq() {
    std::lock_guard lock(mutex_);
    return ++seq_;
  }

  std::unique_ptr<mysql::Database> database_;
  StockMovementStore movements_;
  std::mutex mutex_;
  int64_t seq_ = 0;
};

TEST(TerritoryDerivationStoreTest, WhatIsNotCoveredIsTold) {
  TerritoryBooks books;
  books.Movement("T1", 0, "acme", "bolt/main", "bike", 4, 10);
  EXPECT_THAT(books.Open(), IsEmpty()) << "nobody says where bolt is";
  books.Home("bolt", "cn-51");
  EXPECT_THAT(books.Open(),
              ElementsAre("OUTSIDE_TERRITORY bolt/main bike 4 since 2026-06-10 partners/acme/movements/T1.1"));
  books.Grant("bolt", "g", "cn", 1);
  EXPECT_THAT(books.Open(), ::testing::SizeIs(1)) << "nobody says that cn-51 is in cn";
  books.Region("cn-51", "cn");
  EXPECT_THAT(books.Open(), IsEmpty());
  books.Grant("bolt", "g", "cn", 1, /*active=*/false);
  books.Movement("T2", 0, "cogs", "bolt/main", "bike", 3, 8);
  books.Movement("T3", 0, "cogs", "bolt/main", "pump", 1, 9);
  EXPECT_THAT(books.Open(),
              ElementsAre("OUTSIDE_TERRITORY bolt/main bike 7 since 2026-06-08 partners/acme/movements/T1.1 "
                          "partners/cogs/movements/T2.1",
                          "OUTSIDE_TERRITORY bolt/main pump 1 since 2026-06-09 partners/cogs/movements/T3.1"));
  books.Grant("bolt", "h", "cn-51", 9);
  EXPECT_THAT(books.Open(),
              ElementsAre("OUTSIDE_TERRITORY bolt/main bike 3 since 2026-06-08 partners/cogs/movements/T2.1"));
  books.Movement("T2", 1, "cogs", "bolt/main", "bike", 3, 8);
  EXPECT_THAT(books.Open(), IsEmpty()) << "it was taken back";
  // A territory is granted for the kit, whatever it consists of.
  books.Movement("T4", 0, "cogs", "bolt/main", "set", 2, 5, {{"wheel", Decimal::FromInt(4)}});
  EXPECT_THAT(books.Open(),
              ElementsAre("OUTSIDE_TERRITORY bolt/main set 2 since 2026-06-05 partners/cogs/movements/T4.1"));
  books.Movement("T4", 1, "cogs", "bolt/main", "set", 2, 5, {{"wheel", Decimal::FromInt(-4)}});
  EXPECT_THAT(books.Open(), IsEmpty());
}

// Everything that can be told, each at its own moment.
std::vector<std::function<void(TerritoryBooks&)>> Tellings() {
  return {
      [](TerritoryBooks& books) { books.Movement("T1", 0, "acme", "bolt/main", "bike", 4, 10); },
      [](TerritoryBooks& books) { books.Movement("T2", 0, "cogs", "bolt/main", "bike", 3, 8); },
      [](TerritoryBooks& books) { books.Movement("T3", 0, "acme", "bolt/north", "bike", 2, 12); },
      [](TerritoryBooks& books) { books.Movement("T4", 0, "acme", "cogs/main", "pump", 5, 12); },
      [](TerritoryBooks& books) { books.Movement("T5", 0, "acme", "cogs/main", "bike", 6, 12); },
      [](TerritoryBooks& books) { books.Movement("T6", 0, "bolt", "acme/main", "bike", 1, 20); },
      [](TerritoryBooks& books) { books.Home("bolt", "cn-51"); },
      [](TerritoryBooks& books) { books.Home("cogs", "cn-44"); },
      [](TerritoryBooks& books) { books.Region("cn-51", "cn"); },
      [](TerritoryBooks& books) { books.Region("cn-44", "cn"); },
      [](TerritoryBooks& books) { books.Site("bolt", "north", "us"); },
      [](TerritoryBooks& books) { books.Grant("bolt", "g", "cn", 9); },
      [](TerritoryBooks& books) { books.Grant("cogs", "g", "cn-51", 1); },
  };
}

const std::vector<std::string>& InTheEnd() {
  static const auto& lines =
      *new std::vector<std::string>{"OUTSIDE_TERRITORY bolt/main bike 3 since 2026-06-08 partners/cogs/movements/T2.1",
                                    "OUTSIDE_TERRITORY bolt/north bike 2 since 2026-06-12 partners/acme/movements/T3.1",
                                    "OUTSIDE_TERRITORY cogs/main bike 6 since 2026-06-12 partners/acme/movements/T5.1",
                                    "OUTSIDE_TERRITORY cogs/main pump 5 since 2026-06-12 partners/acme/movements/T4.1"};
  return lines;
}

TEST(TerritoryDerivationStoreTest, TheOrderOfTellingLeavesNoTrace) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(StrCat("seed ", seed));
  std::mt19937 random(seed);
  auto tellings = Tellings();
  for (int order = 0; order < 6; ++order) {
    TerritoryBooks books;
    if (order == 1) std::reverse(tellings.begin(), tellings.end());
    if (order > 1) std::shuffle(tellings.begin(), tellings.end(), random);
    for (const auto& tell : tellings) tell(books);
    EXPECT_EQ(books.Open(), InTheEnd()) << "order " << order;
  }
}

TEST(TerritoryDerivationStoreTest, WhatIsToldAtTheSameTimeIsSeen) {
  for (int round = 0; round < 5; ++round) {
    TerritoryBooks books;
    std::vector<std::thread> threads;
    for (const auto& tell : Tellings()) threads.emplace_back([&books, tell] { tell(books); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(books.Open(), InTheEnd()) << "round " << round;
  }
}

}  // namespace
}  // namespace tributary::inventory
