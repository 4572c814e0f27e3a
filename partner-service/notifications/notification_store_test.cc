#include "partner-service/notifications/notification_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NotificationStoreTest : public StoreTest {
 protected:
  int64_t Create(const char* partner_id, NotificationTopic topic, std::optional<Date> due = {}) {
    return Ask<Notification>([&](mysql::Transaction& sql) {
             return store_.Create(sql, {.partner_id = partner_id,
                                        .topic = topic,
                                        .subject = "partners/p-1/agreements/a",
                                        .due = due,
                                        .create_time = kNow});
           })
        ->number;
  }
  std::vector<int64_t> Listed(std::string_view partner_id, const std::string& filter = "") {
    std::vector<int64_t> numbers;
    for (const Notification& notification : All<Notification>(
             NotificationStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner_id, page); },
             [](const Notification&last) {
               return std::vector{last.partner_id, StrCat(last.number)};
             })) {
      numbers.push_back(notification.number);
    }
    return numbers;
  }
  NotificationStore store_;
};

TEST_F(NotificationStoreTest, EachPartnerCountsItsOwn) {
  using T = NotificationTopic;
  EXPECT_EQ(Create("p-1", T::kAgreementProposed, *Date::Parse("2026-01-01")), 1);
  EXPECT_EQ(Create("p-2", T::kLeadOffered), 1);
  EXPECT_EQ(Create("p-1", T::kAgreementEnded), 2);
  EXPECT_EQ(Create("p-1", T::kLeadOffered), 3);
  EXPECT_THAT(Listed("p-1"), ElementsAre(3, 2, 1));
  EXPECT_THAT(Listed("p-2"), ElementsAre(1));
  EXPECT_THAT(Listed("p-3"), IsEmpty());
  EXPECT_THAT(Listed(""), ElementsAre(3, 2, 1, 1));
  EXPECT_THAT(Listed("p-1", "topic = LEAD_OFFERED"), ElementsAre(3));
  EXPECT_THAT(Listed("p-1", "due <= 2026-01-01"), ElementsAre(1));
  const auto get = [&](int64_t number) {
    return Ask<Notification>([&](mysql::Transaction& sql) { return store_.GetForUpdate(sql, "p-1", number); });
  };
  auto first = get(1);
  ASSERT_OK(first);
  EXPECT_EQ(first->topic, T::kAgreementProposed);
  EXPECT_EQ(first->subject, "partners/p-1/agreements/a");
  EXPECT_EQ(first->due, *Date::Parse("2026-01-01"));
  EXPECT_EQ(first->create_time, kNow);
  EXPECT_EQ(first->read_time, std::nullopt);
  EXPECT_THAT(get(4), HasReason(Reason::kNotFound));
  first->read_time = kNow + absl::Seconds(1);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.SetRead(sql, *first); }));
  EXPECT_EQ(get(1)->read_time, first->read_time);
  EXPECT_THAT(Listed("p-1", "NOT read_time:*"), ElementsAre(3, 2));
}

}  // namespace
}  // namespace tributary::partner
