// Customers that partner-service merges, undoes and erases, on a real database: which registrations are one customer's,
// and what is left of a name.

#include "conflict-service/cases/case_evidence_store.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/deals/customer_follower.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/detection/testing_promises.h"

namespace tributary::conflict {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CustomerTieStoreTest : public PromisesTest {
 protected:
  static CustomerFact Known(const std::string& id, const std::vector<std::string>& names,
                            const std::string& into = "") {
    CustomerFact customer{.name = "customers/" + id, .merged_into = into.empty() ? "" : "customers/" + into};
    for (const std::string& name : names) customer.keys.push_back(CustomerKey(name));
    return customer;
  }
  static CustomerFact Erased(CustomerFact customer) {
    customer.erased = true;
    return customer;
  }
  using PromisesTest::Tell;
  void Tell(CustomerFact customer) { Tell(FactBatch{.customers = {std::move(customer)}}); }
  void Register(const Deal& deal) {
    Draft(deal);
    Move(deal);
  }
  std::vector<std::string> Open() {
    return PromisesTest::Open(FindingKind::kDuplicateDeal,
                              [](const Conclusion& conclusion) { return StrJoin(conclusion.subjects, " "); });
  }
  // All that the database says of customers in words, in one text.
  std::string AllWords() {
    std::string words;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* query : {"SELECT customer_name FROM deal", "SELECT customer_name FROM customer_spelling",
                                "SELECT explanation FROM finding", "SELECT evidence FROM conflict_case",
                                "SELECT value FROM case_evidence_line", "SELECT customer FROM sale"}) {
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(query));
        for (const mysql::Row& row : rows) StrAppend(&words, row.Text(0), "\n");
      }
      return absl::OkStatus();
    }));
    return words;
  }
};

TEST_F(CustomerTieStoreTest, AMergeMakesTwoRegistrationsOneCustomers) {
  const std::string found = "partners/p-1/deals/d partners/p-2/deals/d";
  Register(Granted("p-1", "Harbor Works", "cn-50"));
  Register(Granted("p-2", "Zenith Labs", "cn-50"));
  Register(Granted("p-3", "Zenith Labs Group of Nowhere", "cn-51"));
  Tell(Known("a", {"Harbor Works"}));
  Tell(Known("b", {"Zenith Labs"}));
  EXPECT_THAT(Open(), IsEmpty()) << "two customers, both decided";
  Tell(Known("a", {"Harbor Works"}, "c"));
  EXPECT_THAT(Open(), IsEmpty());
  // Through all merges, in whatever order they are told.
  Tell(Known("b", {"Zenith Labs"}, "c"));
  EXPECT_THAT(Open(), ElementsAre(found));
  // Nothing is withdrawn by it.
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Deal deal, deals_.Get(sql, "partners/p-2/deals/d"));
    EXPECT_EQ(deal.state, Deal::State::kApproved);
    return absl::OkStatus();
  }));
  Tell(Known("b", {"Zenith Labs"}));
  EXPECT_THAT(Open(), IsEmpty()) << "undone";
}

TEST_F(CustomerTieStoreTest, SpellingsThatAreAlikeAreTiedToo) {
  Register(Granted("p-1", "Contoso Ltd.", "cn-51"));
  Register(Granted("p-2", "Contoso Labs Ltd.", "cn-50"));
  Register(Granted("p-3", "Zenith Labs", "cn-50"));
  Tell(Known("a", {"Contoso Ltd."}));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Known("b", {"Zenith Labs"}, "a"));
  EXPECT_THAT(Open(), ElementsAre("partners/p-2/deals/d partners/p-3/deals/d"));
  Tell(Known("b", {"Zenith Labs"}));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Known("a", {"Contoso Ltd."}, "b"));
  EXPECT_THAT(Open(), ElementsAre("partners/p-2/deals/d partners/p-3/deals/d")) << "the other way round";
}

TEST_F(CustomerTieStoreTest, ALaterRegistrationMeetsTheOtherNameOfItsCustomer) {
  Tell(Known("a", {"Harbor Works", "Zenith Labs", "HARBOR WORKS Ltd."}));  // of two names with one key
  Register(Granted("p-1", "Harbor Works", "cn-50"));
  Deal later = Granted("p-2", "ZENITH-LABS Ltd.", "cn-50");
  later.granted.clear();
  Register(In(Deal::State::kSubmitted, later));
  EXPECT_THAT(Open(), ElementsAre("partners/p-1/deals/d partners/p-2/deals/d"));
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto alike, CustomerStore().Alike(sql, {CustomerKey("Zenith Labs")}));
    EXPECT_THAT(alike.at(CustomerKey("Zenith Labs")), Contains(CustomerKey("Harbor Works")));
    return absl::OkStatus();
  }));
}

