#include "partner-service/partners/partner_store.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/text/text.h"
#include "partner-service/partners/name_key.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PartnerStoreTest : public StoreTest {
 protected:
  Partner Of(std::string id) {
    return {
        .id = id,
        .revision = Revision::First(kNow),
        .legal_name = "华为技术有限公司 \xF0\x9F\x9A\xB2",
        .trade_names = {"Huawei", "华为"},
        .kind = PartnerKind::kValueAddedReseller,
        .tax_ids = {{TaxIdType::kOther, "91440300"}, {TaxIdType::kOther, "with spaces 1"}},
        .home_region = "regions/cn",
        .currency = "CNY",
        .time_zone = "Asia/Shanghai",
        .addresses = {{AddressKind::kRegistered, "CN", "Bantian, Shenzhen"}, {AddressKind::kShipping, "", "Dock 4"}},
        .application = "applications/a-1",
        .account_manager = "manager-7"};
  }
  absl::StatusOr<Partner> Create(const Partner& partner) {
    return Ask<Partner>([&](mysql::Transaction& sql) { return store_.Create(sql, partner); });
  }
  absl::Status Update(const Partner& partner) {
    return database_->Transact({.deadline = absl::Now() + absl::Milliseconds(300)},
                               [&](mysql::Transaction& sql) { return store_.Update(sql, partner); });
  }
  absl::StatusOr<Partner> Get(std::string_view id) {
    return Ask<Partner>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  std::vector<std::string> Ids(const std::string& filter, bool show_terminated = false) {
    std::vector<std::string> ids;
    for (const Partner& partner : All<Partner>(
             PartnerStore::Fields(), 3, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page, show_terminated); },
             [](const Partner&last) { return std::vector{last.id}; })) {
      ids.push_back(partner.id);
    }
    return ids;
  }
  PartnerStore store_;
};

