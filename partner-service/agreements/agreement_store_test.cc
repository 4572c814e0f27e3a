#include "partner-service/agreements/agreement_store.h"

#include <gmock/gmock.h>

#include "common/digest/sha256.h"
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
  EXPECT_TRUE(read->signatures.empty());
  EXPECT_FALSE(read->terms.has_value());

  ASSERT_OK(Update(*Propose(*read, kNow)));
  ASSERT_OK(Update(*Sign(*Get("p-1", "main"), agreement.text_sha256, "user-7", AgreementSide::kPartner,
                         kNow + absl::Microseconds(7))));
  ASSERT_OK(Update(*Sign(*Get("p-1", "main"), agreement.text_sha256, "manager-1", AgreementSide::kVendor,
                         kNow + absl::Microseconds(9))));
  read = Get("p-1", "main");
  ASSERT_OK(read);
  EXPECT_EQ(read->state, AgreementState::kSigned);
  EXPECT_TRUE(read->binding);
  const Signature vendors{AgreementSide::kVendor, "manager-1", kNow + absl::Microseconds(9), agreement.text_sha256};
  const Signature partners{AgreementSide::kPartner, "user-7", kNow + absl::Microseconds(7), agreement.text_sha256};
  EXPECT_THAT(read->signatures, ElementsAre(vendors, partners));

  EXPECT_THAT(Get("p-2", "main"), HasReason(Reason::kNotFound));
  ASSERT_OK(Create(Of("p-2", "main")));
  EXPECT_EQ(Get("p-2", "main")->effective.end, OpenEnd());
}

TEST_F(AgreementStoreTest, TermsAreReadAsTheyWereWritten) {
  Agreement agreement = Of("p-1", "main", "2026-01-01", *Date::Parse("2027-01-01"));
  agreement.terms = AgreementTerms{.price_list = "priceLists/cn",
                                   .programs = {"programs/a", "programs/b"},
                                   .after_sales_duties = {"维修", "Spare parts."},
                                   .regions = {"regions/cn-50"},
                                   .product_lines = {"productLines/drives"},
                                   .exclusivity = Exclusivity::kHelper,
                                   .rights = {"Trade mark."},
                                   .breach = "b",
                                   .disputes = "d",
                                   .termination_notice_days = 90};
  agreement.text_template = AgreementTemplate::kCooperation1;
  agreement.language = AgreementLanguage::kChinese;
  agreement.party = "江南精工";
  agreement.both_sign = true;
  agreement.renewal_notice_days = 60;
  agreement.predecessor = "before";
  agreement.successor = "after";
  agreement.termination_reason = "why";
  ASSERT_OK(Create(agreement));
  const auto read = Get("p-1", "main");
  ASSERT_OK(read);
  EXPECT_EQ(read->terms, agreement.terms);
  EXPECT_EQ(read->text_template, AgreementTemplate::kCooperation1);
  EXPECT_EQ(read->language, AgreementLanguage::kChinese);
  EXPECT_EQ(read->party, agreement.party);
  EXPECT_TRUE(read->both_sign);
  EXPECT_EQ(read->renewal_notice_days, 60);
  EXPECT_EQ(read->predecessor, "before");
  EXPECT_EQ(read->successor, "after");
  EXPECT_EQ(read->termination_reason, "why");
  agreement.terms->exclusivity.reset();
  agreement.id = "other";
  ASSERT_OK(Create(agreement));
  EXPECT_EQ(Get("p-1", "other")->terms, agreement.terms);
  EXPECT_THAT(Names("p-1", "price_list = \"priceLists/cn\""), SizeIs(2));
  EXPECT_THAT(Names("p-1", "predecessor = \"partners/p-1/agreements/before\""), SizeIs(2));
  EXPECT_THAT(Names("p-1", "NOT predecessor:*"), SizeIs(0));
}

TEST_F(AgreementStoreTest, EveryChangeIsARevision) {
  const Agreement draft = Of("p-1", "main");
  ASSERT_OK(Create(draft));
  ASSERT_OK(Update(*Propose(draft, kNow)));  // at the same moment by the clock
  const auto revision = [&](int64_t version) {
    return Ask<Agreement>([&](mysql::Transaction& sql) { return store_.GetRevision(sql, "p-1", "main", version); });
  };
  EXPECT_EQ(revision(1)->state, AgreementState::kDraft);
  EXPECT_EQ(revision(2)->state, AgreementState::kProposed);
  EXPECT_EQ(revision(2)->revision.update_time, kNow + absl::Microseconds(1));
  EXPECT_THAT(revision(3), HasReason(Reason::kNotFound));
  const auto revisions = All<Agreement>(
      {}, 1, "",
      [&](mysql::Transaction& sql, const Page& page) { return store_.ListRevisions(sql, "p-1", "main", page); },
      [](const Agreement& last) { return std::vector{StrCat(last.revision.version)}; });
  ASSERT_THAT(revisions, SizeIs(2));
  EXPECT_EQ(revisions[1].state, AgreementState::kProposed);
}

TEST_F(AgreementStoreTest, DueNoticesAreThoseOfTodayAndBefore) {
  Agreement agreement = Of("p-1", "main", "2022-01-01", *Date::Parse("2023-11-15"));  // kNow is 2023-11-14
  agreement.state = AgreementState::kSigned;
  agreement.binding = true;
  agreement.renewal_notice_days = 30;
  ASSERT_OK(Create(agreement));
  ASSERT_OK(Create(Of("p-1", "open")));
  const auto due = [&](absl::Time now) {
    return *Ask<std::vector<std::pair<std::string, std::string>>>(
        [&](mysql::Transaction& sql) { return store_.WithDueNotice(sql, now, 10); });
  };
  EXPECT_THAT(due(kNow), ElementsAre(std::pair("p-1", "main")));
  EXPECT_THAT(due(kNow - absl::Hours(24 * 30)), SizeIs(0));
  agreement.told = AgreementNotice::kRenewalDue;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.UpdateTold(sql, agreement); }));
  EXPECT_EQ(Get("p-1", "main")->told, AgreementNotice::kRenewalDue);
  EXPECT_EQ(Get("p-1", "main")->revision, agreement.revision);
  EXPECT_THAT(due(kNow), SizeIs(0));
  EXPECT_THAT(due(kNow + absl::Hours(24)), SizeIs(1));
  agreement.told = AgreementNotice::kEnded;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.UpdateTold(sql, agreement); }));
  EXPECT_THAT(due(kNow + absl::Hours(24)), SizeIs(0));
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