TEST_F(CustomerTieStoreTest, ErasingLeavesAPseudonymAndEvidenceThatVerifies) {
  Register(Granted("p-1", "Harbor Works", "cn-50"));
  Deal asked = Granted("p-2", "HARBOR WORKS LTD", "cn-50");
  asked.granted.clear();
  Register(In(Deal::State::kSubmitted, asked));
  Register(Granted("p-3", "Zenith Labs", "cn-50"));
  ASSERT_THAT(Open(), ElementsAre("partners/p-1/deals/d partners/p-2/deals/d"));
  Tell(Known("a", {"Harbor Works"}));
  Tell(Known("b", {"Zenith Labs"}));
  ASSERT_THAT(AllWords(), HasSubstr("HARBOR WORKS"));
  Tell(Erased(Known("a", {"Harbor Works"})));
  EXPECT_THAT(AllWords(), Not(HasSubstr("arbor")));
  EXPECT_THAT(AllWords(), Not(HasSubstr("HARBOR")));
  EXPECT_THAT(AllWords(), HasSubstr("Zenith Labs")) << "another customer's";
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    for (const char* name : {"partners/p-1/deals/d", "partners/p-2/deals/d"}) {
      ASSIGN_OR_RETURN(const Deal deal, deals_.Get(sql, name));
      EXPECT_EQ(deal.customer_name, "customers/a");
    }
    ASSIGN_OR_RETURN(const auto cases, CaseStore().List(sql, {}, false, "", 10));
    EXPECT_EQ(cases.size(), 1u);
    for (const Case& one : cases) {
      ASSIGN_OR_RETURN(const auto records, CaseEvidenceStore().List(sql, one.id, 0, 10));
      EXPECT_THAT(Discrepancies(one, records), IsEmpty());
      EXPECT_TRUE(records.back().lines.back().erased());
    }
    return absl::OkStatus();
  }));
  // Both are still for one customer, and a new registration still meets what they hold.
  EXPECT_THAT(Open(), ElementsAre("partners/p-1/deals/d partners/p-2/deals/d"));
  Move(In(Deal::State::kUnderReview, [&] {
    Deal renamed = asked;
    renamed.customer_name = "customers/a";
    return renamed;
  }()));
  EXPECT_THAT(Open(), ElementsAre("partners/p-1/deals/d partners/p-2/deals/d"));
}

// Of two replicas that have read the names, be it the one that erases them or the other.
TEST_F(CustomerTieStoreTest, NoReplicaRemembersAnErasedName) {
  constexpr char kFull[] = "臺灣水泥股份有限公司";
  constexpr char kSame[] = "臺灣水泥";  // of the same key
  constexpr char kShort[] = "台泥";
  Register(Granted("p-1", kFull, "cn-50"));
  Register(Granted("p-2", kSame, "cn-51"));
  Register(Granted("p-3", "Contoso Ltd.", "cn-50"));
  CustomerIndex other;
  const auto find = [&](CustomerIndex& index, const std::string& name) {
    std::set<std::string> found;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(found, index.Find(sql, name));
      return absl::OkStatus();
    }));
    return found;
  };
  for (CustomerIndex* index : {&customers_, &other}) {
    ASSERT_THAT(find(*index, kShort), ElementsAre(CustomerKey(kFull)));
  }
  Tell(Known("a", {kFull}));
  Tell(Erased(Known("a", {kFull})));
  const SystemClock clock{};
  for (CustomerIndex* index : {&customers_, &other}) {
    EXPECT_THAT(index->Known(kShort), ElementsAre(CustomerKey(kFull))) << "until it is followed";
    CustomerFollower follower(*database_, clock, *index);
    ASSERT_OK(follower.ExpireDue());
    EXPECT_THAT(index->Known(kShort), IsEmpty());
    EXPECT_EQ(index->size(), 3u);
  }
  CustomerIndex fresh;
  for (const char* name : {kFull, kShort, "Contoso Labs Ltd.", "customers/a"}) {
    EXPECT_EQ(find(other, name), find(fresh, name)) << name;
  }
  // Spellings that come later have their places.
  Register(Granted("p-4", kSame, "cn-52"));
  for (CustomerIndex* index : {&customers_, &other, &fresh}) {
    EXPECT_THAT(find(*index, kShort), ElementsAre(CustomerKey(kFull)));
  }
}

TEST_F(CustomerTieStoreTest, ASaleThatACaseRestsOnIsErasedWithIt) {
  const auto open = [&] {
    return PromisesTest::Open(FindingKind::kProtectedDeal,
                              [](const Conclusion& conclusion) { return StrJoin(conclusion.subjects, " "); });
  };
  const Deal deal = Granted("p-2", "Harbor Works", "cn-50");
  Register(deal);
  Tell(FactBatch{.sales = {{.name = "partners/p-1/sales/S-1.1",
                            .partner = "partners/p-1",
                            .date = Day("2026-09-01"),
                            .region = "regions/cn-50",
                            .product_line = "productLines/pl-b",
                            .customer = "HARBOR WORKS LTD"}}});
  ASSERT_THAT(open(), ElementsAre("partners/p-1/sales/S-1.1 partners/p-2/deals/d"));
  ASSERT_THAT(AllWords(), HasSubstr("HARBOR"));
  Tell(Erased(Known("a", {"Harbor Works"})));
  // Judged anew it is the same finding, and no name comes back.
  Deal renamed = deal;
  renamed.customer_name = "customers/a";
  Move(renamed);
  EXPECT_THAT(open(), ElementsAre("partners/p-1/sales/S-1.1 partners/p-2/deals/d"));
  EXPECT_THAT(AllWords(), Not(HasSubstr("HARBOR")));
  EXPECT_THAT(AllWords(), Not(HasSubstr("Harbor")));
}

TEST_F(CustomerTieStoreTest, ANameOfTwoCustomersStaysWhileOneOfThemDoes) {
  Register(Granted("p-1", "Harbor Works", "cn-50"));
  Tell(Known("a", {"Harbor Works"}));
  Tell(Known("b", {"Harbor Works"}));
  Tell(Erased(Known("a", {"Harbor Works"})));
  EXPECT_THAT(AllWords(), HasSubstr("Harbor Works"));
  Tell(Erased(Known("b", {"Harbor Works"})));
  EXPECT_THAT(AllWords(), Not(HasSubstr("Harbor Works")));
}

}  // namespace
}  // namespace tributary::conflict
