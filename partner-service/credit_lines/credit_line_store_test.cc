#include "partner-service/credit_lines/credit_line_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CreditLineStoreTest : public StoreTest {
 protected:
  CreditLine Of(std::string partner_id, std::string id, std::string currency = "CNY") {
    return {.partner_id = partner_id,
            .id = id,
            .revision = Revision::First(kNow),
            .limit = {currency, *Decimal::Parse("100000.000001")},
            .payment_terms_days = 30,
            .valid = {*Date::Parse("2026-01-01"), OpenEnd()}};
  }
  absl::StatusOr<CreditLine> Create(const CreditLine& line) {
    return Ask<CreditLine>([&](mysql::Transaction& sql) { return store_.Create(sql, line); });
  }
  absl::Status Update(const CreditLine& line) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, line); });
  }
  absl::StatusOr<CreditLine> Get(std::string_view partner_id, std::string_view id) {
    return Ask<CreditLine>([&](mysql::Transaction& sql) { return store_.Get(sql, partner_id, id); });
  }
  std::vector<std::string> Names(std::string_view partner_id, const std::string& filter) {
    std::vector<std::string> names;
    for (const CreditLine& line : All<CreditLine>(
             CreditLineStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner_id, page); },
             [](const CreditLine&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(line.partner_id, "/", line.id));
    }
    return names;
  }
  CreditLineStore store_;
};

TEST_F(CreditLineStoreTest, ALineIsReadAsItWasWritten) {
  CreditLine line = Of("p-1", "main");
  line.valid.end = *Date::Parse("2027-01-01");
  line.on_hold = true;
  line = AskForLimit(line, *Decimal::Parse("200000.000001"), "clerk");
  ASSERT_OK(Create(line));
  ASSERT_OK_AND_ASSIGN(const CreditLine read, Get("p-1", "main"));
  EXPECT_EQ(read.name(), "partners/p-1/creditLines/main");
  EXPECT_EQ(read.revision, line.revision);
  EXPECT_EQ(read.limit, line.limit);
  EXPECT_EQ(read.payment_terms_days, 30);
  EXPECT_EQ(read.valid, line.valid);
  EXPECT_TRUE(read.on_hold);
  EXPECT_EQ(read.pending_limit, line.pending_limit);
  EXPECT_EQ(read.limit_asked_by, line.limit_asked_by);
  ASSERT_OK(Create(Of("p-2", "main")));
  EXPECT_EQ(Get("p-2", "main")->valid.end, OpenEnd());
  EXPECT_FALSE(Get("p-2", "main")->on_hold);
  EXPECT_THAT(Get("p-3", "main"), HasReason(Reason::kNotFound));
}

TEST_F(CreditLineStoreTest, AnIdIsGivenOnceUnlessItsImportWasUndone) {
  ASSERT_OK(Create(Of("p-1", "main")));
  EXPECT_THAT(Create(Of("p-1", "main")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(TakeBack(*Get("p-1", "main"), kNow)));
  const auto again = Create(Of("p-1", "main"));
  ASSERT_OK(again);
  EXPECT_EQ(again->revision.version, 3);
  EXPECT_FALSE(Get("p-1", "main")->on_hold);
}

TEST_F(CreditLineStoreTest, ListsOfOnePartnerAndOfAll) {
  for (const char* partner : {"p-1", "p-2"}) {
    ASSERT_OK(Create(Of(partner, "a", "USD")));
    ASSERT_OK(Create(Of(partner, "b")));
    ASSERT_OK(Create(Of(partner, "c")));
  }
  EXPECT_THAT(Names("p-2", ""), ElementsAre("p-2/a", "p-2/b", "p-2/c"));
  EXPECT_THAT(Names("", "currency = USD"), ElementsAre("p-1/a", "p-2/a"));
  EXPECT_THAT(Names("", "on_hold = true"), IsEmpty());
  EXPECT_THAT(Names("", ""), SizeIs(6));
  const auto of_partner =
      Ask<std::vector<CreditLine>>([&](mysql::Transaction& sql) { return store_.OfPartner(sql, "p-1"); });
  ASSERT_OK(of_partner);
  EXPECT_THAT(*of_partner, SizeIs(3));
}

}  // namespace
}  // namespace tributary::partner
