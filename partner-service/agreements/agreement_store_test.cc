#include "partner-service/agreements/agreement_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class AgreementStoreTest : public StoreTest {
 protected:
  Agreement Of(std::string partner_id, std::string id, const char* from = "2010-10-01", Date to = OpenEnd()) {
    return {.partner_id = partner_id,
            .id = id,
            .revision = Revision::First(kNow),
            .title = "Terms",
            .text = std::string(20000, 'x') + "第一条",
            .text_sha256 = Sha256Hex("x"),
            .effective = {*Date::Parse(from), to}};
  }
  absl::StatusOr<Agreement> Create(const Agreement& agreement) {
    return Ask<Agreement>([&](mysql::Transaction& sql) { return store_.Create(sql, agreement); });
  }
  absl::Status Update(const Agreement& agreement) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, agreement); });
  }
  absl::StatusOr<Agreement> Get(std::string_view partner_id, std::string_view id) {
    return Ask<Agreement>([&](mysql::Transaction& sql) { return store_.Get(sql, partner_id, id); });
  }
  std::vector<std::string> Names(std::string_view partner_id, const std::string& filter) {
    std::vector<std::string> names;
    for (const Agreement& agreement : All<Agreement>(
             AgreementStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner_id, page); },
             [](const Agreement&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(agreement.partner_id, "/", agreement.id));
    }
    return names;
  }
  AgreementStore store_;
};

TEST_F(AgreementStoreTest, AnAgreementIsReadAsItWasWritten) {
  const Agreement agreement = Of("p-1", "main", "2012-02-29", *Date::Parse("2013-01-01"));
  ASSERT_OK(Create(agreement));
  auto read = Get("p-1", "main");
  ASSERT_OK(read);
  EXPECT_EQ(read->name(), "partners/p-1/agreements/main");
  EXPECT_EQ(read->revision, agreement.revision);
  EXPECT_EQ(read->state, AgreementState::kDraft);
  EXPECT_EQ(read->text, agreement.text);
  EXPECT_EQ(read->text_sha256, agreement.text_sha256);
  EXPECT_EQ(read->effective, agreement.effective);
  EXPECT_FALSE(read->signature.has_value());

  ASSERT_OK(Update(*Propose(*read, kNow)));
  ASSERT_OK(Update(*Sign(*Get("p-1", "main"), agreement.text_sha256, "user-7", kNow + absl::Microseconds(7))));
  read = Get("p-1", "main");
  ASSERT_OK(read);
  EXPECT_EQ(read->state, AgreementState::kSigned);
  ASSERT_TRUE(read->signature.has_value());
  EXPECT_EQ(read->signature->signer, "user-7");
  EXPECT_EQ(read->signature->sign_time, kNow + absl::Microseconds(7));
  EXPECT_EQ(read->signature->text_sha256, agreement.text_sha256);

  EXPECT_THAT(Get("p-2", "main"), HasReason(Reason::kNotFound));
  ASSERT_OK(Create(Of("p-2", "main")));
  EXPECT_EQ(Get("p-2", "main")->effective.end, OpenEnd());
}

TEST_F(AgreementStoreTest, AnIdIsGivenOnceUnlessItsImportWasUndone) {
  ASSERT_OK(Create(Of("p-1", "main")));
  EXPECT_THAT(Create(Of("p-1", "main")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(TakeBack(*Get("p-1", "main"), kNow)));
  const auto again = Create(Of("p-1", "main"));
  ASSERT_OK(again);
  EXPECT_EQ(again->revision.version, 3);
  EXPECT_EQ(Get("p-1", "main")->state, AgreementState::kDraft);
  EXPECT_FALSE(Get("p-1", "main")->undone);
}

TEST_F(AgreementStoreTest, ListsOfOnePartnerAndOfAll) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_OK(Create(Of("p-2", id)));
    ASSERT_OK(Create(Of("p-1", id, "2015-01-01")));
  }
  ASSERT_OK(Create(Of("p-3", "z", "2012-01-01", *Date::Parse("2013-01-01"))));
  EXPECT_THAT(Names("p-1", ""), ElementsAre("p-1/a", "p-1/b", "p-1/c"));
  EXPECT_THAT(Names("", ""), ElementsAre("p-1/a", "p-1/b", "p-1/c", "p-2/a", "p-2/b", "p-2/c", "p-3/z"));
  EXPECT_THAT(Names("", "effective_from >= 2014-01-01"), ElementsAre("p-1/a", "p-1/b", "p-1/c"));
  EXPECT_THAT(Names("", "effective_to <= 2013-01-01"), ElementsAre("p-3/z"));
  EXPECT_THAT(Names("", "state = DRAFT"), SizeIs(7));
  const auto of_partner =
      Ask<std::vector<Agreement>>([&](mysql::Transaction& sql) { return store_.OfPartner(sql, "p-2"); });
  ASSERT_OK(of_partner);
  EXPECT_THAT(*of_partner, SizeIs(3));
}

}  // namespace
}  // namespace tributary::partner
