#include "conflict-service/deals/deal_store.h"

#include "common/status/status_matchers.h"
#include "conflict_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;

Deal DealOf(const std::string& partner, const std::string& id, const std::string& customer) {
  Deal deal;
  deal.partner = "partners/" + partner;
  deal.name = deal.partner + "/deals/" + id;
  deal.uid = Uuid::New(absl::FromUnixSeconds(1790000000));
  deal.create_time = deal.update_time = absl::FromUnixMicros(1790000000123456);
  deal.customer_name = customer;
  deal.scope = {.regions = {"regions/a", "regions/b"},
                .product_lines = {"productLines/x"},
                .routes = {"RESELL"},
                .time = {*Date::Parse("2026-07-08"), *Date::Parse("2026-10-06")}};
  deal.value = Money{"CNY", *Decimal::Parse("1234.5")};
  return deal;
}

class DealStoreTest : public ::testing::Test {
 protected:
  template <typename T>
  absl::StatusOr<T> In(std::function<absl::StatusOr<T>(mysql::Transaction&)> body) {
    std::optional<T> result;
    RETURN_IF_ERROR(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(result, body(sql));
      return absl::OkStatus();
    }));
    return *std::move(result);
  }
  absl::Status Create(const Deal& deal) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Create(sql, deal); });
  }
  absl::StatusOr<Deal> Get(const std::string& name) {
    return In<Deal>([&](mysql::Transaction& sql) { return store_.Get(sql, name); });
  }
  std::vector<std::string> List(const std::string& partner, const std::string& filter, const std::string& after,
                                int limit) {
    const SqlPredicate predicate = *ParseFilter(filter, DealStore::Fields());
    const auto deals = In<std::vector<Deal>>(
        [&](mysql::Transaction& sql) { return store_.List(sql, partner, predicate, after, limit); });
    std::vector<std::string> names;
    for (const Deal& deal : *deals) names.push_back(deal.name);
    return names;
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
  DealStore store_;
};

TEST_F(DealStoreTest, ComesBackAsItWent) {
  Deal deal = DealOf("p-1", "d-1", "臺灣水泥股份有限公司");
  ASSERT_THAT(Create(deal), IsOk());
  EXPECT_THAT(Create(deal), HasReason(Reason::kAlreadyExists));
  const auto read = Get(deal.name);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->uid, deal.uid);
  EXPECT_EQ(read->create_time, deal.create_time);
  EXPECT_EQ(read->customer_name, deal.customer_name);
  EXPECT_EQ(read->scope, deal.scope);
  EXPECT_EQ(read->value, deal.value);
  EXPECT_EQ(read->state, Deal::State::kDraft);
  EXPECT_THAT(Get("partners/p-1/deals/d-2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("partners/-/deals/d-1"), HasReason(Reason::kNotFound));

  deal.name += "-x";
  deal.value.reset();
  deal.scope.routes.clear();
  deal.scope.product_lines.clear();
  ASSERT_THAT(Create(deal), IsOk());
  EXPECT_EQ(Get(deal.name)->value, std::nullopt);
  EXPECT_EQ(Get(deal.name)->scope, deal.scope);
}

TEST_F(DealStoreTest, OnlyThoseThatBlockAreLookedUp) {
  Deal a = DealOf("p-1", "d-1", "Contoso Ltd");
  const Deal like = DealOf("p-2", "d-1", "CONTOSO");
  ASSERT_THAT(Create(a), IsOk());
  const auto look = [&] {
    std::vector<std::string> found;
    EXPECT_THAT(database_->Transact(
                    {},
                    [&](mysql::Transaction& sql) -> absl::Status {
                      found.clear();
                      ASSIGN_OR_RETURN(const auto by_name, store_.BlockingFor(sql, {CustomerKey(like.customer_name)}));
                      ASSIGN_OR_RETURN(const auto by_region, store_.BlockingIn(sql, {"regions/b", "regions/zzz"}));
                      for (const auto* deals : {&by_name, &by_region}) {
                        for (const Deal& deal : *deals) found.push_back(deal.name);
                      }
                      return absl::OkStatus();
                    }),
                IsOk());
    return found;
  };
  const auto move = [&](Deal::State state) {
    a.state = state;
    ++a.version;
    EXPECT_THAT(database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Update(sql, a); }), IsOk());
  };
  EXPECT_THAT(look(), ElementsAre());
  move(Deal::State::kSubmitted);
  EXPECT_THAT(look(), ElementsAre(a.name, a.name));
  move(Deal::State::kWithdrawn);
  EXPECT_THAT(look(), ElementsAre());
  EXPECT_EQ(Get(a.name)->version, 3);
}

