#include "conflict-service/deals/customer_store.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal.h"
#include "conflict_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kFull[] = "臺灣水泥股份有限公司";
constexpr char kSame[] = "臺灣水泥";  // of the same key
constexpr char kShort[] = "台泥";

class CustomerStoreTest : public ::testing::Test {
 protected:
  void Learn(CustomerIndex& index, const std::string& name) {
    ASSERT_THAT(database_->Transact({}, [&](mysql::Transaction& sql) { return index.Learn(sql, name); }), IsOk())
        << name;
  }
  std::set<std::string> Find(CustomerIndex& index, const std::string& name) {
    std::set<std::string> found;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      ASSIGN_OR_RETURN(found, index.Find(sql, name));
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return found;
  }
  std::set<std::string> Alike(const std::string& name) {
    std::set<std::string> found;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      ASSIGN_OR_RETURN(auto alike, store_.Alike(sql, {CustomerKey(name)}));
                                      found = alike[CustomerKey(name)];
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return found;
  }
  std::vector<std::string> Spellings() {
    std::vector<std::string> names;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      names.clear();
                                      ASSIGN_OR_RETURN(const auto all, store_.After(sql, 0, 100));
                                      for (const CustomerSpelling& one : all) names.push_back(one.name);
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return names;
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
  CustomerStore store_;
  CustomerIndex index_;
};

TEST_F(CustomerStoreTest, ASpellingIsMatchedOnceAndBothWays) {
  ASSERT_EQ(CustomerKey(kFull), CustomerKey(kSame));
  Learn(index_, kFull);
  EXPECT_THAT(Alike(kFull), ElementsAre(CustomerKey(kFull)));
  Learn(index_, "Nordwind Handel");
  Learn(index_, kShort);
  EXPECT_THAT(Alike(kFull), UnorderedElementsAre(CustomerKey(kFull), CustomerKey(kShort)));
  EXPECT_THAT(Alike(kShort), UnorderedElementsAre(CustomerKey(kFull), CustomerKey(kShort)));
  EXPECT_THAT(Alike("Nordwind Handel"), ElementsAre(CustomerKey("Nordwind Handel")));
  Learn(index_, kShort);
  Learn(index_, kSame);
  EXPECT_THAT(Spellings(), ElementsAre(kFull, "Nordwind Handel", kShort, kSame));
  EXPECT_THAT(Alike("Fabrikam"), ElementsAre(CustomerKey("Fabrikam")));
}

TEST_F(CustomerStoreTest, AnotherReplicaFollows) {
  Learn(index_, kFull);
  CustomerIndex other;
  EXPECT_EQ(other.size(), 0u);
  EXPECT_THAT(Find(other, kShort), ElementsAre(CustomerKey(kFull)));
  EXPECT_EQ(other.size(), 1u);
  Learn(other, kShort);
  EXPECT_THAT(Find(index_, kFull), ElementsAre(CustomerKey(kShort)));
  EXPECT_THAT(Find(index_, kSame), ElementsAre(CustomerKey(kShort)));
  EXPECT_THAT(Find(index_, "Nordwind Handel"), IsEmpty());
}

// Sixty spellings are closer to a new one than a rival's.
TEST_F(CustomerStoreTest, CloserSpellingsCrowdNobodyOut) {
  Learn(index_, "Contoso");
  for (int i = 0; i < 60; ++i) {
    const std::string own = {'Q', 'u', static_cast<char>('a' + i / 26), 'x', static_cast<char>('a' + i % 26)};
    Learn(index_, "Contoso Trading " + own);
  }
  ASSERT_THAT(Find(index_, "Contoso Trading"), IsEmpty()) << "they are not that customer, and hide the one that is";
  Learn(index_, "Contoso Trading");
  EXPECT_THAT(Alike("Contoso Trading"), UnorderedElementsAre(CustomerKey("Contoso Trading"), CustomerKey("Contoso")));
  EXPECT_THAT(Alike("Contoso"), UnorderedElementsAre(CustomerKey("Contoso Trading"), CustomerKey("Contoso")));
}

// Case tells spellings apart here, though the customer is the same.
TEST_F(CustomerStoreTest, KeepsEachSpelling) {
  Learn(index_, "Contoso Ltd");
  Learn(index_, "CONTOSO LTD");
  Learn(index_, "contoso ltd");
  EXPECT_THAT(Spellings(), ElementsAre("Contoso Ltd", "CONTOSO LTD", "contoso ltd"));
  EXPECT_THAT(Alike("Contoso"), ElementsAre(CustomerKey("Contoso")));
}

// What is undone is not remembered.
TEST_F(CustomerStoreTest, ForgetsWhatIsUndone) {
  EXPECT_THAT(database_->Transact({},
                                  [&](mysql::Transaction& sql) -> absl::Status {
                                    RETURN_IF_ERROR(index_.Learn(sql, kFull));
                                    return absl::AbortedError("undone");
                                  }),
              ::testing::Not(IsOk()));
  EXPECT_THAT(Spellings(), IsEmpty());
  Learn(index_, kShort);
  EXPECT_THAT(Alike(kShort), ElementsAre(CustomerKey(kShort)));
  EXPECT_THAT(Find(index_, kFull), ElementsAre(CustomerKey(kShort)));
}

}  // namespace
}  // namespace tributary::conflict
