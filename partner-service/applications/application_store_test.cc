#include "partner-service/applications/application_store.h"

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

class ApplicationStoreTest : public StoreTest {
 protected:
  Application Of(std::string id) {
    return {.id = id,
            .revision = Revision::First(kNow),
            .state = ApplicationState::kScreening,
            .legal_name = "Acme",
            .trade_names = {"A", "B"},
            .kind = PartnerKind::kRetailer,
            .tax_id = "T",
            .home_region = "regions/aw-1",
            .currency = "USD",
            .address = "1 Main St",
            .annual_sales = Money{.currency = "USD", .amount = *Decimal::Parse("300000.000001")},
            .employees = 0,
            .year_opened = 1974};
  }
  absl::StatusOr<Application> Create(const Application& application) {
    return Ask<Application>([&](mysql::Transaction& sql) { return store_.Create(sql, application); });
  }
  absl::Status Update(const Application& application) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, application); });
  }
  absl::StatusOr<Application> Get(std::string_view id) {
    return Ask<Application>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  std::vector<std::string> Ids(const std::string& filter, bool show_withdrawn = false) {
    std::vector<std::string> ids;
    for (const Application& application : All<Application>(
             ApplicationStore::Fields(), 3, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, "", page, show_withdrawn); },
             [](const Application&last) { return std::vector{last.id}; })) {
      ids.push_back(application.id);
    }
    return ids;
  }
  ApplicationStore store_;
};

TEST_F(ApplicationStoreTest, AnApplicationIsReadAsItWasWritten) {
  ASSERT_OK(Create(Of("a-1")));
  auto read = Get("a-1");
  ASSERT_OK(read);
  EXPECT_EQ(read->state, ApplicationState::kScreening);
  EXPECT_EQ(read->legal_name, "Acme");
  EXPECT_THAT(read->trade_names, ElementsAre("A", "B"));
  EXPECT_EQ(read->kind, PartnerKind::kRetailer);
  EXPECT_EQ(read->tax_id, "T");
  EXPECT_EQ(read->home_region, "regions/aw-1");
  EXPECT_EQ(read->currency, "USD");
  EXPECT_EQ(read->address, "1 Main St");
  EXPECT_EQ(read->annual_sales, Of("a-1").annual_sales);
  EXPECT_EQ(read->employees, 0);
  EXPECT_EQ(read->year_opened, 1974);
  EXPECT_FALSE(read->screening.has_value());

  const auto screened =
      Screen(*read, {.region_in_use = true, .duplicates = {{"partners/p-9", "legal name"}}}, "", kNow);
  ASSERT_OK(screened);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.UpdateScreening(sql, *screened); }));
  read = Get("a-1");
  ASSERT_OK(read);
  ASSERT_TRUE(read->screening.has_value());
  EXPECT_EQ(read->state, ApplicationState::kInReview);
  EXPECT_EQ(read->revision, screened->revision);
  EXPECT_EQ(read->screen_time, kNow);
  EXPECT_EQ(read->screening->criteria_version, kCriteriaInForce);
  EXPECT_EQ(read->screening->score, screened->screening->score);
  EXPECT_EQ(read->screening->criteria.size(), 10u);
  EXPECT_EQ(read->screening->criteria[3].explanation, screened->screening->criteria[3].explanation);
  EXPECT_EQ(AspectsOf(*read->screening), AspectsOf(*screened->screening));
  EXPECT_EQ(read->screening->duplicates, screened->screening->duplicates);

  const auto rejected = Reject(*read, "不合格", "manager-1", kNow);
  ASSERT_OK(rejected);
  ASSERT_OK(Update(*rejected));
  read = Get("a-1");
  EXPECT_EQ(read->rejection_reason, "不合格");
  EXPECT_EQ(read->decided_by, "manager-1");
  EXPECT_EQ(read->decide_time, kNow);
}