TEST_F(PartnerStoreTest, APartnerIsReadAsItWasWritten) {
  const Partner partner = Of("p-1");
  ASSERT_OK(Create(partner));
  for (const bool locked : {false, true}) {
    const auto read = Ask<Partner>(
        [&](mysql::Transaction& sql) { return locked ? store_.GetForUpdate(sql, "p-1") : store_.Get(sql, "p-1"); });
    ASSERT_OK(read);
    EXPECT_EQ(read->id, "p-1");
    EXPECT_EQ(read->revision, partner.revision);
    EXPECT_EQ(read->state, PartnerState::kProspect);
    EXPECT_FALSE(read->undone);
    EXPECT_EQ(read->legal_name, partner.legal_name);
    EXPECT_EQ(read->trade_names, partner.trade_names);
    EXPECT_EQ(read->kind, partner.kind);
    EXPECT_EQ(read->tax_ids, partner.tax_ids);
    EXPECT_EQ(read->home_region, partner.home_region);
    EXPECT_EQ(read->currency, partner.currency);
    EXPECT_EQ(read->time_zone, partner.time_zone);
    EXPECT_EQ(read->addresses, partner.addresses);
    EXPECT_EQ(read->account_manager, "manager-7");
    EXPECT_EQ(read->application, partner.application);
  }
  EXPECT_THAT(Get("p-2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("P-1"), HasReason(Reason::kNotFound));
}

TEST_F(PartnerStoreTest, AnIdIsGivenOnceUnlessItsImportWasUndone) {
  ASSERT_OK(Create(Of("p-1")));
  EXPECT_THAT(Create(Of("p-1")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(*Terminate(*Get("p-1"), kNow)));
  EXPECT_THAT(Create(Of("p-1")), HasReason(Reason::kAlreadyExists));

  ASSERT_OK(Update(TakeBack(*Get("p-1"), kNow)));
  EXPECT_EQ(Get("p-1")->revision.version, 3);
  const Partner again = Of("p-1");
  const auto created = Create(again);
  ASSERT_OK(created);
  EXPECT_EQ(created->revision.version, 4);
  const auto read = Get("p-1");
  EXPECT_EQ(read->revision, created->revision);
  EXPECT_EQ(read->revision.uid, again.revision.uid);
  EXPECT_EQ(read->state, PartnerState::kProspect);
  EXPECT_FALSE(read->undone);
  EXPECT_THAT(Create(Of("p-1")), HasReason(Reason::kAlreadyExists));
}

TEST_F(PartnerStoreTest, ATaxIdIsOfOneOpenPartner) {
  const TaxId code{TaxIdType::kCnUscc, "91330100799655058B"}, vat{TaxIdType::kVat, "DE136695976"};
  const auto with = [&](std::string id, std::vector<TaxId> ids) {
    Partner partner = Of(std::move(id));
    partner.tax_ids = std::move(ids);
    return partner;
  };
  ASSERT_OK(Create(with("p-1", {vat, code})));
  EXPECT_THAT(Create(with("p-2", {code})), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Get("p-2"), HasReason(Reason::kNotFound));
  ASSERT_OK(Create(with("p-2", {})));
  Partner changed = *Get("p-2");
  changed.tax_ids = {{TaxIdType::kOther, "1"}, vat};
  changed.revision = changed.revision.Next(kNow);
  const absl::Status taken = Update(changed);
  EXPECT_THAT(taken, HasReason(Reason::kStateConflict));
  EXPECT_NE(taken.message().find("tax_ids[1].value: got VAT DE136695976, which partners/p-1 has"), std::string::npos)
      << taken;
  EXPECT_EQ(Get("p-2")->revision.version, 1);
  // Its own stay its own; what it gives up and what a TERMINATED one had is free.
  Partner less = *Get("p-1");
  less.tax_ids = {code};
  less.revision = less.revision.Next(kNow);
  ASSERT_OK(Update(less));
  ASSERT_OK(Update(changed));
  ASSERT_OK(Update(*Terminate(*Get("p-1"), kNow)));
  EXPECT_OK(Create(with("p-3", {code})));
  EXPECT_THAT(Ids("tax_ids:\"91330100799655058B\""), ElementsAre("p-3"));
  EXPECT_THAT(Ids("tax_ids:DE136695976 AND account_manager = \"manager-7\""), ElementsAre("p-2"));
}

TEST_F(PartnerStoreTest, AMergeIsKeptAndItsTaxIdsAreTheSurvivorsToTake) {
  const TaxId code{TaxIdType::kCnUscc, "91330100799655058B"};
  Partner duplicate = Of("p-1"), survivor = Of("p-2"), third = Of("p-3");
  duplicate.tax_ids = {code};
  survivor.tax_ids = third.tax_ids = {};
  for (const Partner& partner : {duplicate, survivor, third}) ASSERT_OK(Create(partner));
  ASSERT_OK(Update(*Merge(*Get("p-1"), *Get("p-2"), "同一家公司", "manager-1", kNow)));
  auto read = Get("p-1");
  ASSERT_OK(read);
  const PartnerMerge want{.survivor = "partners/p-2",
                          .state_before = PartnerState::kProspect,
                          .time = kNow,
                          .reason = "同一家公司",
                          .principal = "manager-1"};
  EXPECT_EQ(read->merge, want);
  EXPECT_EQ(read->state, PartnerState::kTerminated);
  EXPECT_THAT(Ids("merged_into = \"partners/p-2\"", true), ElementsAre("p-1"));
  EXPECT_THAT(Ids(""), ElementsAre("p-2", "p-3"));

  // A third one cannot have its number, the survivor can.
  const auto take = [&](const char* id) {
    Partner taker = *Get(id);
    taker.tax_ids = {code};
    taker.revision = taker.revision.Next(kNow);
    return Update(taker);
  };
  EXPECT_THAT(take("p-3"), HasReason(Reason::kStateConflict));
  ASSERT_OK(Update(*UndoMerge(*Get("p-1"), kNow)));
  read = Get("p-1");
  EXPECT_FALSE(read->merge.has_value());
  EXPECT_EQ(read->state, PartnerState::kProspect);
  EXPECT_EQ(read->tax_ids, duplicate.tax_ids);
  EXPECT_THAT(take("p-2"), HasReason(Reason::kStateConflict));

  ASSERT_OK(Update(*Merge(*Get("p-1"), *Get("p-2"), "the same", "manager-1", kNow)));
  ASSERT_OK(take("p-2"));
  EXPECT_THAT(Update(*UndoMerge(*Get("p-1"), kNow)), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Ids("tax_ids:\"91330100799655058B\"", true), ElementsAre("p-1", "p-2"));
}

TEST_F(PartnerStoreTest, WhoIsAlikeIsFoundByNameAndTaxId) {
  const TaxId code{TaxIdType::kCnUscc, "91330100799655058B"};
  for (const auto& [id, name] : {std::pair("p-1", "Acme Trading Co., Ltd."), std::pair("p-2", "ACME TRADING LTD"),
                                 std::pair("p-3", "Acme Trading"), std::pair("p-4", "Other")}) {
    Partner partner = Of(id);
    partner.legal_name = name;
    partner.tax_ids = {};
    if (partner.id == "p-4") partner.tax_ids = {code, {TaxIdType::kOther, "7"}};
    ASSERT_OK(Create(partner));
  }
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    const std::string acme = NameKeyOf("acme trading"), other = NameKeyOf("Other"), none = NameKeyOf("Nobody");
    ASSIGN_OR_RETURN(const auto found, store_.WithNames(sql, {acme, other, none, acme}));
    EXPECT_EQ(found.size(), 2u);
    EXPECT_THAT(found.at(acme), ElementsAre("partners/p-1", "partners/p-3"));
    EXPECT_THAT(found.at(other), ElementsAre("partners/p-4"));
    ASSIGN_OR_RETURN(const auto holders, store_.WithTaxIds(sql, {code, {TaxIdType::kOther, "7"}}));
    EXPECT_EQ(holders.size(), 1u);
    EXPECT_EQ(holders.at(code.value), "partners/p-4");
    return absl::OkStatus();
  }));
  ASSERT_OK(Update(*Terminate(*Get("p-4"), kNow)));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, store_.WithNames(sql, {NameKeyOf("Other")}));
    EXPECT_TRUE(found.empty());
    ASSIGN_OR_RETURN(const auto holders, store_.WithTaxIds(sql, {code}));
    EXPECT_TRUE(holders.empty());
    return absl::OkStatus();
  }));
}

