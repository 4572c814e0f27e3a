#include "partner-service/customers/customer_store.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class CustomerStoreTest : public StoreTest {
 protected:
  static Customer Of(std::string id, std::string name = "Acme GmbH") {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .identity = {.names = {std::move(name), "阿克米"},
                         .tax_ids = {{TaxIdType::kVat, "DE123456789"}},
                         .domains = {"acme.example"},
                         .addresses = {{"DE", "Hauptstr. 1"}}},
            .segment = "零售",
            .region = "regions/de-be"};
  }
  absl::Status Create(const Customer& customer) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, customer); });
  }
  absl::Status Update(const Customer& customer) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, customer); });
  }
  Customer Get(std::string_view id) {
    return *Ask<Customer>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  void Merge(std::string_view id, std::string_view into) {
    ASSERT_OK(Update(*partner::Merge(Get(id), Get(into), kNow)));
  }
  std::map<std::string, std::string> Canonical(const std::set<std::string>& ids) {
    return *Ask<std::map<std::string, std::string>>(
        [&](mysql::Transaction& sql) { return store_.CanonicalOf(sql, ids); });
  }
  std::vector<std::string> KnownBy(const CustomerIdentity& identity) {
    std::vector<std::string> known;
    const auto found = *Ask<std::vector<CustomerMatch>>(
        [&](mysql::Transaction& sql) { return store_.KnownBy(sql, KeysOf(identity)); });
    for (const CustomerMatch& match : found) {
      known.push_back(StrCat(NameOf(match.key.kind), " ", match.known_to, " ", match.canonical));
    }
    return known;
  }
  std::vector<std::string> Ids(const std::string& filter) {
    std::vector<std::string> ids;
    for (const Customer& customer : All<Customer>(
             CustomerStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page); },
             [](const Customer&last) { return std::vector{last.id}; })) {
      ids.push_back(customer.id);
    }
    return ids;
  }
  int64_t Keys(std::string_view id) {
    return *Ask<int64_t>([&](mysql::Transaction& sql) -> absl::StatusOr<int64_t> {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query("SELECT COUNT(*) FROM customer_key WHERE customer_id = ?", {id}));
      return rows.front().Int(0);
    });
  }
  CustomerStore store_;
};

TEST_F(CustomerStoreTest, SomeAndTheNextAreReadById) {
  for (const char* id : {"a", "b", "c"}) ASSERT_OK(Create(Of(id)));
  const auto ids = [&](const std::function<absl::StatusOr<std::vector<Customer>>(mysql::Transaction&)>& read) {
    std::vector<std::string> ids;
    const std::vector<Customer> found = *Ask<std::vector<Customer>>(read);
    for (const Customer& one : found) ids.push_back(one.id);
    return ids;
  };
  EXPECT_THAT(ids([&](mysql::Transaction& sql) {
                return store_.GetAll(sql, {"c", "a", "none"});
              }),
              ElementsAre("a", "c"));
  EXPECT_THAT(ids([&](mysql::Transaction& sql) { return store_.GetAll(sql, {}); }), ElementsAre());
  EXPECT_THAT(ids([&](mysql::Transaction& sql) { return store_.After(sql, "", 2); }), ElementsAre("a", "b"));
  EXPECT_THAT(ids([&](mysql::Transaction& sql) { return store_.After(sql, "b", 2); }), ElementsAre("c"));
}

TEST_F(CustomerStoreTest, IsReadAsItWasWritten) {
  ASSERT_OK(Create(Of("a")));
  EXPECT_THAT(Create(Of("a")), HasReason(Reason::kAlreadyExists));
  const Customer read = Get("a");
  EXPECT_EQ(read.identity, Of("a").identity);
  EXPECT_EQ(read.segment, "零售");
  EXPECT_EQ(read.region, "regions/de-be");
  EXPECT_THAT(read.aliases, IsEmpty());
  EXPECT_EQ(Keys("a"), 5);
  ASSERT_OK(Create(Of("b")));
  Merge("a", "b");
  EXPECT_THAT(Get("a").aliases, ElementsAre(CustomerAlias{"b", kNow, std::nullopt}));
  ASSERT_OK(Update(*UndoMerge(Get("a"), kNow + absl::Hours(1))));
  Merge("a", "b");
  EXPECT_THAT(Get("a").aliases,
              ElementsAre(CustomerAlias{"b", kNow, kNow + absl::Hours(1)}, CustomerAlias{"b", kNow, std::nullopt}));
  EXPECT_EQ(Get("a").identity, Of("a").identity);
  EXPECT_THAT(Ids("state = ACTIVE"), ElementsAre("b"));
  EXPECT_THAT(Ids("region = \"regions/de-be\""), ElementsAre("a", "b"));
  EXPECT_THAT(PageOf(CustomerStore::Fields(), {10, "", "names:Acme"}).status(), HasReason(Reason::kFilterInvalid));
}

TEST_F(CustomerStoreTest, FollowsMergesToTheirEnd) {
  for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_OK(Create(Of(id)));
  Merge("a", "b");
  Merge("b", "c");
  Merge("d", "c");
  EXPECT_THAT(Canonical({"a", "b", "c", "d", "e"}),
              ElementsAre(Pair("a", "c"), Pair("b", "c"), Pair("c", "c"), Pair("d", "c"), Pair("e", "e")));
  EXPECT_THAT(Canonical({}), IsEmpty());
  const auto below = [&](std::string_view id) {
    std::vector<std::string> ids;
    const auto found = *Ask<std::vector<Customer>>([&](mysql::Transaction& sql) { return store_.MergedInto(sql, id); });
    for (const Customer& customer : found) {
      ids.push_back(customer.id);
    }
    return ids;
  };
  EXPECT_THAT(below("c"), UnorderedElementsAre("a", "b", "d"));
  EXPECT_THAT(below("b"), ElementsAre("a"));
  EXPECT_THAT(below("e"), IsEmpty());
  // The middle stands for itself again: what was merged into it comes along.
  ASSERT_OK(Update(*UndoMerge(Get("b"), kNow)));
  EXPECT_THAT(Canonical({"a", "b", "d"}), ElementsAre(Pair("a", "b"), Pair("b", "b"), Pair("d", "c")));
}

TEST_F(CustomerStoreTest, IsKnownByItsKeysUntilItIsErased) {
  ASSERT_OK(Create(Of("a")));
  ASSERT_OK(Create(Of("b", "Zenith")));
  EXPECT_THAT(KnownBy({.names = {"ACME"}}), ElementsAre("NAME a a"));
  EXPECT_THAT(KnownBy({.names = {"Zenith Ltd"}, .domains = {"www.acme.example"}}),
              ElementsAre("DOMAIN a a", "DOMAIN b b", "NAME b b"));
  EXPECT_THAT(KnownBy({.names = {"nobody"}}), IsEmpty());
  Merge("a", "b");
  EXPECT_THAT(KnownBy({.names = {"ACME"}}), ElementsAre("NAME a b"));
  ASSERT_OK(Update(*Erase(Get("a"), kNow)));
  EXPECT_THAT(KnownBy({.names = {"ACME"}}), IsEmpty());
  EXPECT_EQ(Keys("a"), 0);
  EXPECT_EQ(Get("a").identity, CustomerIdentity());
  EXPECT_EQ(Get("a").state, CustomerState::kErased);
  EXPECT_THAT(Ids(""), SizeIs(2));
}

}  // namespace
}  // namespace tributary::partner