TEST_F(ApplicationStoreTest, WhoseItIsAndWhatProvesItIsReadAsItWasWritten) {
  Application application = Of("a-1");
  application.state = ApplicationState::kInReview;
  application.prospect = "partners/p-1";
  application.channel = "channels/c-1";
  application.references = {"一家银行", "A bank"};
  application.documents = {{.document_id = "d-1", .kind = DocumentKind::kLicense, .sha256 = std::string(64, 'a')},
                           {.document_id = "d-2",
                            .kind = DocumentKind::kOther,
                            .sha256 = std::string(64, 'b'),
                            .expires_on = *Date::Parse("2030-12-31")}};
  application.required_documents = {DocumentKind::kLicense, DocumentKind::kOther};
  application.reviewer = "manager-7";
  application.created_by = "user-1";
  application.submit_time = kNow;
  application.complete_time = kNow + absl::Hours(1);
  application.screening = Screening{.criteria_version = "2026-1"};
  application.screen_time = kNow + absl::Hours(2);
  ASSERT_OK(Create(application));
  auto read = Get("a-1");
  ASSERT_OK(read);
  EXPECT_EQ(read->prospect, application.prospect);
  EXPECT_EQ(read->channel, application.channel);
  EXPECT_EQ(read->references, application.references);
  EXPECT_EQ(read->documents, application.documents);
  EXPECT_EQ(read->required_documents, application.required_documents);
  EXPECT_FALSE(read->info_request.has_value());
  EXPECT_EQ(read->reviewer, application.reviewer);
  EXPECT_EQ(read->created_by, application.created_by);
  EXPECT_EQ(read->submit_time, application.submit_time);
  EXPECT_EQ(read->complete_time, application.complete_time);
  EXPECT_EQ(read->screen_time, application.screen_time);
  EXPECT_FALSE(read->decide_time.has_value());

  const auto asked =
      RequestInfo(*read, {.text = "还要什么?", .kinds = {DocumentKind::kIdentity}, .asked_by = "manager-1"}, kNow);
  ASSERT_OK(asked);
  ASSERT_OK(Update(*asked));
  read = Get("a-1");
  ASSERT_TRUE(read->info_request.has_value());
  EXPECT_EQ(read->info_request->text, "还要什么?");
  EXPECT_EQ(read->info_request->kinds, std::vector{DocumentKind::kIdentity});
  EXPECT_EQ(read->info_request->asked_by, "manager-1");
  EXPECT_EQ(read->info_request->ask_time, kNow);
  EXPECT_FALSE(read->complete_time.has_value());
}

TEST_F(ApplicationStoreTest, WhoIsAlikeIsFoundByName) {
  for (const auto& [id, name] : {std::pair("a-1", "Acme Trading Co., Ltd."), std::pair("a-2", "ACME TRADING"),
                                 std::pair("a-3", "acme-trading inc."), std::pair("a-4", "Other")}) {
    Application application = Of(id);
    application.legal_name = name;
    ASSERT_OK(Create(application));
  }
  const std::string acme = NameKeyOf("Acme Trading"), other = NameKeyOf("Other");
  const auto found = [&] {
    return *Ask<absl::flat_hash_map<std::string, std::vector<std::string>>>([&](mysql::Transaction& sql) {
      return store_.WithNames(sql, {acme, other});
    });
  };
  EXPECT_THAT(found().at(acme), ElementsAre("applications/a-1", "applications/a-3"));
  EXPECT_THAT(found().at(other), ElementsAre("applications/a-4"));
  ASSERT_OK(Update(*Withdraw(*Get("a-4"), kNow)));
  ASSERT_OK(Update(*Reject(*Get("a-3"), "no", "m", kNow)));
  EXPECT_FALSE(found().contains(other));
  EXPECT_THAT(found().at(acme), ElementsAre("applications/a-1", "applications/a-2"));
}

