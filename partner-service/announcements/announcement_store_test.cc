#include "partner-service/announcements/announcement_store.h"

#include <gmock/gmock.h>

#include <random>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AnnouncementStoreTest : public StoreTest {
 protected:
  static Announcement Of(std::string id, Audience audience = {}) {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .audience = std::move(audience),
            .texts = {{"zh-CN", "价格", "变更"}, {"en", "Prices", "They change."}}};
  }
  // Published `seconds` after kNow.
  void Published(const std::string& id, int seconds, const Audience& audience = {}) {
    const Announcement draft = Of(id, audience);
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.Create(sql, draft));
      return store_.Update(sql, *Publish(draft, kNow + absl::Seconds(seconds)));
    }));
  }
  std::vector<std::string> IdsFor(const Listener& listener, int size = 2) {
    std::vector<std::string> ids;
    for (const Announcement& announcement : All<Announcement>(
             {}, size, "", [&](mysql::Transaction&sql, const Page&page) { return store_.ListFor(sql, listener, page); },
             AnnouncementStore::PositionOf)) {
      EXPECT_EQ(announcement.audience, Audience());
      EXPECT_THAT(announcement.texts, SizeIs(2));
      ids.push_back(announcement.id);
    }
    return ids;
  }
  AnnouncementStore store_;
};

TEST_F(AnnouncementStoreTest, ReadAsItWasWritten) {
  const Announcement draft =
      Of("a-1", {.channels = {"channels/c"}, .regions = {"regions/x", "regions/y"}, .partners = {"partners/p"}});
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Create(sql, draft); }));
  const auto get = [&](const char* id) {
    return Ask<Announcement>([&](mysql::Transaction& sql) { return store_.GetForUpdate(sql, id); });
  };
  const auto read = get("a-1");
  ASSERT_OK(read);
  EXPECT_EQ(read->revision, draft.revision);
  EXPECT_EQ(read->audience, draft.audience);
  EXPECT_EQ(read->texts, draft.texts);
  EXPECT_EQ(read->state, AnnouncementState::kDraft);
  EXPECT_EQ(read->publish_time, absl::Time());
  EXPECT_THAT(get("a-2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Create(sql, draft); }),
              HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, *Publish(draft, kNow)); }));
  EXPECT_EQ(get("a-1")->publish_time, kNow);
}

TEST_F(AnnouncementStoreTest, TheLatestPublishedComeFirstAndTheOthersNotAtAll) {
  Published("a", 1);
  Published("c", 2);
  Published("b", 2);
  Published("d", 3);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Create(sql, Of("draft")); }));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Announcement read, store_.GetForUpdate(sql, "d"));
    return store_.Update(sql, *Withdraw(read, kNow));
  }));
  for (const int size : {1, 2, 3, 50}) {
    EXPECT_THAT(IdsFor({"partners/p", "", {}}, size), ElementsAre("b", "c", "a")) << size;
  }
}

// The database picks what the decision does.
TEST_F(AnnouncementStoreTest, ListsAreForWhomTheDecisionSays) {
  std::mt19937 random(7);
  const auto some = [&random](const std::string& prefix, int least) {
    std::vector<std::string> names;
    for (int i = 0; i < 4; ++i) {
      if (random() % 3 == 0) names.push_back(StrCat(prefix, i));
    }
    if (static_cast<int>(names.size()) < least) names.push_back(StrCat(prefix, 0));
    return names;
  };
  std::vector<Announcement> all;
  for (int i = 0; i < 60; ++i) {
    const Audience audience{some("channels/", 0), some("regions/", 0), some("partners/", 0)};
    all.push_back(Of(StrCat("a-", 100 + i), audience));
    Published(all.back().id, 0, audience);
  }
  size_t shown = 0;
  for (int i = 0; i < 30; ++i) {
    const Listener listener{some("partners/", 1)[0], random() % 4 == 0 ? "" : some("channels/", 1)[0],
                            some("regions/", 0)};
    std::vector<std::string> want;
    for (const Announcement& announcement : all) {
      if (IsFor(announcement.audience, listener)) want.push_back(announcement.id);
    }
    EXPECT_EQ(IdsFor(listener, 7), want);
    shown += want.size();
  }
  EXPECT_GT(shown, 30u);
}

TEST_F(AnnouncementStoreTest, AReceiptIsKeptOnce) {
  Published("a", 1);
  const auto acknowledge = [&](const char* partner, const char* principal, absl::Time time) {
    return Ask<Receipt>([&](mysql::Transaction& sql) {
             return store_.Acknowledge(sql, {"a", partner, principal, time});
           })
        ->acknowledge_time;
  };
  const absl::Time later = kNow + absl::Seconds(9);
  EXPECT_EQ(acknowledge("p-2", "u", kNow), kNow);
  EXPECT_EQ(acknowledge("p-2", "u", later), kNow);
  EXPECT_EQ(acknowledge("p-1", "v", later), later);
  EXPECT_EQ(acknowledge("p-1", "u", later), later);
  std::vector<std::string> listed;
  for (const Receipt& receipt : All<Receipt>(
           {}, 1, "", [&](mysql::Transaction&sql, const Page&page) { return store_.ListReceipts(sql, "a", page); },
           [](const Receipt&last) {
             return std::vector{last.partner_id, last.principal};
           })) {
    listed.push_back(StrCat(receipt.partner_id, " ", receipt.principal));
  }
  EXPECT_THAT(listed, ElementsAre("p-1 u", "p-1 v", "p-2 u"));
  const auto by = [&](const char* partner, const char* principal) {
    return *Ask<std::map<std::string, absl::Time>>([&](mysql::Transaction& sql) {
      return store_.AcknowledgedBy(sql, {Of("a"), Of("b")}, partner, principal);
    });
  };
  EXPECT_THAT(by("p-2", "u"), ElementsAre(std::pair("a", kNow)));
  EXPECT_THAT(by("p-2", "v"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
