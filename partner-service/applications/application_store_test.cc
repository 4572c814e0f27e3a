#include "partner-service/applications/application_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
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
            .state = ApplicationState::kSubmitted,
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
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page, show_withdrawn); },
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
  EXPECT_EQ(read->state, ApplicationState::kSubmitted);
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

  const auto screened = Screen(*read, true, kNow);
  ASSERT_OK(screened);
  ASSERT_OK(Update(*screened));
  read = Get("a-1");
  ASSERT_OK(read);
  ASSERT_TRUE(read->screening.has_value());
  EXPECT_EQ(read->screening->score, screened->screening->score);
  EXPECT_EQ(read->screening->criteria.size(), 6u);
  EXPECT_EQ(read->screening->criteria[3].explanation, screened->screening->criteria[3].explanation);

  const auto rejected = Reject(*read, "不合格", kNow);
  ASSERT_OK(rejected);
  ASSERT_OK(Update(*rejected));
  EXPECT_EQ(Get("a-1")->rejection_reason, "不合格");
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
  EXPECT_EQ(Get("a-1000")->state, ApplicationState::kSubmitted);
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
  EXPECT_EQ(Get("a-1")->state, ApplicationState::kSubmitted);
}

TEST_F(ApplicationStoreTest, ListsByFilter) {
  for (int i = 0; i < 5; ++i) {
    Application application = Of(StrCat("a-", i));
    application.home_region = StrCat("regions/aw-", i % 2);
    ASSERT_OK(Create(application));
  }
  EXPECT_THAT(Ids("home_region = \"regions/aw-1\""), ElementsAre("a-1", "a-3"));
  EXPECT_THAT(Ids("state = SUBMITTED AND kind = RETAILER"), SizeIs(5));
  EXPECT_THAT(Ids("state = DRAFT"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