TEST_F(ApplicationStoreTest, SomeAndTheNextAreReadById) {
  for (const char* id : {"a", "b", "c"}) ASSERT_OK(Create(Of(id)));
  const auto ids = [&](const std::function<absl::StatusOr<std::vector<Application>>(mysql::Transaction&)>& read) {
    std::vector<std::string> ids;
    const std::vector<Application> found = *Ask<std::vector<Application>>(read);
    for (const Application& one : found) ids.push_back(one.id);
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

TEST_F(ApplicationStoreTest, AProspectsAreListedAlone) {
  for (int i = 0; i < 5; ++i) {
    Application application = Of(StrCat("a-", i));
    if (i % 2 == 1) application.prospect = "partners/p-1";
    ASSERT_OK(Create(application));
  }
  const auto page = PageOf(ApplicationStore::Fields(), {.size = 10});
  ASSERT_OK(page);
  const auto listed = Ask<std::vector<Application>>(
      [&](mysql::Transaction& sql) { return store_.List(sql, "partners/p-1", *page, false); });
  ASSERT_OK(listed);
  ASSERT_THAT(*listed, SizeIs(2));
  EXPECT_EQ((*listed)[1].id, "a-3");
}

TEST_F(ApplicationStoreTest, WhatIsNotToldStaysUntold) {
  Application bare = Of("a-1");
  bare.annual_sales.reset();
  bare.employees.reset();
  bare.year_opened.reset();
  bare.trade_names.clear();
  ASSERT_OK(Create(bare));
  const auto read = Get("a-1");
  ASSERT_OK(read);
  EXPECT_FALSE(read->annual_sales.has_value());
  EXPECT_FALSE(read->employees.has_value());
  EXPECT_FALSE(read->year_opened.has_value());
  EXPECT_THAT(read->trade_names, IsEmpty());
}

TEST_F(ApplicationStoreTest, ImportsAreFoundAgainAndTakenBack) {
  std::vector<Application> many;
  for (int i = 0; i < 700; ++i) many.push_back(Of(StrCat("a-", 1000 + i)));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Import(sql, many, "i-1"); }));
  ASSERT_OK(Create(Of("b-1")));
  EXPECT_THAT(Ids(""), SizeIs(701));

  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto known, store_.GetAllForUpdate(sql, {"b-1", "a-1003", "a-1", "a-1003"}));
    EXPECT_EQ(known.size(), 2u);
    ASSIGN_OR_RETURN(const std::vector<Application> brought, store_.BroughtBy(sql, "i-1", 300));
    EXPECT_EQ(brought.size(), 300u);
    for (const Application& application : brought) RETURN_IF_ERROR(store_.Update(sql, TakeBack(application, kNow)));
    ASSIGN_OR_RETURN(const std::vector<Application> left, store_.BroughtBy(sql, "i-1", 1000));
    EXPECT_EQ(left.size(), 400u);
    return absl::OkStatus();
  }));
  EXPECT_THAT(Ids(""), SizeIs(401));
  EXPECT_THAT(Ids("state = WITHDRAWN", true), SizeIs(300));

  Application again = Of("a-1000");
  again.revision.version = 3;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.ImportOver(sql, {&again, 1}, "i-2"); }));
  EXPECT_EQ(Get("a-1000")->state, ApplicationState::kScreening);
  EXPECT_FALSE(Get("a-1000")->undone);
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Application> brought, store_.BroughtBy(sql, "i-2", 10));
    EXPECT_EQ(brought.size(), 1u);
    return absl::OkStatus();
  }));
}

TEST_F(ApplicationStoreTest, AnIdIsGivenOnceUnlessItsImportWasUndone) {
  ASSERT_OK(Create(Of("a-1")));
  EXPECT_THAT(Create(Of("a-1")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(TakeBack(*Get("a-1"), kNow)));
  const auto again = Create(Of("a-1"));
  ASSERT_OK(again);
  EXPECT_EQ(again->revision.version, 3);
  EXPECT_EQ(Get("a-1")->revision.version, 3);
  EXPECT_EQ(Get("a-1")->state, ApplicationState::kScreening);
}

TEST_F(ApplicationStoreTest, ListsByFilter) {
  for (int i = 0; i < 5; ++i) {
    Application application = Of(StrCat("a-", i));
    application.home_region = StrCat("regions/aw-", i % 2);
    ASSERT_OK(Create(application));
  }
  EXPECT_THAT(Ids("home_region = \"regions/aw-1\""), ElementsAre("a-1", "a-3"));
  EXPECT_THAT(Ids("state = SCREENING AND kind = RETAILER"), SizeIs(5));
  EXPECT_THAT(Ids("state = DRAFT"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
