#include "partner-service/contacts/contact_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/access_records/access_record_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class ContactStoreTest : public StoreTest {
 protected:
  Contact Of(std::string partner, std::string id, ContactFunction function = ContactFunction::kSales) {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "收货窗口",
            .function = function,
            .email = "goods@example.com",
            .phone = "+8613800138000"};
  }
  absl::Status Create(const Contact& contact) {
    return Do([&](mysql::Transaction& sql) { return contacts_.Create(sql, contact); });
  }
  absl::StatusOr<Contact> Get(std::string_view partner, std::string_view id) {
    return Ask<Contact>([&](mysql::Transaction& sql) { return contacts_.Get(sql, partner, id); });
  }
  ContactStore contacts_;
  AccessRecordStore records_;
};

TEST_F(ContactStoreTest, IsReadAsItWasWrittenChangedAndDeleted) {
  ASSERT_OK(Create(Of("p-1", "c-1")));
  EXPECT_THAT(Create(Of("p-1", "c-1")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(Contact read, Get("p-1", "c-1"));
  EXPECT_EQ(read.name(), "partners/p-1/contacts/c-1");
  EXPECT_EQ(read.display_name, "收货窗口");
  EXPECT_EQ(read.function, ContactFunction::kSales);
  EXPECT_EQ(read.email, "goods@example.com");
  EXPECT_EQ(read.phone, "+8613800138000");
  read.email = "";
  read.revision = read.revision.Next(kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return contacts_.Update(sql, read); }));
  EXPECT_EQ(Get("p-1", "c-1")->email, "");
  EXPECT_EQ(Get("p-1", "c-1")->revision, read.revision);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return contacts_.Delete(sql, read); }));
  EXPECT_THAT(Get("p-1", "c-1"), HasReason(Reason::kNotFound));
}

TEST_F(ContactStoreTest, ListsOfOnePartnerAndOfAll) {
  for (const char* partner : {"p-1", "p-2"}) {
    ASSERT_OK(Create(Of(partner, "a")));
    ASSERT_OK(Create(Of(partner, "b", ContactFunction::kAccounting)));
  }
  const auto names = [&](std::string_view partner, const std::string& filter) {
    std::vector<std::string> names;
    for (const Contact& contact : All<Contact>(
             ContactStore::Fields(), 1, filter,
             [&](mysql::Transaction&sql, const Page&page) { return contacts_.List(sql, partner, page); },
             [](const Contact&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(contact.partner_id, "/", contact.id));
    }
    return names;
  };
  EXPECT_THAT(names("p-2", ""), ElementsAre("p-2/a", "p-2/b"));
  EXPECT_THAT(names("", "function = ACCOUNTING"), ElementsAre("p-1/b", "p-2/b"));
  // What is masked cannot be felt for.
  EXPECT_THAT(PageOf(ContactStore::Fields(), {10, "", "email = \"goods@example.com\""}).status(),
              HasReason(Reason::kFilterInvalid));
}

TEST_F(ContactStoreTest, RecordsStayInTheOrderOfTime) {
  const std::string name = "partners/p-1/contacts/c-1";
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) {
      return records_.Add(sql,
                          RecordOf(i == 3 ? AccessAction::kRevealed : AccessAction::kUpdated, name, StrCat("user-", i),
                                   kNow + absl::Seconds(i), {"email", "phone"}, i == 3 ? "A parcel" : ""));
    }));
  }
  const auto all = [&](std::string_view partner, const std::string& filter) {
    return All<AccessRecord>(
        AccessRecordStore::Fields(), 2, filter,
        [&](mysql::Transaction& sql, const Page& page) { return records_.List(sql, partner, page); },
        [](const AccessRecord& last) {
          return std::vector{last.partner_id, last.id.ToString()};
        });
  };
  const std::vector<AccessRecord> records = all("p-1", "");
  ASSERT_THAT(records, SizeIs(5));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(records[i].principal, StrCat("user-", i));
  EXPECT_EQ(records[3].action, AccessAction::kRevealed);
  EXPECT_EQ(records[3].purpose, "A parcel");
  EXPECT_THAT(records[3].fields, ElementsAre("email", "phone"));
  EXPECT_EQ(records[3].create_time, kNow + absl::Seconds(3));
  EXPECT_THAT(all("p-1", "action = REVEALED"), SizeIs(1));
  EXPECT_THAT(all("", "principal = \"user-1\""), SizeIs(1));
  EXPECT_THAT(all("p-2", ""), SizeIs(0));
}

}  // namespace
}  // namespace tributary::partner