TEST_F(DealStoreTest, WhatWasHandedInStaysFound) {
  Deal first = DealOf("p-1", "d-1", "Contoso Ltd"), second = DealOf("p-2", "d-2", "Contoso Ltd");
  for (const Deal& deal : {first, second, DealOf("p-3", "draft", "Contoso Ltd")}) ASSERT_THAT(Create(deal), IsOk());
  const absl::Time handed_in = first.create_time + absl::Hours(1), ended = first.create_time + absl::Hours(9);
  const auto move = [&](Deal* deal, Deal::State state, absl::Time now) {
    deal->state = state;
    deal->sequence = 1;
    deal->update_time = now;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      RETURN_IF_ERROR(store_.AddSubmission(sql, *deal, now));
                                      return store_.Update(sql, *deal);
                                    }),
                IsOk());
  };
  move(&first, Deal::State::kSubmitted, handed_in);
  move(&first, Deal::State::kWithdrawn, ended);
  move(&second, Deal::State::kSubmitted, handed_in);
  const auto on = [&](const char* from, const char* to) {
    return *In<std::vector<HandedInDeal>>([&](mysql::Transaction& sql) {
      return store_.HandedIn(sql, {*Date::Parse(from), *Date::Parse(to)});
    });
  };
  const std::vector<HandedInDeal> found = on("2026-10-05", "2027-01-01");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].deal.name, first.name);
  EXPECT_EQ(found[0].from, handed_in);
  EXPECT_EQ(found[0].until, ended);
  EXPECT_EQ(found[1].deal.name, second.name);
  EXPECT_EQ(found[1].until, absl::InfiniteFuture());
  EXPECT_EQ(on("2026-10-06", "2027-01-01").size(), 0u) << "the first day no longer";
  EXPECT_EQ(on("2026-01-01", "2026-07-08").size(), 0u);
}

TEST_F(DealStoreTest, Lists) {
  for (const char* partner : {"p-1", "p-10", "p-2"}) {
    for (const char* id : {"b", "a"}) ASSERT_THAT(Create(DealOf(partner, id, StrCat(partner, id))), IsOk());
  }
  EXPECT_THAT(List("", "", "", 3),
              ElementsAre("partners/p-1/deals/a", "partners/p-1/deals/b", "partners/p-10/deals/a"));
  EXPECT_THAT(List("", "", "partners/p-10/deals/a", 9),
              ElementsAre("partners/p-10/deals/b", "partners/p-2/deals/a", "partners/p-2/deals/b"));
  EXPECT_THAT(List("partners/p-1", "", "", 9), ElementsAre("partners/p-1/deals/a", "partners/p-1/deals/b"));
  EXPECT_THAT(List("partners/p-1", "", "partners/p-1/deals/a", 9), ElementsAre("partners/p-1/deals/b"));
  EXPECT_THAT(List("", "state = DRAFT AND customer_name = \"p-2a\"", "", 9), ElementsAre("partners/p-2/deals/a"));
  EXPECT_THAT(List("", "state = SUBMITTED", "", 9), ElementsAre());
  EXPECT_THAT(List("", "effective_to < 2026-10-06", "", 9), ElementsAre());
}

}  // namespace
}  // namespace tributary::conflict