TEST_F(PartnerStoreTest, SomeAndTheNextAreReadById) {
  for (const char* id : {"a", "b", "c"}) ASSERT_OK(Create(Of(id)));
  const auto ids = [&](const std::function<absl::StatusOr<std::vector<Partner>>(mysql::Transaction&)>& read) {
    std::vector<std::string> ids;
    const std::vector<Partner> found = *Ask<std::vector<Partner>>(read);
    for (const Partner& one : found) ids.push_back(one.id);
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

TEST_F(PartnerStoreTest, OnlyTheNextVersionIsStored) {
  ASSERT_OK(Create(Of("p-1")));
  const Partner read = *Get("p-1");
  ASSERT_OK(Update(*Activate(read, true, kNow + absl::Hours(1))));
  EXPECT_THAT(Update(*Activate(read, true, kNow + absl::Hours(1))), HasReason(Reason::kConflictRetry));
  EXPECT_EQ(Get("p-1")->state, PartnerState::kActive);
  EXPECT_EQ(Get("p-1")->revision.version, 2);
  EXPECT_EQ(Get("p-1")->revision.create_time, kNow);
  EXPECT_EQ(Get("p-1")->revision.update_time, kNow + absl::Hours(1));
}

TEST_F(PartnerStoreTest, ListsInPagesByIdAndByFilter) {
  for (int i = 0; i < 10; ++i) {
    Partner partner = Of(StrCat("p-", i));
    partner.legal_name = i % 2 == 0 ? "Acme" : "acme";
    partner.currency = i < 4 ? "USD" : "EUR";
    if (i == 9) partner.home_region = "";
    ASSERT_OK(Create(partner));
  }
  ASSERT_OK(Update(*Terminate(*Get("p-5"), kNow)));
  EXPECT_THAT(Ids(""), SizeIs(9));
  EXPECT_THAT(Ids("", true), SizeIs(10));
  EXPECT_THAT(Ids("legal_name = Acme AND currency = USD"), ElementsAre("p-0", "p-2"));
  EXPECT_THAT(Ids("legal_name:cme AND currency = USD"), ElementsAre("p-0", "p-1", "p-2", "p-3"));
  EXPECT_THAT(Ids("state = TERMINATED", true), ElementsAre("p-5"));
  EXPECT_THAT(Ids("state = TERMINATED"), IsEmpty());
  EXPECT_THAT(Ids("kind = DEALER"), IsEmpty());
  EXPECT_THAT(Ids("NOT home_region = \"regions/cn\""), ElementsAre("p-9"));
}

}  // namespace
}  // namespace tributary::partner
