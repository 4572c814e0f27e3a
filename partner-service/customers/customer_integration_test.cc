// Customers over the wire: who may be meant and why, merges and their undoing, and what erasing leaves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/digest/sha256.h"
#include "partner-service/customers/customer_proto.h"
#include "partner-service/testing_masked.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCustomers[] = "tributary.partner.v1.CustomerService/";

class CustomersTest : public MaskedTest {
 protected:
  static v1::Customer Acme() {
    v1::Customer customer;
    customer.mutable_identity()->add_names("Acme Holding GmbH");
    v1::TaxId& vat = *customer.mutable_identity()->add_tax_ids();
    vat.set_type(v1::TaxId::VAT);
    vat.set_value("DE123456789");
    customer.mutable_identity()->add_domains("acme.example");
    customer.mutable_identity()->add_addresses()->set_text("Hauptstr. 1, 10115 Berlin");
    customer.set_segment("retail");
    return customer;
  }
  static v1::Customer Named(const std::string& name) {
    v1::Customer customer;
    customer.mutable_identity()->add_names(name);
    return customer;
  }
  absl::StatusOr<v1::Customer> Create(rpc::Client& client, const std::string& id, const v1::Customer& customer) {
    v1::CreateCustomerRequest request;
    request.set_customer_id(id);
    *request.mutable_customer() = customer;
    request.set_request_id(NewRequestId());
    return As<v1::Customer>(client, kCustomers, "CreateCustomer", request);
  }
  v1::Customer Read(const std::string& id) {
    return *Get<v1::Customer, v1::GetCustomerRequest>(kCustomers, "GetCustomer", "customers/" + id);
  }
  absl::StatusOr<v1::Customer> Merge(const std::string& id, const std::string& into, const std::string& etag = "") {
    v1::MergeCustomerRequest request;
    request.set_name("customers/" + id);
    request.set_into("customers/" + into);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return Call<v1::Customer>(kCustomers, "MergeCustomer", request);
  }
  absl::StatusOr<v1::Customer> Undo(const std::string& id) {
    return Do<v1::Customer, v1::UndoMergeCustomerRequest>(kCustomers, "UndoMergeCustomer", "customers/" + id);
  }
  absl::StatusOr<v1::Customer> Erase(rpc::Client& client, const std::string& id) {
    v1::EraseCustomerRequest request;
    request.set_name("customers/" + id);
    request.set_request_id(NewRequestId());
    return As<v1::Customer>(client, kCustomers, "EraseCustomer", request);
  }
  absl::StatusOr<v1::ResolveCustomerResponse> Resolve(rpc::Client& client, const v1::ResolveCustomerRequest& request) {
    return As<v1::ResolveCustomerResponse>(client, kCustomers, "ResolveCustomer", request);
  }
  // "customer: KIND key known_to; ..." of each candidate that shares a key.
  std::vector<std::string> Meant(const v1::ResolveCustomerRequest& request) {
    std::vector<std::string> meant;
    const auto reply = Resolve(*manager_, request);
    EXPECT_OK(reply);
    for (const v1::CustomerCandidate& candidate : reply->candidates()) {
      if (candidate.matches().empty()) continue;
      std::string one = candidate.customer() + ":";
      for (const v1::CustomerMatch& match : candidate.matches()) {
        StrAppend(&one, " ", v1::CustomerMatch::Kind_Name(match.kind()), " ", match.key(), " ", match.known_to(), ";");
      }
      meant.push_back(one);
    }
    return meant;
  }
  // "customer DECISION NAME_RULE known" of each candidate, once there are as many: what is in memory is a moment
  // behind.
  std::vector<std::string> Alike(const std::string& name, size_t expected) {
    std::vector<std::string> alike;
    for (const absl::Time give_up = absl::Now() + absl::Seconds(20); absl::Now() < give_up;) {
      alike.clear();
      const auto reply = Resolve(*manager_, Name(name));
      EXPECT_OK(reply);
      if (!reply.ok()) break;
      for (const v1::CustomerCandidate& candidate : reply->candidates()) {
        const v1::CustomerEvidence& evidence = candidate.evidence(0);
        alike.push_back(StrCat(candidate.customer(), " ", v1::CustomerCandidate::Decision_Name(candidate.decision()),
                               " ", v1::CustomerEvidence::NameRule_Name(evidence.name_rule()), " ", evidence.known()));
      }
      if (alike.size() == expected) break;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return alike;
  }
  static v1::ResolveCustomerRequest Name(const std::string& name) {
    v1::ResolveCustomerRequest request;
    request.add_names(name);
    return request;
  }
  const std::unique_ptr<rpc::Client> administrator_ =
      service_.ClientOf({.subject = "admin-1", .roles = {api::v1::ADMINISTRATOR}});
};

TEST_F(CustomersTest, IsMadeAndMeantByWhatItIsKnownBy) {
  ASSERT_OK_AND_ASSIGN(const v1::Customer made, Create(*manager_, "acme", Acme()));
  EXPECT_EQ(made.name(), "customers/acme");
  EXPECT_EQ(made.state(), v1::Customer::ACTIVE);
  EXPECT_EQ(made.canonical(), "customers/acme");
  EXPECT_FALSE(made.has_identity());
  EXPECT_EQ(Read("acme").identity().names(0), "Acme Holding GmbH");
  ASSERT_OK(Create(*manager_, "zenith", Named("Zenith")));
  ASSERT_OK(Create(*manager_, "acme-2", Named("ACME HOLDING")));
  EXPECT_THAT(Create(*manager_, "acme", Acme()), HasReason(Reason::kAlreadyExists));

  v1::ResolveCustomerRequest asked = Name("acme-holding, GMBH");
  asked.add_tax_ids("de 123 456 789");
  asked.add_domains("WWW.ACME.example");
  EXPECT_THAT(Meant(asked),
              ElementsAre("customers/acme: TAX_ID VAT DE123456789 customers/acme; DOMAIN acme.example customers/acme; "
                          "NAME acmeholding customers/acme;",
                          "customers/acme-2: NAME acmeholding customers/acme-2;"));
  EXPECT_EQ(Resolve(*manager_, asked)->candidates(1).matches(0).asked(), "acme-holding, GMBH");
  EXPECT_THAT(Meant(Name("Nobody")), IsEmpty());
  v1::ResolveCustomerRequest there;
  there.add_addresses("hauptstr 1, 10115 BERLIN");
  EXPECT_THAT(Meant(there), ElementsAre("customers/acme: ADDRESS  hauptstr110115berlin customers/acme;"));
  EXPECT_THAT(Resolve(*manager_, {}), Blames("names"));
  v1::ResolveCustomerRequest wrong;
  wrong.add_domains("gmail.com");
  EXPECT_THAT(Resolve(*manager_, wrong), Blames("domains[0]"));
  v1::Customer spoiled = Acme();
  spoiled.mutable_identity()->set_domains(0, "nonsense");
  spoiled.mutable_identity()->add_names("a\nb");
  EXPECT_THAT(Create(*manager_, "x", spoiled), Blames("customer.identity.domains[0]"));
  EXPECT_THAT(Create(*manager_, "x", spoiled), Blames("customer.identity.names[1]"));
  spoiled = Acme();
  spoiled.set_region("regions/none");
  EXPECT_THAT(Create(*manager_, "x", spoiled), HasReason(Reason::kReferenceNotFound));

  // The vendor's alone: neither whether there is one nor what it is like is told to partners.
  EXPECT_THAT(Create(*user_, "x", Acme()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Resolve(*user_, asked), HasReason(Reason::kPermissionDenied));
  v1::GetCustomerRequest get;
  get.set_name("customers/acme");
  EXPECT_THAT(As<v1::Customer>(*user_, kCustomers, "GetCustomer", get), HasReason(Reason::kPermissionDenied));
  ExpectNowhere({"Acme Holding", "DE123456789", "acme.example", "Hauptstr"});
}

// Of which segment it is, and where, changes; by what it is known does not.
TEST_F(CustomersTest, AreOfAnotherSegmentFromNowOn) {
  const std::string import = NewImport("regions");
  v1::BatchImportRegionsRequest regions;
  AddRegion(&regions, "north");
  ASSERT_OK(ImportRegions(regions, import));
  v1::Customer acme = Acme();
  acme.set_region("regions/north");
  ASSERT_OK(Create(*manager_, "acme", acme));
  const auto update = [&](rpc::Client& client, const std::string& field,
                          const std::function<void(v1::Customer*)>& set) {
    v1::UpdateCustomerRequest request;
    request.mutable_customer()->set_name("customers/acme");
    set(request.mutable_customer());
    request.mutable_update_mask()->add_paths(field);
    request.set_request_id(NewRequestId());
    return As<v1::Customer>(client, kCustomers, "UpdateCustomer", request);
  };
  const std::string before = Read("acme").identity().SerializeAsString();
  const auto schools = [](v1::Customer* customer) { customer->set_segment("schools"); };
  ASSERT_OK_AND_ASSIGN(const v1::Customer changed, update(*manager_, "segment", schools));
  EXPECT_EQ(changed.segment(), "schools");
  EXPECT_FALSE(changed.has_identity());
  EXPECT_EQ(Read("acme").segment(), "schools");
  EXPECT_EQ(Read("acme").etag(), changed.etag());
  EXPECT_EQ(Read("acme").identity().SerializeAsString(), before);
  EXPECT_EQ(Told().count("updated customers/acme"), 1u);
  EXPECT_THAT(update(*manager_, "segment", [](v1::Customer* c) { c->set_segment("a\nb"); }),
              Blames("customer.segment"));
  EXPECT_THAT(update(*manager_, "region", [](v1::Customer* c) { c->set_region("regions/none"); }),
              HasReason(Reason::kReferenceNotFound));
  // A region that is not in use any more stays until another is set.
  EXPECT_EQ(PartnersTest::Undo(import), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Customer kept, update(*manager_, "segment", schools));
  EXPECT_EQ(kept.region(), "regions/north");
  EXPECT_THAT(update(*manager_, "identity",
                     [](v1::Customer* c) {
                       *c = Acme();
                       c->set_name("customers/acme");
                     }),
              HasReason(Reason::kInvalidField));
  EXPECT_THAT(update(*manager_, "segment",
                     [](v1::Customer* c) {
                       c->set_segment("x");
                       c->set_etag("\"v1\"");
                     }),
              HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(update(*user_, "segment", schools), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Erase(*administrator_, "acme"));
  EXPECT_THAT(update(*manager_, "segment", schools), HasReason(Reason::kStateConflict));
}

TEST_F(CustomersTest, AreMeantByNamesThatAreAlike) {
  ASSERT_OK(Create(*manager_, "tcc", Named("臺灣水泥股份有限公司")));
  ASSERT_OK(Create(*manager_, "tsmc", Named("台灣積體電路製造股份有限公司")));
  ASSERT_OK(Create(*manager_, "northwind", Named("Northwind Optics Ltd.")));
  EXPECT_THAT(Alike("台泥", 1), ElementsAre("customers/tcc POSSIBLE SHORT_NAME 臺灣水泥股份有限公司"));
  EXPECT_THAT(Alike("台积电", 1), ElementsAre("customers/tsmc POSSIBLE SHORT_NAME 台灣積體電路製造股份有限公司"));
  EXPECT_THAT(Alike("Nortwind Optics", 1), ElementsAre("customers/northwind SAME WORDS Northwind Optics Ltd."));
  // The same both ways round; an exact key comes first.
  ASSERT_OK(Create(*manager_, "short", Named("台泥")));
  EXPECT_THAT(Alike("臺灣水泥", 2),
              ElementsAre("customers/tcc SAME EQUAL 臺灣水泥股份有限公司", "customers/short POSSIBLE SHORT_NAME 台泥"));
  EXPECT_THAT(Alike("台泥股份有限公司", 2),
              ElementsAre("customers/short SAME EQUAL 台泥", "customers/tcc POSSIBLE SHORT_NAME 臺灣水泥股份有限公司"));
  // Merged, both are one; erased, they are nobody.
  ASSERT_OK(Merge("short", "tcc"));
  EXPECT_THAT(Alike("台泥", 1), ElementsAre("customers/tcc SAME EQUAL 台泥"));
  ASSERT_OK(Erase(*administrator_, "tcc"));
  EXPECT_THAT(Alike("台泥", 0), IsEmpty());
  EXPECT_THAT(Resolve(*user_, Name("台泥")), HasReason(Reason::kPermissionDenied));
  ExpectNowhere({"水泥", "Northwind"});
}

TEST_F(CustomersTest, MergesAreFollowedAndUndoneExactly) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_OK(Create(*manager_, id, Named(id + std::string(" trading"))));
  const std::string before = Read("a").identity().SerializeAsString();
  ASSERT_OK_AND_ASSIGN(const v1::Customer merged, Merge("a", "b", Read("a").etag()));
  EXPECT_EQ(merged.state(), v1::Customer::MERGED);
  EXPECT_EQ(merged.canonical(), "customers/b");
  EXPECT_EQ(merged.aliases(0).into(), "customers/b");
  EXPECT_THAT(Meant(Name("a trading")), ElementsAre("customers/b: NAME atrading customers/a;"));

  // A chain, and what would be a circle.
  ASSERT_OK(Merge("b", "c"));
  EXPECT_EQ(Read("a").canonical(), "customers/c");
  EXPECT_THAT(Merge("c", "a"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Merge("c", "c"), Blames("into"));
  EXPECT_THAT(Merge("a", "d"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Merge("d", "a"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Merge("d", "none"), HasReason(Reason::kNotFound));

  // The middle is undone: what was merged into it stays with it. Then the end of the chain.
  ASSERT_OK_AND_ASSIGN(const v1::Customer undone, Undo("b"));
  EXPECT_EQ(undone.state(), v1::Customer::ACTIVE);
  EXPECT_TRUE(undone.aliases(0).has_end_time());
  EXPECT_EQ(Read("a").canonical(), "customers/b");
  ASSERT_OK(Undo("a"));
  EXPECT_THAT(Undo("a"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Read("a").canonical(), "customers/a");
  EXPECT_EQ(Read("a").identity().SerializeAsString(), before);
  EXPECT_THAT(Meant(Name("a trading")), ElementsAre("customers/a: NAME atrading customers/a;"));
  ASSERT_OK(Merge("a", "d"));
  EXPECT_EQ(Read("a").aliases_size(), 2);
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count("merged customers/a"), 2u);
  EXPECT_EQ(told.count("mergeUndone customers/a"), 1u);
}

// Everybody merged into everybody, at once: whatever comes of it is no circle.
TEST_F(CustomersTest, MergesAtOnceMakeNoCircle) {
  const std::vector<std::string> ids = {"a", "b", "c"};
  for (const std::string& id : ids) ASSERT_OK(Create(*manager_, id, Named(id)));
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> merged = 0;
    std::vector<std::thread> threads;
    for (const std::string& id : ids) {
      for (const std::string& into : ids) {
        if (id != into) threads.emplace_back([&, id, into] { merged += Merge(id, into).ok(); });
      }
    }
    for (std::thread& thread : threads) thread.join();
    // Of three, two merges leave one; a third is impossible.
    EXPECT_GE(merged, 1);
    EXPECT_LE(merged, 2);
    int active = 0;
    for (const std::string& id : ids) {
      const v1::Customer customer = Read(id);
      active += customer.state() == v1::Customer::ACTIVE;
      EXPECT_EQ(Read(customer.canonical().substr(10)).state(), v1::Customer::ACTIVE);
    }
    EXPECT_EQ(active, 3 - merged);
    for (const std::string& id : ids) {
      if (Read(id).state() == v1::Customer::MERGED) ASSERT_OK(Undo(id));
    }
  }
}

// Who follows the feed knows names that it was told elsewhere by their digests, also of a customer that is erased.
TEST(CustomerFeedTest, TellsDigestsOfNamesAndNoName) {
  Customer customer;
  customer.id = "acme";
  customer.revision = Revision::First(absl::Now());
  customer.state = CustomerState::kErased;
  const events::EventDraft draft = Told("erased", customer, "acme", {"Acme Holding GmbH", "ACME-Holding"});
  v1::Customer told;
  ASSERT_TRUE(told.ParseFromString(draft.payload));
  EXPECT_FALSE(told.has_identity());
  EXPECT_THAT(told.name_digests(), ElementsAre(Sha256Hex("acmeholding"), Sha256Hex("acmeholding")));
  EXPECT_EQ(draft.payload.find("Acme"), std::string::npos);
}

TEST_F(CustomersTest, ErasedItIsANameAndNothingElse) {
  ASSERT_OK(Create(*manager_, "acme", Acme()));
  ASSERT_OK(Create(*manager_, "old", Named("Old Acme")));
  ASSERT_OK(Create(*manager_, "older", Named("Older Acme")));
  ASSERT_OK(Create(*manager_, "other", Named("Other")));
  ASSERT_OK(Merge("older", "old"));
  ASSERT_OK(Merge("old", "acme"));
  EXPECT_THAT(Erase(*manager_, "acme"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Customer erased, Erase(*administrator_, "acme"));
  EXPECT_EQ(erased.state(), v1::Customer::ERASED);
  // All that were the same one went with it.
  for (const char* id : {"acme", "old", "older"}) {
    const v1::Customer customer = Read(id);
    EXPECT_EQ(customer.state(), v1::Customer::ERASED) << id;
    EXPECT_FALSE(customer.has_identity());
    EXPECT_EQ(customer.canonical(), "customers/acme");
  }
  EXPECT_EQ(Read("acme").segment(), "retail");
  for (const char* name : {"Acme Holding", "Old Acme", "Older Acme"}) EXPECT_THAT(Meant(Name(name)), IsEmpty());
  EXPECT_EQ(Read("other").state(), v1::Customer::ACTIVE);
  EXPECT_THAT(Erase(*administrator_, "acme"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Undo("old"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Merge("other", "acme"), HasReason(Reason::kStateConflict));
  // The name stays taken: what refers to it means nobody else.
  EXPECT_THAT(Create(*manager_, "acme", Acme()), HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(Told().count("erased customers/older"), 1u);
  v1::ListCustomersRequest list;
  list.set_filter("state = ERASED");
  EXPECT_EQ(As<v1::ListCustomersResponse>(*auditor_, kCustomers, "ListCustomers", list)->customers_size(), 3);
}

}  // namespace
}  // namespace tributary::partner
